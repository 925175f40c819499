//! The CloudEvents 1.0 envelope: parsed once, at the edge, into types that can't be wrong.

use std::{
    collections::BTreeMap,
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use serde_json::{Map, Value as Json};

use crate::{
    event::{
        binary,
        catalog::{EventType, SubjectKind},
        fields::Fields,
        origin::Origin,
        shape::{EventRecorder, FieldType},
    },
    kernel::{
        digest::Digest,
        ids::{EventId, LeadId, Symbol, UserId},
        json::{self, LongString},
        malformed::Malformed,
        timestamp::Timestamp,
    },
};

/// Whom an event is about; its text is the ordering key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    User(UserId),
    Lead(LeadId),
    Symbol(Symbol),
}

impl Subject {
    /// None where it isn't a customer.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Subject::User(id) => Some(*id),
            Subject::Lead(_) | Subject::Symbol(_) => None,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::User(id) => id.fmt(f),
            Subject::Lead(id) => id.fmt(f),
            Subject::Symbol(symbol) => symbol.fmt(f),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Envelope {
    pub id: EventId,
    pub source: String,
    pub event_type: EventType,
    pub subject: Subject,
    /// When the fact happened, by its source.
    pub time: Timestamp,
    /// Of the whole story that this event belongs to.
    pub correlation_id: Option<String>,
    pub traceparent: Option<String>,
    pub digest: Digest,
    /// Where it was published.
    pub origin: Origin,
    data: Map<String, Json>,
    /// Only while the contract of the event is made.
    specs: Option<Arc<EventRecorder>>,
}

/// The texts of operators, of the type that has one: more than its reader takes, which can say whose event it is.
const LONG: (EventType, &str, LongString) =
    (EventType::NoteAdded, "text", LongString { path: "data.text", max_chars: 8_000 });

/// Reads a JSON object with the texts that events have, and `data` where they have it.
pub fn parse_texts(bytes: &[u8]) -> Result<Map<String, Json>, Malformed> {
    json::parse_object_within(bytes, json::MAX_BYTES, &[LONG.2])
}

impl Envelope {
    /// Reads the data of a message that was published there.
    pub fn parse(bytes: &[u8], origin: Origin) -> Result<Envelope, (Malformed, PartialEnvelope)> {
        let parsed = parse_texts(bytes);
        let map = parsed.map_err(|malformed| (malformed, PartialEnvelope::default()))?;
        Envelope::read(&map, origin, None).map_err(|malformed| (malformed, PartialEnvelope::of(&map)))
    }

    /// The same of a message in the binary mode of CloudEvents: the envelope's fields are attributes, the data is the message's.
    pub fn parse_binary(
        attributes: &BTreeMap<String, String>,
        data: &[u8],
        origin: Origin,
    ) -> Result<Envelope, (Malformed, PartialEnvelope)> {
        let mut map: Map<_, _> =
            binary::envelope_of(attributes).map(|(name, text)| (name.to_owned(), binary::value(name, text))).collect();
        let read = binary::refuse_long(attributes).and_then(|()| {
            if !data.is_empty() {
                map.insert("data".to_owned(), json::parse_data(data, &[LONG.2])?);
            }
            Envelope::read(&map, origin, None)
        });
        read.map_err(|malformed| (malformed, PartialEnvelope::of(&map)))
    }

    /// The same, and all that is asked on the way, here and of the data later, is written down.
    pub(crate) fn asked(map: &Map<String, Json>, specs: Arc<EventRecorder>) -> Result<Envelope, Malformed> {
        Envelope::read(map, Origin::Anywhere, Some(specs))
    }

    fn read(map: &Map<String, Json>, origin: Origin, specs: Option<Arc<EventRecorder>>) -> Result<Envelope, Malformed> {
        let fields = Fields::new("", map).recording(specs.as_ref().map(|specs| &specs.envelope));
        fields.record("specversion", || FieldType::Words(vec!["1.0"]));
        if fields.string("specversion")? != "1.0" {
            return Err(fields.refuse("specversion", "not 1.0"));
        }
        let id = fields.id("id")?;
        let source = fields.string("source")?.to_owned();
        let event_type =
            EventType::from_name(fields.string("type")?).ok_or_else(|| fields.refuse("type", "unknown"))?;
        if let Some(refusal) = origin.refusal(event_type) {
            return Err(fields.refuse("type", refusal));
        }
        let subject = read_subject(&fields, event_type.subject_kind())?;
        let time = fields.timestamp("time")?;
        let optional = |name| Ok(fields.optional_string(name)?.map(str::to_owned));
        let (correlation_id, traceparent) = (optional("correlationid")?, optional("traceparent")?);
        fields.optional_string("causationid")?;
        fields.data_version()?;
        fields.record("data", || FieldType::Object);
        let data = fields.optional_map("data")?.cloned().unwrap_or_default();
        refuse_long(event_type, &data)?;
        let digest = Digest::of(event_type.name(), &subject.to_string(), &data);
        Ok(Envelope { id, source, event_type, subject, time, correlation_id, traceparent, digest, origin, data, specs })
    }

    /// Whether it can have happened when it was received. Hosts' clocks differ by less than what is allowed.
    pub fn not_ahead_of(&self, received: Timestamp) -> Result<(), Malformed> {
        if self.time.is_in_the_future(received) {
            return Err(Malformed::new("time", "in the future"));
        }
        Ok(())
    }

    /// What the event carries.
    pub fn data(&self) -> Fields<'_> {
        Fields::new("data", &self.data).recording(self.specs.as_ref().map(|specs| &specs.data))
    }

    /// The customer that the event is about.
    ///
    /// # Panics
    /// If the event's type has another subject: the catalogue says which, and a function's tests deliver each type it hears.
    pub fn user(&self) -> UserId {
        self.subject.user().unwrap_or_else(|| panic!("{} is not about a customer", self.event_type))
    }

    /// The traded symbol that the event is about.
    ///
    /// # Panics
    /// If the event's type has another subject, as above.
    pub fn symbol(&self) -> &Symbol {
        match &self.subject {
            Subject::Symbol(symbol) => symbol,
            Subject::User(_) | Subject::Lead(_) => panic!("{} is not about a symbol", self.event_type),
        }
    }
}

/// The digest stands for type, subject and data: two envelopes with one id and one digest say the same thing.
impl PartialEq for Envelope {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for Envelope {}

impl Hash for Envelope {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.identity().hash(state);
    }
}

impl Envelope {
    fn identity(&self) -> (EventId, &str, &Digest, Timestamp, &Option<String>, &Option<String>) {
        (self.id, &self.source, &self.digest, self.time, &self.correlation_id, &self.traceparent)
    }
}

/// Of a type that declares no longer text.
fn refuse_long(event_type: EventType, data: &Map<String, Json>) -> Result<(), Malformed> {
    let (declares_it, field, LongString { path, .. }) = LONG;
    let chars = data.get(field).and_then(Json::as_str).map_or(0, |text| text.chars().count());
    if event_type != declares_it && chars > json::MAX_STRING_CHARS {
        return Err(Malformed::new(path, format_args!("longer than {} characters", json::MAX_STRING_CHARS)));
    }
    Ok(())
}

fn read_subject(fields: &Fields<'_>, kind: SubjectKind) -> Result<Subject, Malformed> {
    Ok(match kind {
        SubjectKind::User => Subject::User(fields.id("subject")?),
        SubjectKind::Lead => Subject::Lead(fields.id("subject")?),
        SubjectKind::Symbol => Subject::Symbol(fields.id("subject")?),
    })
}

/// What can be made out of an event that is malformed: a dead letter that says whose it is, is found sooner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PartialEnvelope {
    pub event_id: Option<EventId>,
    pub event_type: Option<EventType>,
    pub subject: Option<Subject>,
}

impl PartialEnvelope {
    fn of(map: &Map<String, Json>) -> PartialEnvelope {
        let fields = Fields::new("", map);
        let event_type = fields.string("type").ok().and_then(EventType::from_name);
        PartialEnvelope {
            event_id: fields.id("id").ok(),
            event_type,
            subject: event_type.and_then(|known| read_subject(&fields, known.subject_kind()).ok()),
        }
    }
}

impl From<&Envelope> for PartialEnvelope {
    fn from(envelope: &Envelope) -> PartialEnvelope {
        PartialEnvelope {
            event_id: Some(envelope.id),
            event_type: Some(envelope.event_type),
            subject: Some(envelope.subject.clone()),
        }
    }
}

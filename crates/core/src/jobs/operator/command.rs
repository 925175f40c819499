//! A command as its body says it.

use serde_json::{Map, Value as Json};

use super::publication::Prepared;
use crate::{
    domain::approvals::{
        documents::approval::Asked,
        facts::{Matter, People, people_behind},
    },
    event::{catalog::EventType, envelope::parse_texts, fields::Fields},
    kernel::{ids::EventId, malformed::Malformed, operator::Operator, timestamp::Timestamp},
};

#[derive(Clone, Debug)]
pub(super) struct Command {
    pub(super) id: EventId,
    pub(super) people: People,
    /// With the operator in its data, and without an approver.
    pub(super) asked: Asked,
    /// What is published of it: by one person as it is, by two with the approver in it.
    pub(super) prepared: Prepared,
}

/// Instead of the approver while there is none. It has spaces, so it is nobody's address.
const NOBODY_YET: &str = "nobody, as long as it waits for approval";

pub(super) const OPERATOR: &str = "operator";
pub(super) const APPROVED_BY: &str = "approvedBy";

impl Command {
    pub(super) fn read(body: &[u8], by: &Operator, now: Timestamp) -> Result<Command, Malformed> {
        let map = parse_texts(body)?;
        let fields = Fields::new("", &map);
        let id: EventId = fields.id("id")?;
        let event_type =
            EventType::from_name(fields.string("type")?).ok_or_else(|| fields.refuse("type", "unknown"))?;
        let subject = fields.string("subject")?.to_owned();
        let data = signed(fields.optional_map("data")?.cloned().unwrap_or_default(), by)?;
        let people = people_behind(event_type);
        let asked = Asked { matter: Matter::Command(event_type), subject, data };
        let said = match people {
            People::One => asked.data.clone(),
            People::Two => approved(&asked.data, NOBODY_YET),
        };
        let prepared = Prepared::read(id, event_type, &asked.subject, &said, now)?;
        Ok(Command { id, people, asked, prepared })
    }
}

/// The data in the name of whoever sends it. Nobody speaks for somebody else, and nobody approves by asking.
pub(super) fn signed(mut data: Map<String, Json>, by: &Operator) -> Result<Map<String, Json>, Malformed> {
    let fields = Fields::new("data", &data);
    if fields.optional_string(OPERATOR)?.is_some_and(|named| !by.is(named)) {
        return Err(fields.refuse(OPERATOR, "not the one whose token it is"));
    }
    if data.contains_key(APPROVED_BY) {
        return Err(fields.refuse(APPROVED_BY, "comes from an approval alone"));
    }
    data.insert(OPERATOR.to_owned(), by.email.as_str().into());
    Ok(data)
}

pub(super) fn approved(data: &Map<String, Json>, by: &str) -> Map<String, Json> {
    let mut data = data.clone();
    data.insert(APPROVED_BY.to_owned(), by.into());
    data
}

/// Of a body that can't be read it doesn't matter: nothing is done.
pub(super) fn needs_two_people(body: &[u8]) -> bool {
    let event_type = parse_texts(body).ok().and_then(|map| EventType::from_name(map.get("type")?.as_str()?));
    event_type.is_some_and(|known| people_behind(known) == People::Two)
}

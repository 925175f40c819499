//! Dead letters: what could not be handled, kept whole for an operator.

use std::collections::BTreeMap;

use crate::{
    event::{
        binary::{is_binary, of_the_mode},
        catalog::EventType,
        envelope::PartialEnvelope,
        outbox::CONTENT_TYPE,
    },
    kernel::{names::names, timestamp::Timestamp},
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        query::{Comparison, Filter},
        value::{Map, Value, map},
        write::Write,
    },
};

names! {
    /// What an operator has done with it.
    Status {
        Open = "OPEN",
        Replayed = "REPLAYED",
        Discarded = "DISCARDED",
    }
}

names! {
    Kind {
        Malformed = "MALFORMED",
        Conflict = "CONFLICT",
        Refused = "REFUSED",
        Awaited = "AWAITED",
        Crashed = "CRASHED",
        Exhausted = "EXHAUSTED",
    }
}

pub const COLLECTION: &str = "dead_letters";

/// A larger body is cut: a Firestore document holds 1 MiB.
pub const MAX_BODY_BYTES: usize = 512 * 1024;

/// Pub/Sub's own limits of attributes.
const MAX_ATTRIBUTES: usize = 100;
const MAX_NAME_BYTES: usize = 256;
const MAX_TEXT_BYTES: usize = 1024;

/// Then the database deletes it: its body may be personal. Far longer than any replay of it may be on its way.
pub const DAYS_KEPT_AFTER_CLOSING: u32 = 90;

/// Why a message becomes a letter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cause {
    pub kind: Kind,
    pub reason: String,
    pub awaits: Option<DocumentPath>,
}

impl Cause {
    pub fn new(kind: Kind, reason: String) -> Cause {
        Cause { kind, reason, awaits: None }
    }

    pub fn awaits(path: DocumentPath) -> Cause {
        Cause { kind: Kind::Awaited, reason: format!("awaits {path}"), awaits: Some(path) }
    }
}

/// The content of a message, of which the host may have kept no more than the beginning.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    pub body: &'a [u8],
    pub dropped_bytes: u32,
    pub attributes: &'a BTreeMap<String, String>,
}

/// A new letter's fields. A letter that is already there is never written again, so a redelivery doesn't reset it.
pub fn fields(
    consumer: &str,
    cause: &Cause,
    partial_envelope: &PartialEnvelope,
    content: &Content<'_>,
    received_at: Timestamp,
) -> Map {
    let body = content.body;
    let kept = &body[..body.len().min(MAX_BODY_BYTES)];
    let body_bytes = i64::try_from(body.len()).unwrap_or(i64::MAX).saturating_add(content.dropped_bytes.into());
    let mut fields = map([
        ("consumer", consumer.into()),
        ("kind", cause.kind.name().into()),
        ("status", Status::Open.name().into()),
        ("reason", cause.reason.as_str().into()),
        ("body", kept.to_vec().into()),
        ("bodyBytes", body_bytes.into()),
        ("truncated", (kept.len() < body.len() || content.dropped_bytes > 0).into()),
        ("receivedAt", received_at.into()),
        ("replays", Value::Int(0)),
    ]);
    if !content.attributes.is_empty() {
        fields.insert("attributes".to_owned(), Value::Map(kept_attributes(content.attributes)));
    }
    let awaits = cause.awaits.as_ref().map(|path| ("awaits", path.to_string()));
    for (name, text) in known(partial_envelope).chain(awaits) {
        fields.insert(name.to_owned(), Value::String(text));
    }
    fields
}

/// Those that Pub/Sub takes and Firestore has names for: a letter that couldn't be stored would come back for ever.
fn kept_attributes(attributes: &BTreeMap<String, String>) -> Map {
    let is_reserved = |name: &str| name.len() >= 4 && name.starts_with("__") && name.ends_with("__");
    let fits = |name: &str, text: &str| (1..=MAX_NAME_BYTES).contains(&name.len()) && text.len() <= MAX_TEXT_BYTES;
    let kept = attributes.iter().filter(|(name, text)| fits(name, text) && !is_reserved(name));
    kept.take(MAX_ATTRIBUTES).map(|(name, text)| (name.clone(), Value::String(text.clone()))).collect()
}

/// The letters that wait for a document. Equalities alone: they are answered from the indexes that every field has by itself.
pub fn open_and_awaiting() -> Vec<Filter> {
    vec![
        Filter::new("kind", Comparison::Equal, Kind::Awaited.name()),
        Filter::new("status", Comparison::Equal, Status::Open.name()),
    ]
}

/// The attributes of a letter that is published once more: whose replay it is, and its number, by which a replay that is delivered
/// twice is counted once; and those that the message can't be read without. The others told how it came.
pub fn replay_attributes(
    letter: &DocumentPath,
    consumer: &str,
    number: i64,
    event_type: Option<&str>,
    came_with: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut kept = if is_binary(came_with) {
        of_the_mode(came_with)
    } else {
        BTreeMap::from([("content-type".to_owned(), CONTENT_TYPE.to_owned())])
    };
    let number = number.to_string();
    let attributes = [("replayOf", letter.id()), ("replayFor", consumer), ("replayNumber", &number)];
    let event_type = event_type.map(|event_type| ("type", event_type));
    kept.extend(attributes.into_iter().chain(event_type).map(|(name, value)| (name.to_owned(), value.to_owned())));
    kept
}

/// Whose event it is, as far as that could be read.
fn known(partial_envelope: &PartialEnvelope) -> impl Iterator<Item = (&'static str, String)> {
    let texts = [
        ("eventId", partial_envelope.event_id.map(|id| id.to_string())),
        ("type", partial_envelope.event_type.map(|known| known.name().to_owned())),
        ("subject", partial_envelope.subject.as_ref().map(ToString::to_string)),
    ];
    texts.into_iter().filter_map(|(name, text)| Some((name, text?)))
}

/// Whether its event says that money has moved, or can't be read and may say so.
pub fn is_about_money(letter: &Document) -> Result<bool, Unreadable> {
    let event_type = letter.optional_string("type")?.and_then(EventType::from_name);
    Ok(event_type.is_none_or(EventType::is_fact_about_money))
}

/// Closed by operators without being handled.
pub fn discarded(path: DocumentPath, by: &Discarding<'_>, now: Timestamp) -> Write {
    let write = Write::to(path)
        .set("status", Status::Discarded.name())
        .set("discardedBy", by.operator)
        .set("expireAt", now.plus_days(DAYS_KEPT_AFTER_CLOSING));
    let texts = [("discardReason", by.reason), ("approvedBy", by.approved_by)];
    texts.into_iter().fold(write, |write, (name, text)| match text {
        Some(text) => write.set(name, text),
        None => write,
    })
}

/// Who closes a letter, and why.
#[derive(Clone, Copy, Debug)]
pub struct Discarding<'a> {
    pub operator: &'a str,
    pub reason: Option<&'a str>,
    /// The second person, where there is one.
    pub approved_by: Option<&'a str>,
}

/// Whether a replay of it was settled, and nothing has come back since.
pub fn is_replayed(letter: &Document) -> Result<bool, Unreadable> {
    Ok(letter.word("status", Status::from_name)? == Status::Replayed)
}

/// Whether this replay of it came back for an operator: its attempts ran out, or it was too late. It then takes another
/// replay.
pub fn is_left(letter: &Document, number: Option<i64>) -> Result<bool, Unreadable> {
    let replays = letter.int("replays")?;
    Ok(letter.word("kind", Kind::from_name)? == Kind::Exhausted && number.is_some_and(|number| number <= replays))
}

/// What a replay does to its letter, or None where the letter stays as it is. `filed_again` is why the replay came to a letter
/// once more; without a cause it is done with.
///
/// | the letter is | the replay is | done with | filed again |
/// |---|---|---|---|
/// | OPEN or DISCARDED | new | REPLAYED | OPEN, for the new cause |
/// | OPEN or DISCARDED | counted | - | as below |
/// | REPLAYED | new | - | OPEN, for the new cause |
/// | REPLAYED | counted | - | OPEN, for the new cause |
///
/// `number` is the replay's, from 1: the letter has counted it once `replays` is as high. Without a number a redelivery can't be
/// told from another replay, so it is new each time.
///
/// Several deliveries of one replay may be in hand at once, and any of them may have stopped before it published. So the letter
/// stays open, or is opened again, as soon as one of them has filed it: filing acks the message, and nothing else would publish.
///
/// A letter that has counted this replay and is still open keeps the cause that came first, except when the replay broke its instance
/// after that: it may have been applied and not published, and a letter that says REFUSED or AWAITED would hide that from operators.
///
/// A letter that was filed unread learns whose event it is: the clock replays by subject.
pub fn after_replay(
    path: DocumentPath,
    letter: &Document,
    number: Option<i64>,
    filed_again: Option<&Cause>,
    partial_envelope: &PartialEnvelope,
    now: Timestamp,
) -> Result<Option<Write>, Unreadable> {
    let is_replayed = is_replayed(letter)?;
    let replays = letter.int("replays")?;
    let is_counted = number.is_some_and(|number| number <= replays);
    let kind = letter.word("kind", Kind::from_name)?;
    let write = Write::to(path).set("replays", number.unwrap_or(replays + 1).max(replays));
    Ok(match filed_again {
        None if is_replayed || is_counted => None,
        None => {
            Some(write.set("status", Status::Replayed.name()).set("expireAt", now.plus_days(DAYS_KEPT_AFTER_CLOSING)))
        }
        Some(cause) if is_counted && !is_replayed && !breaks_after(cause, kind) => None,
        Some(cause) => Some(
            known(partial_envelope)
                .filter(|(name, _)| !letter.fields.contains_key(*name))
                .fold(write, |write, (name, text)| write.set(name, text))
                .set("status", Status::Open.name())
                .set("kind", cause.kind.name())
                .set("reason", cause.reason.as_str())
                .set_or_clear("awaits", cause.awaits.as_ref().map(ToString::to_string))
                .set_or_clear("expireAt", None::<Timestamp>),
        ),
    })
}

/// A replay that was left to an operator for good stays so: by that it is known when it comes again.
fn breaks_after(cause: &Cause, kind: Kind) -> bool {
    cause.kind == Kind::Crashed && !matches!(kind, Kind::Crashed | Kind::Exhausted)
}

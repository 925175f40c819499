//! Dead letters: what could not be handled, kept whole for an operator.

use crate::{
    document::DocumentPath,
    envelope::Glimpse,
    names::names,
    timestamp::Timestamp,
    value::{Map, Value, map},
};

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

/// A larger body is cut: a Firestore document holds 1 MiB.
pub const MAX_BODY_BYTES: usize = 512 * 1024;

/// Why a message becomes a letter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cause {
    pub kind: Kind,
    pub reason: String,
    pub awaits: Option<DocumentPath>,
}

/// A new letter's fields. A letter that is already there is never written again, so a redelivery doesn't reset it.
pub fn fields(consumer: &str, cause: &Cause, glimpse: &Glimpse, body: &[u8], received_at: Timestamp) -> Map {
    let kept = &body[..body.len().min(MAX_BODY_BYTES)];
    let mut fields = map([
        ("consumer", consumer.into()),
        ("kind", cause.kind.name().into()),
        ("status", "OPEN".into()),
        ("reason", cause.reason.as_str().into()),
        ("body", kept.to_vec().into()),
        ("bodyBytes", i64::try_from(body.len()).unwrap_or(i64::MAX).into()),
        ("truncated", (kept.len() < body.len()).into()),
        ("receivedAt", received_at.into()),
        ("replays", Value::Int(0)),
    ]);
    let optional = [
        ("eventId", glimpse.event_id.map(|id| id.to_string())),
        ("type", glimpse.event_type.map(|known| known.name().to_owned())),
        ("subject", glimpse.subject.as_ref().map(ToString::to_string)),
        ("awaits", cause.awaits.as_ref().map(ToString::to_string)),
    ];
    for (name, text) in optional {
        fields.extend(text.map(|text| (name.to_owned(), Value::String(text))));
    }
    fields
}

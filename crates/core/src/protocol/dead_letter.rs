//! Dead letters: what could not be handled, kept whole for an operator.

use crate::{
    event::envelope::PartialEnvelope,
    kernel::{names::names, timestamp::Timestamp},
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
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

/// A larger body is cut: a Firestore document holds 1 MiB.
pub const MAX_BODY_BYTES: usize = 512 * 1024;

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

/// A new letter's fields. A letter that is already there is never written again, so a redelivery doesn't reset it.
pub fn fields(
    consumer: &str,
    cause: &Cause,
    partial_envelope: &PartialEnvelope,
    body: &[u8],
    received_at: Timestamp,
) -> Map {
    let kept = &body[..body.len().min(MAX_BODY_BYTES)];
    let mut fields = map([
        ("consumer", consumer.into()),
        ("kind", cause.kind.name().into()),
        ("status", Status::Open.name().into()),
        ("reason", cause.reason.as_str().into()),
        ("body", kept.to_vec().into()),
        ("bodyBytes", i64::try_from(body.len()).unwrap_or(i64::MAX).into()),
        ("truncated", (kept.len() < body.len()).into()),
        ("receivedAt", received_at.into()),
        ("replays", Value::Int(0)),
    ]);
    let awaits = cause.awaits.as_ref().map(|path| ("awaits", path.to_string()));
    for (name, text) in known(partial_envelope).chain(awaits) {
        fields.insert(name.to_owned(), Value::String(text));
    }
    fields
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

/// Whether a replay of it was settled, and nothing has come back since.
pub fn is_replayed(letter: &Document) -> Result<bool, Unreadable> {
    Ok(letter.word("status", Status::from_name)? == Status::Replayed)
}

/// Whether this replay of it came back for an operator: its attempts ran out, or it was too late. What is to be done then takes
/// another replay.
pub fn is_left(letter: &Document, number: Option<i64>) -> Result<bool, Unreadable> {
    let replays = letter.int("replays")?;
    Ok(letter.word("kind", Kind::from_name)? == Kind::Exhausted && number.is_some_and(|number| number <= replays))
}

/// What becomes of a letter that was replayed: it is done with, or it is back for the reason given. None if an earlier
/// delivery of this replay has settled it already.
///
/// `number` says which replay of the letter this is, from 1. Without it a redelivery can't be told from another replay, and
/// one that comes back is then counted each time.
///
/// A replay that came back was acked with its letter open. Another delivery of it, still in hand somewhere, may then apply the
/// event after all; it leaves the letter open, for if it stopped before publishing, nobody else would be there to publish.
/// For the same reason one that is filed opens again the letter that an earlier delivery of this replay had settled: that one
/// may have stopped before publishing, too, and filing acks.
///
/// A letter that was filed without a look at whose event it is learns that now: whoever replays what waits goes by it.
pub fn settled(
    path: DocumentPath,
    letter: &Document,
    number: Option<i64>,
    still: Option<&Cause>,
    partial_envelope: &PartialEnvelope,
) -> Result<Option<Write>, Unreadable> {
    let status = letter.word("status", Status::from_name)?;
    let counted = letter.int("replays")?;
    let is_counted = number.is_some_and(|number| number <= counted);
    let write = Write::to(path).set("replays", number.unwrap_or(counted + 1).max(counted));
    Ok(match still {
        None if status == Status::Replayed || is_counted => None,
        None => Some(write.set("status", Status::Replayed.name())),
        Some(_) if is_counted && status != Status::Replayed => None,
        Some(cause) => Some(
            known(partial_envelope)
                .filter(|(name, _)| !letter.fields.contains_key(*name))
                .fold(write, |write, (name, text)| write.set(name, text))
                .set("status", Status::Open.name())
                .set("kind", cause.kind.name())
                .set("reason", cause.reason.as_str())
                .set_or_clear("awaits", cause.awaits.as_ref().map(ToString::to_string)),
        ),
    })
}

//! The inbox: one record for each event and consumer, by which a second arrival is known.

use crate::{
    event::{
        envelope::Envelope,
        outbox::{self, Message},
    },
    kernel::{digest::Digest, ids::EventId, timestamp::Timestamp},
    protocol::outcome::Outcome,
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        value::{Map, Value, map},
    },
};

/// Pub/Sub can replay 31 days; a record outlives that with room to spare.
pub const RECORD_DAYS: u32 = 45;

/// A second arrival publishes again for this long. A follow-up is a message with 31 days of its own, and must not reach a consumer
/// whose record of it has expired: it would be acted on once more. Follow-ups that are owed at all go out within hours, or their
/// attempts have run out.
pub const REPUBLISH_DAYS: u32 = 13;

/// The inbox's answer about an arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    New,
    /// The same claim, handled before. Its follow-ups are published again, unless that is long ago.
    Duplicate {
        outcome: Outcome,
        owed: Vec<Message>,
        /// It has something to publish, and it is too late for that.
        is_too_late: bool,
    },
    /// Another claim under an id that is taken.
    Conflict,
}

impl Seen {
    /// A refusal, which may have become legal, or follow-ups that couldn't be published in time.
    pub fn leaves_something_to_do(&self) -> bool {
        match self {
            Seen::Duplicate { outcome, is_too_late, .. } => *outcome == Outcome::Refused || *is_too_late,
            Seen::New | Seen::Conflict => false,
        }
    }
}

pub fn look(record: Option<&Document>, digest: &Digest, now: Timestamp) -> Result<Seen, Unreadable> {
    let Some(record) = record else { return Ok(Seen::New) };
    if record.string("digest")? != digest.as_str() {
        return Ok(Seen::Conflict);
    }
    let outgoing = outbox::from_record(record.optional_bytes("outgoing")?.unwrap_or_default())?;
    let processed_at = record.optional_timestamp("processedAt")?;
    let is_owed = processed_at.is_none_or(|at| now <= at.plus_days(REPUBLISH_DAYS));
    let is_too_late = !is_owed && !outgoing.is_empty();
    let owed = if is_owed { outgoing } else { Vec::new() };
    Ok(Seen::Duplicate { outcome: record.word("outcome", Outcome::from_name)?, owed, is_too_late })
}

/// What one event came to at one consumer.
#[derive(Debug)]
pub struct Record<'a> {
    pub consumer: &'static str,
    pub envelope: &'a Envelope,
    pub outcome: Outcome,
    pub reason: Option<&'a str>,
    pub outgoing_ids: &'a [EventId],
    pub outgoing: &'a [Message],
    pub processed_at: Timestamp,
}

impl Record<'_> {
    pub fn path(&self) -> DocumentPath {
        DocumentPath::processed_event(self.consumer, self.envelope.id)
    }

    pub fn fields(&self) -> Map {
        let outgoing_ids: Vec<_> = self.outgoing_ids.iter().map(|id| Value::String(id.to_string())).collect();
        let mut fields = map([
            ("consumer", self.consumer.into()),
            ("eventId", self.envelope.id.to_string().into()),
            ("type", self.envelope.event_type.name().into()),
            ("subject", self.envelope.subject.to_string().into()),
            ("digest", self.envelope.digest.as_str().into()),
            ("outcome", self.outcome.name().into()),
            ("outgoing", outbox::to_record(self.outgoing).into()),
            ("outgoingIds", outgoing_ids.into()),
            ("processedAt", self.processed_at.into()),
            ("expireAt", self.processed_at.plus_days(RECORD_DAYS).into()),
        ]);
        if let Some(reason) = self.reason {
            fields.insert("reason".to_owned(), reason.into());
        }
        fields
    }
}

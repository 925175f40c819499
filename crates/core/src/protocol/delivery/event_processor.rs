//! The processor of a function with a handler: the inbox, the handler, the record.

use super::{Disposition, Processor, ReceivedMessage, Receiver, Replay, Resolution};
use crate::{
    event::{
        envelope::{Envelope, PartialEnvelope},
        outbox,
        reader::Event,
    },
    kernel::timestamp::Timestamp,
    protocol::{
        dead_letter::{self, Cause, Kind},
        decision::{Decision, Effects},
        delivery::parsed::Parsed,
        handler::Handler,
        inbox::{self, Record, Seen},
        outcome::{Fault, Outcome},
        timeline,
    },
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        snapshot::Snapshot,
        write::Write,
    },
};

/// For the operator, whose letter stays open with it.
const TOO_LATE_TO_PUBLISH: &str =
    "handled, but what it owes to others may never have been published, and is too old for that now";

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EventProcessor<H: Handler> {
    parsed: Parsed<H::Fact>,
    replayed: Option<Replayed>,
}

/// The letter that this is a replay of, and which replay of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Replayed {
    letter: DocumentPath,
    number: Option<i64>,
}

impl<H: Handler> Receiver for EventProcessor<H> {
    fn receive(received: &ReceivedMessage) -> Self {
        let parsed = Parsed::read::<H>(received);
        let is_named = parsed.partial_envelope().event_id.is_some();
        let replay = received.replay().ok().flatten();
        let letter_of = |it: &Replay<'_>| received.letter_path(it.consumer, is_named);
        let replayed = replay.map(|it| Replayed { letter: letter_of(&it), number: it.number });
        EventProcessor { parsed, replayed }
    }
}

impl<H: Handler> Processor for EventProcessor<H> {
    const FUNCTION: &'static str = H::CONSUMER;

    fn at_once(&self) -> Option<Result<Disposition, Fault>> {
        match &self.parsed {
            // Its letter is to be settled all the same.
            Parsed::NotForUs(_) if self.replayed.is_some() => None,
            Parsed::NotForUs(_) | Parsed::ReplayForAnother => Some(Ok(Disposition::plain(Outcome::Passed))),
            Parsed::Event(_) | Parsed::Malformed(..) => None,
        }
    }

    fn read_set(&self) -> Vec<DocumentPath> {
        let Parsed::Event(event) = &self.parsed else { return Vec::new() };
        let mut paths = vec![DocumentPath::processed_event(H::CONSUMER, event.envelope.id)];
        paths.extend(H::read_set(event));
        paths
    }

    fn will_file(&self) -> bool {
        matches!(self.parsed, Parsed::Malformed(..))
    }

    fn resolve(&self, snapshot: &Snapshot, now: Timestamp) -> Result<Resolution, Fault> {
        match &self.parsed {
            Parsed::Event(event) => self.consider(event, snapshot, now),
            Parsed::Malformed(malformed, _) => {
                Ok(Resolution::letter_alone(Outcome::Malformed, Kind::Malformed, malformed.reason()))
            }
            Parsed::NotForUs(_) => {
                Ok(Resolution::Commit { writes: Vec::new(), disposition: Disposition::plain(Outcome::Passed) })
            }
            Parsed::ReplayForAnother => Err(Fault::Protocol("read for nothing")),
        }
    }

    fn partial_envelope(&self) -> PartialEnvelope {
        self.parsed.partial_envelope()
    }

    fn traceparent(&self) -> Option<String> {
        self.parsed.traceparent()
    }
}

impl<H: Handler> EventProcessor<H> {
    /// The order of the checks: parse, inbox, then the handler's own: stale, Await, table.
    fn consider(&self, event: &Event<H::Fact>, snapshot: &Snapshot, now: Timestamp) -> Result<Resolution, Fault> {
        let envelope = &event.envelope;
        let record = snapshot.get(&DocumentPath::processed_event(H::CONSUMER, envelope.id));
        let seen = inbox::look(record, &envelope.digest, now)?;
        // Not of a duplicate: a host whose clock is ahead has applied it, and may owe what it has to publish.
        if let (Seen::New | Seen::Conflict, Err(malformed)) = (&seen, envelope.not_ahead_of(now)) {
            return Ok(Resolution::letter_alone(Outcome::Malformed, Kind::Malformed, malformed.reason()));
        }
        match seen {
            // A refused event may have become legal: replays exist for that.
            Seen::Duplicate { outcome: Outcome::Refused, .. } if self.replayed.is_some() => {}
            // It was filed when no record was there yet. A delivery that committed it since may have ended before publishing, and no
            // other comes after it, for the message was acknowledged.
            Seen::Duplicate { is_too_late: true, .. } if self.is_open(snapshot)? => {
                return Ok(Resolution::letter_alone(Outcome::Duplicate, Kind::Exhausted, TOO_LATE_TO_PUBLISH));
            }
            Seen::Duplicate { owed, .. } => {
                let disposition = Disposition::publishing(Outcome::Duplicate, outbox::batches(owed));
                return Ok(Resolution::Commit { writes: Vec::new(), disposition });
            }
            Seen::Conflict => {
                return Ok(Resolution::letter_alone(Outcome::Conflict, Kind::Conflict, "id: another event has it"));
            }
            // The replay has come to its end before, and the record of the event has expired since.
            Seen::New if self.has_ended(snapshot)? => {
                return Ok(Resolution::Commit {
                    writes: Vec::new(),
                    disposition: Disposition::plain(Outcome::Duplicate),
                });
            }
            Seen::New => {}
        }
        Ok(match H::decide(event, snapshot, now)? {
            Decision::Accept(effects) => accepted::<H>(event, effects, snapshot, now),
            Decision::Ignore(why) => ignored::<H>(envelope, why, snapshot, now),
            Decision::Refuse(why) => refused::<H>(envelope, why, snapshot, now),
            Decision::Malformed(malformed) => {
                Resolution::letter_alone(Outcome::Malformed, Kind::Malformed, malformed.reason())
            }
            Decision::Await(path) => Resolution::Await(path),
            Decision::ReadAlso(path) => Resolution::ReadAlso(path),
        })
    }

    /// Whether an earlier delivery of this replay has settled the letter, or left it to an operator for good.
    fn has_ended(&self, snapshot: &Snapshot) -> Result<bool, Unreadable> {
        let Some((letter, number)) = self.letter(snapshot) else { return Ok(false) };
        Ok(dead_letter::is_replayed(letter)? || dead_letter::is_left(letter, number)?)
    }

    /// Whether this is the replay of a letter that isn't settled.
    fn is_open(&self, snapshot: &Snapshot) -> Result<bool, Unreadable> {
        self.letter(snapshot).map_or(Ok(false), |(letter, _)| Ok(!dead_letter::is_replayed(letter)?))
    }

    /// The letter of this replay, and the replay's number.
    fn letter<'a>(&self, snapshot: &'a Snapshot) -> Option<(&'a Document, Option<i64>)> {
        let replayed = self.replayed.as_ref()?;
        Some((snapshot.get(&replayed.letter)?, replayed.number))
    }
}

fn accepted<H: Handler>(event: &Event<H::Fact>, effects: Effects, snapshot: &Snapshot, now: Timestamp) -> Resolution {
    let envelope = &event.envelope;
    let (ids, messages) = outbox::messages(H::CONSUMER, envelope, &effects.events, now);
    let record = record::<H>(envelope, Outcome::Applied, now);
    let record = Record { outgoing_ids: &ids, outgoing: &messages, ..record };
    let told = H::customer(event).map(|user| timeline::entry(user, H::CONSUMER, envelope, &effects, snapshot, now));
    let mut writes = effects.writes;
    writes.extend(told);
    writes.push(keep(&record, snapshot));
    Resolution::Commit { writes, disposition: Disposition::publishing(Outcome::Applied, outbox::batches(messages)) }
}

/// What an IGNORED rests on may be a moment old: it was true when it was read, and it changes nothing.
fn ignored<H: Handler>(envelope: &Envelope, why: &'static str, snapshot: &Snapshot, now: Timestamp) -> Resolution {
    let record = Record { reason: Some(why), ..record::<H>(envelope, Outcome::Ignored, now) };
    Resolution::Commit {
        writes: vec![keep(&record, snapshot)],
        disposition: Disposition::because(Outcome::Ignored, why),
    }
}

/// What a REFUSED rests on may be a moment old, too; a replay decides again.
fn refused<H: Handler>(envelope: &Envelope, why: String, snapshot: &Snapshot, now: Timestamp) -> Resolution {
    let record = Record { reason: Some(&why), ..record::<H>(envelope, Outcome::Refused, now) };
    let writes = vec![keep(&record, snapshot)];
    Resolution::DeadLetter { writes, outcome: Outcome::Refused, letter: Cause::new(Kind::Refused, why) }
}

fn record<H: Handler>(envelope: &Envelope, outcome: Outcome, now: Timestamp) -> Record<'_> {
    Record {
        consumer: H::CONSUMER,
        envelope,
        outcome,
        reason: None,
        outgoing_ids: &[],
        outgoing: &[],
        processed_at: now,
    }
}

/// A record; over the one of a refusal where a replay decided again.
fn keep(record: &Record<'_>, snapshot: &Snapshot) -> Write {
    let write = Write::whole(record.path(), record.fields());
    let is_over_another = snapshot.get(&write.path).is_some();
    if is_over_another && record.reason.is_none() { write.set_or_clear("reason", None::<&str>) } else { write }
}

impl From<Unreadable> for Fault {
    fn from(unreadable: Unreadable) -> Fault {
        Fault::Unreadable(unreadable.to_string())
    }
}

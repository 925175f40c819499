//! The decision about a message. The protocol around it is the same for all: [`super::Delivery`].

use std::{fmt::Debug, hash::Hash};

use super::ReceivedMessage;
use crate::{
    event::{envelope::PartialEnvelope, outbox::Batch},
    kernel::timestamp::Timestamp,
    protocol::{
        dead_letter::{Cause, Kind},
        outcome::{Fault, Outcome},
    },
    store::{path::DocumentPath, snapshot::Snapshot, write::Write},
};

/// Names the documents to read, then the resolution. Pure, and may be asked again.
pub trait Processor: Clone + Debug + PartialEq + Eq + Hash {
    /// The name of the function that it works in.
    const FUNCTION: &'static str;

    /// Whose records and letters it writes: the function's own, but where it works for another.
    fn consumer(&self) -> &str {
        Self::FUNCTION
    }

    /// The disposition, where it needs no document; None if documents must be read.
    fn at_once(&self) -> Option<Result<Disposition, Fault>>;

    /// Every document that the resolution depends on, as far as the message itself tells, but for the letter.
    fn read_set(&self) -> Vec<DocumentPath>;

    /// Whether it is known before anything is read that a letter will be written. It is then read at once.
    fn will_file(&self) -> bool;

    fn resolve(&self, snapshot: &Snapshot, now: Timestamp) -> Result<Resolution, Fault>;

    /// The event, as far as it is known.
    fn partial_envelope(&self) -> PartialEnvelope;

    /// Whether its event has an id.
    fn is_named(&self) -> bool {
        self.partial_envelope().event_id.is_some()
    }

    fn traceparent(&self) -> Option<String>;
}

/// A function's own processor, made of each message that it receives.
pub trait Receiver: Processor {
    fn receive(received: &ReceivedMessage) -> Self;

    /// As [`Processor::consumer`], for a message that may not be looked into.
    fn consumer_of(_received: &ReceivedMessage) -> String {
        Self::FUNCTION.to_owned()
    }
}

/// The steps that a message leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolution {
    /// These writes in one commit, then the follow-ups.
    Commit { writes: Vec<Write>, disposition: Disposition },
    /// The same, with a dead letter in the commit.
    DeadLetter { writes: Vec<Write>, outcome: Outcome, letter: Cause },
    /// Nothing can be said before this document is there.
    Await(DocumentPath),
    /// Nothing can be said before this one has been looked at, too.
    ReadAlso(DocumentPath),
}

impl Resolution {
    /// Only a letter is written, no record.
    pub fn letter_alone(outcome: Outcome, kind: Kind, reason: impl Into<String>) -> Resolution {
        Resolution::DeadLetter { writes: Vec::new(), outcome, letter: Cause::new(kind, reason.into()) }
    }
}

/// The outcome of the delivery, once its remaining steps are done.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Disposition {
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub to_publish: Vec<Batch>,
    /// What it was filed for, and what may have come meanwhile.
    pub awaits: Option<DocumentPath>,
}

impl Disposition {
    pub fn plain(outcome: Outcome) -> Disposition {
        Disposition { outcome, reason: None, to_publish: Vec::new(), awaits: None }
    }

    pub fn because(outcome: Outcome, reason: impl Into<String>) -> Disposition {
        Disposition { reason: Some(reason.into()), ..Disposition::plain(outcome) }
    }

    pub fn publishing(outcome: Outcome, to_publish: Vec<Batch>) -> Disposition {
        Disposition { to_publish, ..Disposition::plain(outcome) }
    }
}

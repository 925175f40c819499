//! What a function makes of a message. The protocol around it is the same for all: [`super::Delivery`].

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

/// First it says what must be read, then what shall be done. Pure, and may be asked again.
pub trait Processor: Clone + Debug + PartialEq + Eq + Hash {
    /// The name of the function that it works in.
    const FUNCTION: &'static str;

    /// Whose records and letters it writes: the function's own, but where it works for another.
    fn consumer(&self) -> &str {
        Self::FUNCTION
    }

    /// What it comes to without reading anything; None if something must be read.
    fn at_once(&self) -> Option<Result<Disposition, Fault>>;

    /// Every document that the resolution depends on, as far as the message itself tells, but for the letter.
    fn read_set(&self) -> Vec<DocumentPath>;

    /// Whether it is known before anything is read that a letter will be written. It is then read at once.
    fn will_file(&self) -> bool;

    fn resolve(&self, snapshot: &Snapshot, now: Timestamp) -> Result<Resolution, Fault>;

    /// What is known of the event.
    fn partial_envelope(&self) -> PartialEnvelope;

    fn traceparent(&self) -> Option<String>;
}

/// A function: the processor with which it meets each message.
pub trait Receiver: Processor {
    fn receive(received: &ReceivedMessage) -> Self;

    /// As [`Processor::consumer`], for a message that may not be looked into.
    fn consumer_of(_received: &ReceivedMessage) -> String {
        Self::FUNCTION.to_owned()
    }
}

/// What shall be done about a message.
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

/// What the delivery comes to once its remaining steps are done.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Disposition {
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub to_publish: Vec<Batch>,
}

impl Disposition {
    pub fn plain(outcome: Outcome) -> Disposition {
        Disposition { outcome, reason: None, to_publish: Vec::new() }
    }

    pub fn because(outcome: Outcome, reason: impl Into<String>) -> Disposition {
        Disposition { outcome, reason: Some(reason.into()), to_publish: Vec::new() }
    }

    pub fn publishing(outcome: Outcome, to_publish: Vec<Batch>) -> Disposition {
        Disposition { outcome, reason: None, to_publish }
    }
}

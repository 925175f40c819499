//! What a function makes of a message. The protocol around it is the same for all: [`super::Delivery`].

use std::{fmt::Debug, hash::Hash};

use super::Arrival;
use crate::{
    dead_letter::Cause,
    decision::Write,
    document::DocumentPath,
    envelope::Glimpse,
    handler::Snapshot,
    outcome::{Fault, Outcome},
    outgoing::Batch,
    timestamp::Timestamp,
};

/// First it says what must be read, then what shall be done. Pure, and may be asked again.
pub trait Mind: Clone + Debug + PartialEq + Eq + Hash {
    /// The name of the function that it works in.
    const FUNCTION: &'static str;

    /// Whose records and letters it writes: the function's own, but where it works for another.
    fn consumer(&self) -> &str {
        Self::FUNCTION
    }

    /// What it comes to without reading anything; None if something must be read.
    fn at_once(&self) -> Option<Result<Ending, Fault>>;

    /// Every document that the resolution depends on, as far as the message itself tells, but for the letter.
    fn read_set(&self) -> Vec<DocumentPath>;

    /// Whether it is known before anything is read that a letter will be written. It is then read at once.
    fn will_file(&self) -> bool;

    fn resolve(&self, snapshot: &Snapshot, now: Timestamp) -> Result<Resolution, Fault>;

    /// What is known of the event.
    fn glimpse(&self) -> Glimpse;

    fn traceparent(&self) -> Option<String>;
}

/// A function: the mind with which it meets each message.
pub trait Function: Mind {
    fn meet(arrival: &Arrival) -> Self;

    /// As [`Mind::consumer`], for a message that may not be looked into.
    fn consumer_of(_arrival: &Arrival) -> String {
        Self::FUNCTION.to_owned()
    }
}

/// What shall be done about a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolution {
    /// These writes in one commit, then the follow-ups.
    Settle { writes: Vec<Write>, ending: Ending },
    /// The same, with a dead letter in the commit.
    File { writes: Vec<Write>, outcome: Outcome, letter: Cause },
    /// Nothing can be said before this document is there.
    Await(DocumentPath),
    /// Nothing can be said before this one has been looked at, too.
    ReadAlso(DocumentPath),
}

/// What the delivery comes to once its remaining steps are done.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ending {
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub to_publish: Vec<Batch>,
}

impl Ending {
    pub fn plain(outcome: Outcome) -> Ending {
        Ending { outcome, reason: None, to_publish: Vec::new() }
    }

    pub fn because(outcome: Outcome, reason: impl Into<String>) -> Ending {
        Ending { outcome, reason: Some(reason.into()), to_publish: Vec::new() }
    }

    pub fn publishing(outcome: Outcome, to_publish: Vec<Batch>) -> Ending {
        Ending { outcome, reason: None, to_publish }
    }
}

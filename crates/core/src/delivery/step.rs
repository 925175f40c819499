//! The words in which the protocol asks, and those in which it is answered.

use crate::{
    decision::Change,
    delivery::Report,
    document::{DocumentPath, UpdateTime},
    handler::Snapshot,
    outgoing::Batch,
    timestamp::Timestamp,
};

/// What the delivery wants next. There is always exactly one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// All of these documents, as they are at one moment.
    Read {
        paths: Vec<DocumentPath>,
        timeout_ms: u32,
    },
    /// All of these writes or none.
    Commit {
        writes: Vec<GuardedWrite>,
        timeout_ms: u32,
    },
    Publish {
        batch: Batch,
        timeout_ms: u32,
    },
    Wait {
        ms: u32,
    },
    Done(Report),
}

/// A write that takes effect only on what it expects.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GuardedWrite {
    pub path: DocumentPath,
    pub changes: Vec<Change>,
    pub expected: Expected,
}

/// What must be there for a write to take effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expected {
    Absent,
    /// What was read, unchanged since.
    Version(UpdateTime),
    /// Anything or nothing: the changes become the whole document. Only for what no decision rests on.
    Whatever,
}

/// The answer to a step, with all that the delivery may know of the world: the time, and chance.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reply {
    pub answer: Answer,
    pub now: Timestamp,
    pub random: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// To no step: this is how a delivery begins.
    Begin,
    /// To Read.
    Found(Snapshot),
    /// To Commit.
    Committed,
    /// To Publish.
    Published,
    /// To Wait.
    Waited,
    /// To Read, Commit or Publish.
    Failed(Failure),
}

/// How a call failed, as far as it matters for what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Failure {
    pub class: FailureClass,
    /// The status's name, for the log.
    pub status: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureClass {
    /// Another writer was there first: nothing was changed, and reading again shows what is there now.
    Raced,
    /// Nobody knows whether it was done: reading again shows it.
    Unknown,
    /// It will fail the same way again.
    Permanent,
}

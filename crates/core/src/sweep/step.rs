//! The words in which a sweep asks, and those in which it is answered. They are those of a delivery, and the query.

use super::{Report, query::Query, query::Row};
use crate::{
    delivery::{Failure, GuardedWrite},
    document::DocumentPath,
    handler::Snapshot,
    outgoing::Batch,
    timestamp::Timestamp,
};

/// What the sweep wants next. There is always exactly one.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// One page of what the query finds.
    Query {
        query: Query,
        timeout_ms: u32,
    },
    /// All of these documents, as they are at one moment.
    Read {
        paths: Vec<DocumentPath>,
        timeout_ms: u32,
    },
    Publish {
        batch: Batch,
        timeout_ms: u32,
    },
    Commit {
        writes: Vec<GuardedWrite>,
        timeout_ms: u32,
    },
    Wait {
        ms: u32,
    },
    Done(Report),
}

/// The answer to a step, with all that the sweep may know of the world: the time, and chance.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    pub answer: Answer,
    pub now: Timestamp,
    pub random: u64,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// To no step: this is how a sweep begins.
    Begin,
    /// To Query.
    Rows(Vec<Row>),
    /// To Read.
    Found(Snapshot),
    /// To Publish.
    Published,
    /// To Commit.
    Committed,
    /// To Wait.
    Waited,
    /// To Query, Read, Publish or Commit.
    Failed(Failure),
}

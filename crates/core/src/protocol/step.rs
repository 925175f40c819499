//! The steps of every protocol, and the answers to them. A protocol does nothing itself: it names the next step, the host takes
//! it, and the answer leads to the step after.

use crate::{
    event::outbox::Batch,
    kernel::timestamp::Timestamp,
    protocol::{deadlines, outcome::Fault},
    store::{
        path::DocumentPath,
        query::{Query, Row},
        snapshot::Snapshot,
        write::{Expected, GuardedWrite},
    },
    warehouse::row::Row as TableRow,
};

/// The next step. There is always exactly one; `R` is the result of the protocol.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step<R> {
    Call(Call),
    Wait { ms: u32 },
    Done(R),
}

/// One call to Firestore, Pub/Sub or BigQuery.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// All of these documents, as they are at one moment; of each these fields, or all where none is named.
    Read { paths: Vec<DocumentPath>, fields: &'static [&'static str], timeout_ms: u32 },
    /// One page of a query.
    Query { query: Box<Query>, timeout_ms: u32 },
    /// All of these writes or none.
    Commit { writes: Vec<GuardedWrite>, timeout_ms: u32 },
    /// Messages of one topic and key, in this order.
    Publish { batch: Batch, timeout_ms: u32 },
    /// Rows to the warehouse, all of one table; all of them or none.
    Append { rows: Vec<TableRow>, ingested_at: Timestamp, timeout_ms: u32 },
}

impl Call {
    pub fn read(paths: Vec<DocumentPath>) -> Call {
        Call::read_fields(paths, &[])
    }

    pub fn read_fields(paths: Vec<DocumentPath>, fields: &'static [&'static str]) -> Call {
        Call::Read { paths, fields, timeout_ms: deadlines::READ_MS }
    }

    pub fn query(query: Query) -> Call {
        Call::Query { query: Box::new(query), timeout_ms: deadlines::QUERY_MS }
    }

    pub fn commit(writes: Vec<GuardedWrite>) -> Call {
        Call::Commit { writes, timeout_ms: deadlines::COMMIT_MS }
    }

    pub fn publish(batch: Batch) -> Call {
        Call::Publish { batch, timeout_ms: deadlines::PUBLISH_MS }
    }

    pub fn append(rows: Vec<TableRow>, ingested_at: Timestamp) -> Call {
        Call::Append { rows, ingested_at, timeout_ms: deadlines::APPEND_MS }
    }

    /// The same call, given at most so long.
    pub(crate) fn within(mut self, most_ms: u32) -> Call {
        let (Call::Read { timeout_ms, .. }
        | Call::Query { timeout_ms, .. }
        | Call::Commit { timeout_ms, .. }
        | Call::Publish { timeout_ms, .. }
        | Call::Append { timeout_ms, .. }) = &mut self;
        *timeout_ms = most_ms.min(*timeout_ms);
        self
    }

    /// Whether it takes effect only on what was read: sent again after another writer, it can only fail again.
    pub(crate) fn is_guarded(&self) -> bool {
        match self {
            Call::Commit { writes, .. } => writes.iter().any(|write| write.expected != Expected::Whatever),
            Call::Read { .. } | Call::Query { .. } | Call::Publish { .. } | Call::Append { .. } => false,
        }
    }

    /// The name of the call in a fault.
    pub fn name(&self) -> &'static str {
        match self {
            Call::Read { .. } => "read",
            Call::Query { .. } => "query",
            Call::Commit { .. } => "commit",
            Call::Publish { .. } => "publish",
            Call::Append { .. } => "append",
        }
    }
}

impl<R> Step<R> {
    pub fn map<S>(self, result: impl FnOnce(R) -> S) -> Step<S> {
        match self {
            Step::Call(call) => Step::Call(call),
            Step::Wait { ms } => Step::Wait { ms },
            Step::Done(done) => Step::Done(result(done)),
        }
    }
}

/// The answer to a step, with the two other inputs of a protocol: time and randomness.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reply {
    pub answer: Answer,
    pub now: Timestamp,
    pub random: u64,
}

/// `F` is a failure: of a single call, or, where another protocol repeats calls on one's behalf, of all its attempts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer<F = Failure> {
    /// To no step: this is how a protocol begins.
    Begin,
    /// To Read.
    Found(Snapshot),
    /// To Query.
    Rows(Vec<Row>),
    /// To Commit.
    Committed,
    /// To Publish.
    Published,
    /// To Append. Where a row is refused for good, none was appended: the others may be appended without it.
    Appended { refused: Vec<RefusedRow> },
    /// To Wait.
    Waited,
    /// To any call; and to a wait for a document, where too many wait already.
    Failed(F),
}

impl Answer<Fault> {
    /// Why a protocol can't go on with this answer: the failure, or else that it asked something else.
    pub(crate) fn into_fault(self) -> Fault {
        match self {
            Answer::Failed(fault) => fault,
            Answer::Begin
            | Answer::Found(_)
            | Answer::Rows(_)
            | Answer::Committed
            | Answer::Published
            | Answer::Appended { .. }
            | Answer::Waited => Fault::Protocol("an answer to another question"),
        }
    }
}

/// A row that the warehouse doesn't take, whenever it comes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RefusedRow {
    /// Its place among those of the call.
    pub index: usize,
    pub reason: String,
}

/// How a call failed, as far as it matters for the next step.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Failure {
    pub class: FailureClass,
    /// The status's name, for the log.
    pub status: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureClass {
    /// Another writer was there first: nothing was changed, and reading again shows the present state.
    Raced,
    /// The call may have been carried out or not: reading again shows it.
    Unknown,
    /// It will fail the same way again.
    Permanent,
}

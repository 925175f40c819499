//! The other side of a task: its answers, and the clock.

use boma_core::{
    kernel::timestamp::Timestamp,
    protocol::step::{Answer, Call, Failure, FailureClass, Reply, Step},
    store::{
        path::DocumentPath,
        snapshot::Snapshot,
        write::{Expected, GuardedWrite, Write},
    },
};

pub(crate) fn reply(answer: Answer, at_ms: i64) -> Reply {
    let now = Timestamp::from_micros(1_772_359_200_000_000 + at_ms * 1_000).expect("in range");
    Reply { answer, now, random: 7 }
}

pub(crate) fn failed(class: FailureClass) -> Answer {
    Answer::Failed(Failure { class, status: "STATUS".to_owned() })
}

pub(crate) fn found() -> Answer {
    Answer::Found(Snapshot::default())
}

pub(crate) fn path() -> DocumentPath {
    DocumentPath::parse("probes/p-1").expect("a path")
}

pub(crate) fn read() -> Call {
    Call::read(vec![path()])
}

/// A commit of one write: guarded, or over anything.
pub(crate) fn commit(expected: Expected) -> Call {
    let Write { path, changes, .. } = Write::to(path()).set("seen", true);
    Call::commit(vec![GuardedWrite { path, changes, expected }])
}

/// How long this call may take.
pub(crate) fn timeout_of<R: std::fmt::Debug>(step: &Step<R>) -> u32 {
    match step {
        Step::Call(
            Call::Read { timeout_ms, .. }
            | Call::Query { timeout_ms, .. }
            | Call::Commit { timeout_ms, .. }
            | Call::Publish { timeout_ms, .. }
            | Call::Append { timeout_ms, .. },
        ) => *timeout_ms,
        Step::Wait { .. } | Step::Done(_) => panic!("no call: {step:?}"),
    }
}

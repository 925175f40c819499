//! Commits the effects first, and the record once they are stored.

use boma_core::delivery::{Answer, GuardedWrite, Reply, Step};

use super::is_record;
use crate::{product::Wrapping, running::Running};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RecordInSecondCommit {
    still_to_commit: Option<Vec<GuardedWrite>>,
}

impl Wrapping for RecordInSecondCommit {
    fn next(&mut self, delivery: &mut Running, reply: Reply) -> Step {
        if let (Some(writes), Answer::Committed) = (self.still_to_commit.take(), &reply.answer) {
            return Step::Commit { writes, timeout_ms: 10_000 };
        }
        let step = delivery.next(reply);
        let Step::Commit { writes, timeout_ms } = step else { return step };
        let (record, effects): (Vec<_>, Vec<_>) = writes.into_iter().partition(|write| is_record(&write.path));
        if effects.is_empty() {
            return Step::Commit { writes: record, timeout_ms };
        }
        self.still_to_commit = Some(record).filter(|record| !record.is_empty());
        Step::Commit { writes: effects, timeout_ms }
    }
}

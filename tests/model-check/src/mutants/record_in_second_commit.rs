//! Commits the effects first, and the record once they are stored.

use super::is_record;
use crate::{any_delivery::AnyDelivery, interceptor::Interceptor};
use boma_core::{
    protocol::{
        delivery::DeliveryReport,
        step::{Answer, Call, Reply, Step},
    },
    store::write::GuardedWrite,
};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RecordInSecondCommit {
    still_to_commit: Option<Vec<GuardedWrite>>,
}

impl Interceptor for RecordInSecondCommit {
    fn next(&mut self, delivery: &mut AnyDelivery, reply: Reply) -> Step<DeliveryReport> {
        if let (Some(writes), Answer::Committed) = (self.still_to_commit.take(), &reply.answer) {
            return Step::Call(Call::Commit { writes, timeout_ms: 10_000 });
        }
        let step = delivery.next(reply);
        let Step::Call(Call::Commit { writes, timeout_ms }) = step else { return step };
        let (record, effects): (Vec<_>, Vec<_>) = writes.into_iter().partition(|write| is_record(&write.path));
        if effects.is_empty() {
            return Step::Call(Call::Commit { writes: record, timeout_ms });
        }
        self.still_to_commit = Some(record).filter(|record| !record.is_empty());
        Step::Call(Call::Commit { writes: effects, timeout_ms })
    }
}

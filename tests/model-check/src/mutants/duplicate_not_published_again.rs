//! Publishes nothing for a duplicate, as if a stored record meant that the follow-ups are published.

use crate::{any_delivery::AnyDelivery, interceptor::Interceptor};
use boma_core::protocol::{
    delivery::DeliveryReport,
    step::{Answer, Call, Reply, Step},
};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DuplicateNotPublishedAgain {
    has_committed: bool,
}

impl Interceptor for DuplicateNotPublishedAgain {
    fn next(&mut self, delivery: &mut AnyDelivery, reply: Reply) -> Step<DeliveryReport> {
        let (now, random) = (reply.now, reply.random);
        self.has_committed |= reply.answer == Answer::Committed;
        let mut step = delivery.next(reply);
        while let (Step::Call(Call::Publish { .. }), false) = (&step, self.has_committed) {
            step = delivery.next(Reply { answer: Answer::Published, now, random });
        }
        step
    }
}

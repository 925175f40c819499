//! Takes what it files for filed, and doesn't look whether its document has come meanwhile.

use boma_core::{
    protocol::step::{Call, Step},
    protocol::{delivery::DeliveryReport, step::Answer, step::Reply},
    store::snapshot::Snapshot,
};

use crate::{any_delivery::AnyDelivery, interceptor::Interceptor};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NoLookAfterFiling {
    has_committed: bool,
}

impl Interceptor for NoLookAfterFiling {
    fn next(&mut self, delivery: &mut AnyDelivery, reply: Reply) -> Step<DeliveryReport> {
        self.has_committed |= reply.answer == Answer::Committed;
        let (now, random) = (reply.now, reply.random);
        let step = delivery.next(reply);
        match step {
            Step::Call(Call::Read { .. }) if self.has_committed => {
                delivery.next(Reply { answer: Answer::Found(Snapshot::default()), now, random })
            }
            step @ (Step::Call(_) | Step::Wait { .. } | Step::Done(_)) => step,
        }
    }
}

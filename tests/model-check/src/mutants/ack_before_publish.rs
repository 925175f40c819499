//! Acks as soon as the state is stored, and never publishes the follow-ups.

use crate::{any_delivery::AnyDelivery, interceptor::Interceptor};
use boma_core::protocol::{
    delivery::DeliveryReport,
    step::{Answer, Call, Reply, Step},
};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AckBeforePublish;

impl Interceptor for AckBeforePublish {
    fn next(&mut self, delivery: &mut AnyDelivery, reply: Reply) -> Step<DeliveryReport> {
        let (now, random) = (reply.now, reply.random);
        let mut step = delivery.next(reply);
        while let Step::Call(Call::Publish { .. }) = step {
            step = delivery.next(Reply { answer: Answer::Published, now, random });
        }
        step
    }
}

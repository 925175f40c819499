//! Acks as soon as the state is stored, and leaves the follow-ups to a moment that doesn't come.

use crate::{product::Wrapping, running::Running};
use boma_core::protocol::{
    delivery::DeliveryReport,
    step::{Answer, Call, Reply, Step},
};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AckBeforePublish;

impl Wrapping for AckBeforePublish {
    fn next(&mut self, delivery: &mut Running, reply: Reply) -> Step<DeliveryReport> {
        let (now, random) = (reply.now, reply.random);
        let mut step = delivery.next(reply);
        while let Step::Call(Call::Publish { .. }) = step {
            step = delivery.next(Reply { answer: Answer::Published, now, random });
        }
        step
    }
}

//! Acks as soon as the state is stored, and leaves the follow-ups to a moment that doesn't come.

use boma_core::delivery::{Answer, Reply, Step};

use crate::{product::Wrapping, running::Running};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AckBeforePublish;

impl Wrapping for AckBeforePublish {
    fn next(&mut self, delivery: &mut Running, reply: Reply) -> Step {
        let (now, random) = (reply.now, reply.random);
        let mut step = delivery.next(reply);
        while let Step::Publish { .. } = step {
            step = delivery.next(Reply { answer: Answer::Published, now, random });
        }
        step
    }
}

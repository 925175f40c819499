//! Takes a duplicate for done: whoever has the record must have published, too.

use crate::{product::Wrapping, running::Running};
use boma_core::protocol::{
    delivery::DeliveryReport,
    step::{Answer, Call, Reply, Step},
};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DuplicateNotPublishedAgain {
    has_committed: bool,
}

impl Wrapping for DuplicateNotPublishedAgain {
    fn next(&mut self, delivery: &mut Running, reply: Reply) -> Step<DeliveryReport> {
        let (now, random) = (reply.now, reply.random);
        self.has_committed |= reply.answer == Answer::Committed;
        let mut step = delivery.next(reply);
        while let (Step::Call(Call::Publish { .. }), false) = (&step, self.has_committed) {
            step = delivery.next(Reply { answer: Answer::Published, now, random });
        }
        step
    }
}

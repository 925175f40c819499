//! Takes a duplicate for done: whoever has the record must have published, too.

use boma_core::delivery::{Answer, Reply, Step};

use crate::{product::Wrapping, running::Running};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DuplicateNotPublishedAgain {
    has_committed: bool,
}

impl Wrapping for DuplicateNotPublishedAgain {
    fn next(&mut self, delivery: &mut Running, reply: Reply) -> Step {
        let (now, random) = (reply.now, reply.random);
        self.has_committed |= reply.answer == Answer::Committed;
        let mut step = delivery.next(reply);
        while let (Step::Publish { .. }, false) = (&step, self.has_committed) {
            step = delivery.next(Reply { answer: Answer::Published, now, random });
        }
        step
    }
}

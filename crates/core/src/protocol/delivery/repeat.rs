//! What failed is done again, a few times and ever later.

use super::{At, Delivery, DeliveryReport, Processor};
use crate::{
    kernel::timestamp::Timestamp,
    protocol::{
        deadlines,
        outcome::Fault,
        step::{Failure, FailureClass, Step},
    },
};

impl<P: Processor> Delivery<P> {
    pub(super) fn read_again_or_give_up(
        &mut self,
        step: &'static str,
        failure: Failure,
        now: Timestamp,
        random: u64,
    ) -> Step<DeliveryReport> {
        self.repeat_or_give_up(step, failure, now, random, At::BackingOff)
    }

    pub(super) fn repeat_or_give_up(
        &mut self,
        step: &'static str,
        failure: Failure,
        now: Timestamp,
        random: u64,
        then: At,
    ) -> Step<DeliveryReport> {
        let hopeless = match failure.class {
            FailureClass::Raced | FailureClass::Unknown => self.repeats == deadlines::MAX_REPEATS,
            FailureClass::Permanent => true,
        };
        if hopeless {
            return self.fault(Fault::Call { step, status: failure.status });
        }
        let ms = deadlines::backoff_ms(self.repeats, random);
        self.repeats += 1;
        self.wait(ms, now, then)
    }
}

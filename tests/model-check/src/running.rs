//! The real deliveries of the real functions.

use crate::queue::LaneName;
use boma_core::protocol::{
    delivery::{Crashed, Delivery, DeliveryReport, EventProcessor, ReceivedMessage, Receiver},
    step::{Reply, Step},
};

macro_rules! deliveries {
    ($($name:ident => $mind:ty),+ $(,)?) => {
        /// A delivery at one of the functions. It holds nothing of a thread's own, so that it may be handed to another.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Running { $($name(Box<Delivery<$mind>>)),+ }

        impl Running {
            pub fn next(&mut self, reply: Reply) -> Step<DeliveryReport> {
                match self { $(Running::$name(delivery) => delivery.next(reply)),+ }
            }
        }
    };
}

deliveries! {
    Kyc => EventProcessor<kyc::KycHandler>,
    Payments => EventProcessor<payments::PaymentsHandler>,
    Access => EventProcessor<access::AccessHandler>,
    DeadLetters => dead_letters::Exhausted,
    KycBroken => Crashed<EventProcessor<kyc::KycHandler>>,
}

/// What every function does when its instance breaks.
const PANIC_TEXT: &str = "index out of bounds";

impl Running {
    pub fn to(lane: LaneName, arrival: ReceivedMessage) -> Running {
        match lane {
            LaneName::Kyc => Running::Kyc(met(arrival)),
            LaneName::Payments => Running::Payments(met(arrival)),
            LaneName::Access => Running::Access(met(arrival)),
            LaneName::DeadLetters => Running::DeadLetters(met(arrival)),
        }
    }

    /// At kyc, of a message that has just broken the instance that decided it.
    pub fn after_trap(arrival: ReceivedMessage) -> Running {
        Running::KycBroken(Box::new(Delivery::after_trap(arrival, PANIC_TEXT.to_owned())))
    }
}

fn met<M: Receiver>(arrival: ReceivedMessage) -> Box<Delivery<M>> {
    Box::new(Delivery::to(arrival))
}

//! The real deliveries of the real functions.

use boma_core::{
    Delivery,
    delivery::{Arrival, Crashed, Deciding, Function, Reply, Step},
};

use crate::queue::LaneName;

macro_rules! deliveries {
    ($($name:ident => $mind:ty),+ $(,)?) => {
        /// A delivery at one of the functions. It holds nothing of a thread's own, so that it may be handed to another.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Running { $($name(Box<Delivery<$mind>>)),+ }

        impl Running {
            pub fn next(&mut self, reply: Reply) -> Step {
                match self { $(Running::$name(delivery) => delivery.next(reply)),+ }
            }
        }
    };
}

deliveries! {
    Kyc => Deciding<kyc::KycHandler>,
    Payments => Deciding<payments::PaymentsHandler>,
    Access => Deciding<access::AccessHandler>,
    DeadLetters => dead_letters::Exhausted,
    KycBroken => Crashed<Deciding<kyc::KycHandler>>,
}

/// What every function does when its instance breaks.
const PANIC_TEXT: &str = "index out of bounds";

impl Running {
    pub fn to(lane: LaneName, arrival: Arrival) -> Running {
        match lane {
            LaneName::Kyc => Running::Kyc(met(arrival)),
            LaneName::Payments => Running::Payments(met(arrival)),
            LaneName::Access => Running::Access(met(arrival)),
            LaneName::DeadLetters => Running::DeadLetters(met(arrival)),
        }
    }

    /// At kyc, of a message that has just broken the instance that decided it.
    pub fn after_trap(arrival: Arrival) -> Running {
        Running::KycBroken(Box::new(Delivery::after_trap(arrival, PANIC_TEXT.to_owned())))
    }
}

fn met<M: Function>(arrival: Arrival) -> Box<Delivery<M>> {
    Box::new(Delivery::to(arrival))
}

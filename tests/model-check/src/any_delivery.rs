//! The real deliveries of the real functions in one type.

use crate::consumer::Consumer;
use boma_core::protocol::{
    delivery::{Crashed, Delivery, DeliveryReport, EventProcessor, ReceivedMessage, Receiver},
    step::{Reply, Step},
};

macro_rules! deliveries {
    ($($name:ident => $processor:ty),+ $(,)?) => {
        /// A delivery at one of the functions. It is `Send`, so that any thread of the checker can go on with it.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum AnyDelivery { $($name(Box<Delivery<$processor>>)),+ }

        impl AnyDelivery {
            pub fn next(&mut self, reply: Reply) -> Step<DeliveryReport> {
                match self { $(AnyDelivery::$name(delivery) => delivery.next(reply)),+ }
            }

            pub fn awaits_document(&self) -> bool {
                match self { $(AnyDelivery::$name(delivery) => delivery.awaits_document()),+ }
            }
        }
    };
}

deliveries! {
    Kyc => EventProcessor<kyc::KycHandler>,
    Payments => EventProcessor<payments::PaymentsHandler>,
    Access => EventProcessor<access::AccessHandler>,
    DeadLetters => dead_letters::LastLook,
    KycBroken => Crashed<EventProcessor<kyc::KycHandler>>,
}

/// The panic that breaks an instance.
const PANIC_TEXT: &str = "index out of bounds";

impl AnyDelivery {
    pub fn to(consumer: Consumer, received: ReceivedMessage) -> AnyDelivery {
        match consumer {
            Consumer::Kyc => AnyDelivery::Kyc(boxed(received)),
            Consumer::Payments => AnyDelivery::Payments(boxed(received)),
            Consumer::Access => AnyDelivery::Access(boxed(received)),
            Consumer::DeadLetters => AnyDelivery::DeadLetters(boxed(received)),
        }
    }

    /// A delivery at kyc, in a new instance, of a message that has just broken the last one.
    pub fn after_trap(received: ReceivedMessage) -> AnyDelivery {
        AnyDelivery::KycBroken(Box::new(Delivery::after_trap(received, PANIC_TEXT.to_owned())))
    }
}

fn boxed<M: Receiver>(received: ReceivedMessage) -> Box<Delivery<M>> {
    Box::new(Delivery::to(received))
}

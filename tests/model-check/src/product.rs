//! The product under test: the real deliveries, or a mutant that intercepts them.

use crate::{any_delivery::AnyDelivery, interceptor::Interceptor, mutants};
use boma_core::{
    protocol::{
        delivery::{DeliveryReport, ReceivedMessage},
        step::{Reply, Step},
    },
    store::{document::UpdateTime, path::DocumentPath, snapshot::Stored, write::GuardedWrite},
};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AsBuilt;

impl Interceptor for AsBuilt {}

macro_rules! products {
    ($($name:ident: $type:ty),+ $(,)?) => {
        /// One type for all, so that the checker is compiled once.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Product { $($name($type)),+ }

        impl Product {
            fn interceptor(&self) -> &dyn Interceptor {
                match self { $(Product::$name(interceptor) => interceptor),+ }
            }

            fn interceptor_mut(&mut self) -> &mut dyn Interceptor {
                match self { $(Product::$name(interceptor) => interceptor),+ }
            }
        }

        $(impl From<$type> for Product {
            fn from(interceptor: $type) -> Product {
                Product::$name(interceptor)
            }
        })+
    };
}

products! {
    AsBuilt: AsBuilt,
    AckBeforePublish: mutants::AckBeforePublish,
    CountsFromTwo: mutants::CountsFromTwo,
    CountsFromZero: mutants::CountsFromZero,
    DuplicateNotPublishedAgain: mutants::DuplicateNotPublishedAgain,
    NoDigest: mutants::NoDigest,
    NoLookAfterFiling: mutants::NoLookAfterFiling,
    NoPrecondition: mutants::NoPrecondition,
    NoVersionGuard: mutants::NoVersionGuard,
    OwnLetterFirst: mutants::OwnLetterFirst,
    RecordInSecondCommit: mutants::RecordInSecondCommit,
    ReplaySkipsInbox: mutants::ReplaySkipsInbox,
}

impl Interceptor for Product {
    fn receives(&self, received: ReceivedMessage) -> ReceivedMessage {
        self.interceptor().receives(received)
    }

    fn reads(&mut self, received: &ReceivedMessage, path: &DocumentPath, stored: Option<Stored>) -> Option<Stored> {
        self.interceptor_mut().reads(received, path, stored)
    }

    fn next(&mut self, delivery: &mut AnyDelivery, reply: Reply) -> Step<DeliveryReport> {
        self.interceptor_mut().next(delivery, reply)
    }

    fn writes(&self, write: GuardedWrite, there: Option<UpdateTime>) -> GuardedWrite {
        self.interceptor().writes(write, there)
    }
}

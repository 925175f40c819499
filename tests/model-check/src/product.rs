//! What is checked: the deliveries as they are built, or broken in one way by wrapping them.

use crate::{mutants, running::Running};
use boma_core::{
    protocol::{
        delivery::{DeliveryReport, ReceivedMessage},
        step::{Reply, Step},
    },
    store::{document::UpdateTime, path::DocumentPath, snapshot::Stored, write::GuardedWrite},
};

/// One around each delivery. As it stands it changes nothing; a mutant overrides what it breaks.
pub trait Wrapping {
    /// What the delivery is told of its message.
    fn arrives(&self, arrival: ReceivedMessage) -> ReceivedMessage {
        arrival
    }

    /// What it reads of one document.
    fn sees(&mut self, _arrival: &ReceivedMessage, _path: &DocumentPath, stored: Option<Stored>) -> Option<Stored> {
        stored
    }

    /// The same as `Delivery::next`.
    fn next(&mut self, delivery: &mut Running, reply: Reply) -> Step<DeliveryReport> {
        delivery.next(reply)
    }

    /// What a write says when it reaches the database, where the document has the version `there`.
    fn writes(&self, write: GuardedWrite, _there: Option<UpdateTime>) -> GuardedWrite {
        write
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AsBuilt;

impl Wrapping for AsBuilt {}

macro_rules! products {
    ($($name:ident: $type:ty),+ $(,)?) => {
        /// All of them in one type: the checker is compiled once.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Product { $($name($type)),+ }

        impl Product {
            fn wrapping(&self) -> &dyn Wrapping {
                match self { $(Product::$name(wrapping) => wrapping),+ }
            }

            fn wrapping_mut(&mut self) -> &mut dyn Wrapping {
                match self { $(Product::$name(wrapping) => wrapping),+ }
            }
        }

        $(impl From<$type> for Product {
            fn from(wrapping: $type) -> Product {
                Product::$name(wrapping)
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
    NoPrecondition: mutants::NoPrecondition,
    NoVersionGuard: mutants::NoVersionGuard,
    RecordInSecondCommit: mutants::RecordInSecondCommit,
    ReplaySkipsInbox: mutants::ReplaySkipsInbox,
}

impl Wrapping for Product {
    fn arrives(&self, arrival: ReceivedMessage) -> ReceivedMessage {
        self.wrapping().arrives(arrival)
    }

    fn sees(&mut self, arrival: &ReceivedMessage, path: &DocumentPath, stored: Option<Stored>) -> Option<Stored> {
        self.wrapping_mut().sees(arrival, path, stored)
    }

    fn next(&mut self, delivery: &mut Running, reply: Reply) -> Step<DeliveryReport> {
        self.wrapping_mut().next(delivery, reply)
    }

    fn writes(&self, write: GuardedWrite, there: Option<UpdateTime>) -> GuardedWrite {
        self.wrapping().writes(write, there)
    }
}

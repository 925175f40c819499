//! The seam at which a mutant breaks the real delivery.

use boma_core::{
    protocol::{
        delivery::{DeliveryReport, ReceivedMessage},
        step::{Reply, Step},
    },
    store::{document::UpdateTime, path::DocumentPath, snapshot::Stored, write::GuardedWrite},
};

use crate::any_delivery::AnyDelivery;

/// Sits around each delivery. The default methods change nothing; a mutant overrides one.
pub trait Interceptor {
    /// The message as the delivery receives it.
    fn receives(&self, received: ReceivedMessage) -> ReceivedMessage {
        received
    }

    /// A document as the delivery reads it.
    fn reads(&mut self, _received: &ReceivedMessage, _path: &DocumentPath, stored: Option<Stored>) -> Option<Stored> {
        stored
    }

    /// The same as `Delivery::next`.
    fn next(&mut self, delivery: &mut AnyDelivery, reply: Reply) -> Step<DeliveryReport> {
        delivery.next(reply)
    }

    /// A write as it reaches the database, where the document has the version `there`.
    fn writes(&self, write: GuardedWrite, _there: Option<UpdateTime>) -> GuardedWrite {
        write
    }
}

//! Replays its own letter, whatever older ones of its customer wait.

use boma_core::protocol::{
    delivery::DeliveryReport,
    step::{Answer, Reply, Step},
};

use crate::{any_delivery::AnyDelivery, interceptor::Interceptor};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct OwnLetterFirst;

impl Interceptor for OwnLetterFirst {
    fn next(&mut self, delivery: &mut AnyDelivery, mut reply: Reply) -> Step<DeliveryReport> {
        if let Answer::Rows(rows) = &mut reply.answer {
            // Its own is the youngest.
            rows.sort_by_key(|row| row.document().timestamp("receivedAt").ok());
            rows.drain(..rows.len().saturating_sub(1));
        }
        delivery.next(reply)
    }
}

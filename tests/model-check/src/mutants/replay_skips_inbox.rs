//! Decides a replayed letter again without looking at its record, and overwrites that.

use super::is_record;
use crate::{any_delivery::AnyDelivery, interceptor::Interceptor};
use boma_core::{
    protocol::{
        delivery::{DeliveryReport, ReceivedMessage},
        step::{Call, Reply, Step},
    },
    store::{document::UpdateTime, path::DocumentPath, snapshot::Stored, write::Expected},
};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ReplaySkipsInbox {
    hidden: Option<UpdateTime>,
}

impl Interceptor for ReplaySkipsInbox {
    fn reads(&mut self, received: &ReceivedMessage, path: &DocumentPath, stored: Option<Stored>) -> Option<Stored> {
        if !matches!(received.replay(), Ok(Some(_))) || !is_record(path) {
            return stored;
        }
        self.hidden = stored.map(|stored| stored.updated_at);
        None
    }

    fn next(&mut self, delivery: &mut AnyDelivery, reply: Reply) -> Step<DeliveryReport> {
        let mut step = delivery.next(reply);
        if let (Step::Call(Call::Commit { writes, .. }), Some(hidden)) = (&mut step, self.hidden) {
            let records = writes.iter_mut().filter(|write| is_record(&write.path));
            records.for_each(|record| record.expected = Expected::Version(hidden));
        }
        step
    }
}

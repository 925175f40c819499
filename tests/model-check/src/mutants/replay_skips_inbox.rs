//! Decides a replayed letter again whatever the record says, and writes its own over it.

use super::is_record;
use crate::{product::Wrapping, running::Running};
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

impl Wrapping for ReplaySkipsInbox {
    fn sees(&mut self, arrival: &ReceivedMessage, path: &DocumentPath, stored: Option<Stored>) -> Option<Stored> {
        if arrival.replay_for().is_none() || !is_record(path) {
            return stored;
        }
        self.hidden = stored.map(|stored| stored.updated_at);
        None
    }

    fn next(&mut self, delivery: &mut Running, reply: Reply) -> Step<DeliveryReport> {
        let mut step = delivery.next(reply);
        if let (Step::Call(Call::Commit { writes, .. }), Some(hidden)) = (&mut step, self.hidden) {
            let records = writes.iter_mut().filter(|write| is_record(&write.path));
            records.for_each(|record| record.expected = Expected::Version(hidden));
        }
        step
    }
}

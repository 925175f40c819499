//! Decides a replayed letter again whatever the record says, and writes its own over it.

use boma_core::{
    delivery::{Arrival, Expected, Reply, Step},
    document::{DocumentPath, UpdateTime},
    handler::Stored,
};

use super::is_record;
use crate::{product::Wrapping, running::Running};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ReplaySkipsInbox {
    hidden: Option<UpdateTime>,
}

impl Wrapping for ReplaySkipsInbox {
    fn sees(&mut self, arrival: &Arrival, path: &DocumentPath, stored: Option<Stored>) -> Option<Stored> {
        if arrival.replay_for().is_none() || !is_record(path) {
            return stored;
        }
        self.hidden = stored.map(|stored| stored.updated_at);
        None
    }

    fn next(&mut self, delivery: &mut Running, reply: Reply) -> Step {
        let mut step = delivery.next(reply);
        if let (Step::Commit { writes, .. }, Some(hidden)) = (&mut step, self.hidden) {
            let records = writes.iter_mut().filter(|write| is_record(&write.path));
            records.for_each(|record| record.expected = Expected::Version(hidden));
        }
        step
    }
}

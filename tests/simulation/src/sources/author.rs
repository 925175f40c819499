//! The sources of one customer.

use boma_core::event::catalog::Topic;

use crate::{
    chance::Chance,
    history::History,
    plan::{BEGINNING_MS, FaultKind, Plan},
};

/// A message that a source will publish.
#[derive(Debug)]
pub struct PlannedPublication {
    pub at_ms: u64,
    pub topic: Topic,
    pub key: String,
    pub content: usize,
}

/// Plans the messages of one customer's sources.
pub(crate) struct Author<'a> {
    pub(super) plan: &'a Plan,
    pub(super) number: u64,
    pub(super) user: String,
    pub(super) chance: Chance,
    pub(super) history: &'a mut History,
    pub(super) planned: Vec<PlannedPublication>,
}

impl Author<'_> {
    pub(super) fn hits(&mut self, fault: FaultKind) -> bool {
        self.chance.hits(self.plan.rate(fault))
    }

    /// Some time after `at_ms`: often at once, sometimes much later.
    pub(super) fn later(&mut self, at_ms: u64) -> u64 {
        let longest_ms = *self.chance.pick(&[5, 100, 3_000, 60_000, self.plan.span_ms / 8]);
        (at_ms + self.chance.between(0, longest_ms)).min(BEGINNING_MS + self.plan.span_ms)
    }

    /// Some time before `at_ms`, now and then.
    pub(super) fn earlier(&mut self, at_ms: u64) -> u64 {
        let longest_ms = if self.chance.one_in(4) { self.plan.span_ms / 4 } else { 0 };
        at_ms.saturating_sub(self.chance.between(0, longest_ms)).max(BEGINNING_MS)
    }

    /// The customer before this one.
    pub(super) fn neighbour(&self) -> String {
        of_customer(self.plan, self.number.saturating_sub(1)).1
    }

    pub(super) fn plan_message(&mut self, at_ms: u64, topic: Topic, key: &str, content: usize) {
        self.planned.push(PlannedPublication { at_ms, topic, key: key.to_owned(), content });
    }
}

/// A customer's random stream and id. The id is the first draw, so that it can be computed for other customers, too.
pub(super) fn of_customer(plan: &Plan, number: u64) -> (Chance, String) {
    let mut chance = Chance::of(plan.seed, "customer", number);
    let user = chance.uuid();
    (chance, user)
}

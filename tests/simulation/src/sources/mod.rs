//! The messages of the sources: registrations, leads, KYC, money, prices and interactions. They are in order for each key and
//! topic. Some are published twice, under a used id, or malformed.

mod customer;
mod leads;
mod market;
mod money;
mod source_faults;

use std::collections::BTreeMap;

use boma_core::event::catalog::{EventType, Topic};

use crate::{
    chance::Chance,
    content::{Claim, Content, Flaw},
    event_queue::BEGINNING_MS,
    history::History,
    plan::{FaultKind, Plan},
    pubsub::rfc3339,
};

/// A message that a source will publish.
#[derive(Debug)]
pub struct PlannedPublication {
    pub at_ms: u64,
    pub topic: Topic,
    pub key: String,
    pub content: usize,
}

/// The messages of all sources, in order of time.
pub fn planned(plan: &Plan, history: &mut History) -> Vec<PlannedPublication> {
    let mut planned = Vec::new();
    for number in &plan.customers {
        let (chance, user) = of_customer(plan, *number);
        let mut author = Author { plan, number: *number, user, chance, history, planned: Vec::new() };
        customer::lives(&mut author);
        let mut own = author.planned;
        own.sort_by_key(|planned| planned.at_ms);
        own.truncate(plan.most_events);
        planned.extend(own);
    }
    planned.sort_by_key(|planned| planned.at_ms);
    planned
}

/// A customer's random stream and id. The id is the first draw, so that it can be computed for other customers, too.
fn of_customer(plan: &Plan, number: u64) -> (Chance, String) {
    let mut chance = Chance::of(plan.seed, "customer", number);
    let user = chance.uuid();
    (chance, user)
}

/// The attributes that every publisher adds.
pub fn attributes(content: &Content) -> BTreeMap<String, String> {
    let kind = content.claim.as_ref().map_or("", |claim| claim.kind.as_str());
    [("type", kind), ("content-type", "application/cloudevents+json")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

/// Plans the messages of one customer's sources.
pub(crate) struct Author<'a> {
    plan: &'a Plan,
    number: u64,
    user: String,
    chance: Chance,
    history: &'a mut History,
    planned: Vec<PlannedPublication>,
}

impl Author<'_> {
    fn hits(&mut self, fault: FaultKind) -> bool {
        self.chance.hits(self.plan.rate(fault))
    }

    /// Some time after `at_ms`: often at once, sometimes much later.
    fn later(&mut self, at_ms: u64) -> u64 {
        let longest_ms = *self.chance.pick(&[5, 100, 3_000, 60_000, self.plan.span_ms / 8]);
        (at_ms + self.chance.between(0, longest_ms)).min(BEGINNING_MS + self.plan.span_ms)
    }

    /// Some time before `at_ms`, now and then.
    fn earlier(&mut self, at_ms: u64) -> u64 {
        let longest_ms = if self.chance.one_in(4) { self.plan.span_ms / 4 } else { 0 };
        at_ms.saturating_sub(self.chance.between(0, longest_ms)).max(BEGINNING_MS)
    }

    /// The customer before this one.
    fn neighbour(&self) -> String {
        of_customer(self.plan, self.number.saturating_sub(1)).1
    }

    /// Publishes an event at the time at which it takes place.
    fn publish(&mut self, at_ms: u64, kind: &str, subject: &str, data: serde_json::Value) {
        self.publish_past(at_ms, at_ms, kind, subject, data);
    }

    fn publish_past(&mut self, at_ms: u64, took_place_ms: u64, kind: &str, subject: &str, data: serde_json::Value) {
        let claim = Claim::new(self.chance.uuid(), kind, subject, rfc3339(took_place_ms), data);
        let topic = topic_of(kind);
        let data = claim.event().to_string().into_bytes();
        let content = self.history.content(data, Some(claim), Flaw::None);
        self.plan_message(at_ms, topic, subject, content);
        source_faults::around(self, at_ms, topic, subject, content);
    }

    fn plan_message(&mut self, at_ms: u64, topic: Topic, key: &str, content: usize) {
        self.planned.push(PlannedPublication { at_ms, topic, key: key.to_owned(), content });
    }
}

fn topic_of(kind: &str) -> Topic {
    EventType::from_name(kind).expect("a type that the catalogue knows").topic()
}

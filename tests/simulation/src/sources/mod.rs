//! What sources publish: customers with registrations, leads, KYC, money, prices and whatever they do; in order for each key and topic,
//! and now and then twice, under a used id, or unreadable.

mod customer;
mod leads;
mod market;
mod money;
mod oddities;

use std::collections::BTreeMap;

use boma_core::event::catalog::{EventType, Topic};

use crate::{
    agenda::BEGINNING_MS,
    chance::Chance,
    chronicle::Chronicle,
    content::{Claim, Content, Flaw},
    plan::{Mischief, Plan},
    pubsub::rfc3339,
};

/// One message that a source publishes.
#[derive(Debug)]
pub struct Speech {
    pub at_ms: u64,
    pub topic: Topic,
    pub key: String,
    pub content: usize,
}

/// Everything that all sources publish, in order of time.
pub fn speeches(plan: &Plan, chronicle: &mut Chronicle) -> Vec<Speech> {
    let mut speeches = Vec::new();
    for number in &plan.customers {
        let (chance, user) = of_customer(plan, *number);
        let mut author = Author { plan, number: *number, user, chance, chronicle, speeches: Vec::new() };
        customer::lives(&mut author);
        let mut own = author.speeches;
        own.sort_by_key(|speech| speech.at_ms);
        own.truncate(plan.most_events);
        speeches.extend(own);
    }
    speeches.sort_by_key(|speech| speech.at_ms);
    speeches
}

/// A customer's own chance, and the id, which it begins with: so that others know it, too.
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

/// Writes down what one customer's sources publish.
pub(crate) struct Author<'a> {
    plan: &'a Plan,
    number: u64,
    user: String,
    chance: Chance,
    chronicle: &'a mut Chronicle,
    speeches: Vec<Speech>,
}

impl Author<'_> {
    fn hits(&mut self, mischief: Mischief) -> bool {
        self.chance.hits(self.plan.rate(mischief))
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

    /// As it takes place.
    fn says(&mut self, at_ms: u64, kind: &str, subject: &str, data: serde_json::Value) {
        self.reports(at_ms, at_ms, kind, subject, data);
    }

    fn reports(&mut self, at_ms: u64, took_place_ms: u64, kind: &str, subject: &str, data: serde_json::Value) {
        let claim = Claim::new(self.chance.uuid(), kind, subject, rfc3339(took_place_ms), data);
        let topic = topic_of(kind);
        let data = claim.event().to_string().into_bytes();
        let content = self.chronicle.content(data, Some(claim), Flaw::None);
        self.speaks(at_ms, topic, subject, content);
        oddities::around(self, at_ms, topic, subject, content);
    }

    fn speaks(&mut self, at_ms: u64, topic: Topic, key: &str, content: usize) {
        self.speeches.push(Speech { at_ms, topic, key: key.to_owned(), content });
    }
}

fn topic_of(kind: &str) -> Topic {
    EventType::from_name(kind).expect("a type that the catalogue knows").topic()
}

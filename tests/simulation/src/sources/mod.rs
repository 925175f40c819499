//! The messages of the sources: registrations, leads, KYC, money, prices, interactions and notes. They are in order for each key and
//! topic. Some are published twice, under a used id, or malformed.

mod author;
mod customer;
mod leads;
mod market;
mod money;
mod notes;
mod publishing;
mod source_faults;

use std::collections::BTreeMap;

pub use self::author::PlannedPublication;
use self::author::{Author, of_customer};
use crate::{content::Content, history::History, plan::Plan};

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

/// The attributes that every publisher adds.
pub fn attributes(content: &Content) -> BTreeMap<String, String> {
    let kind = content.claim.as_ref().map_or("", |claim| claim.kind.as_str());
    [("type", kind), ("content-type", "application/cloudevents+json")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

//! Every applied event of a customer is told in the customer's timeline, once for each consumer, and nothing else is.

use std::collections::BTreeSet;

use super::{Violation, customers, documents};
use crate::{
    content::Claim,
    stored::text,
    world::{ROOT, World},
};

const TIMELINE: &str = "timeline";

pub(super) fn audit(world: &World) -> Option<Violation> {
    let applied = world.chronicle.commits.iter().filter_map(|commit| commit.record.as_ref());
    let applied = applied.filter(|record| record.outcome == "APPLIED");
    let mut due = BTreeSet::new();
    for record in applied {
        let Some(claim) = world.chronicle.claim_of(record) else { continue };
        let Some(customer) = customer(claim) else { continue };
        let path = format!("{ROOT}users/{customer}/timeline/{}.{}", record.consumer, record.event_id);
        let told = world.store.get(&path).map_or("nothing", |entry| text(entry, "type"));
        if told != claim.kind {
            let what = format!("{} applied {}, and its timeline tells {told}", record.consumer, claim.kind);
            return Some(Violation::new(TIMELINE, what).about(&claim.subject));
        }
        due.insert(path);
    }
    let below_users = documents(world, "users").len();
    let told = below_users - customers(world).count();
    (told != due.len()).then(|| Violation::new(TIMELINE, format!("{told} entries of {} that are due", due.len())))
}

/// Whose it is: prices move for nobody, and what happens to a lead happens to no customer yet.
fn customer(claim: &Claim) -> Option<&str> {
    match claim.kind.as_str() {
        "PriceAlertSet" => claim.text("userId"),
        "PriceMoved" | "PriceAlertCanceled" => None,
        kind if kind.starts_with("Lead") && kind != "LeadConverted" => None,
        _ => Some(&claim.subject),
    }
}

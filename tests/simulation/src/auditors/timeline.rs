//! The timeline has exactly one entry for each applied event of a customer and each consumer.

use std::collections::BTreeSet;

use super::{Violation, documents};
use crate::{
    content::Claim,
    stored::text,
    world::{ROOT, World},
};

const TIMELINE: &str = "timeline";

pub(super) fn audit(world: &World) -> Option<Violation> {
    let applied = world.history.commits.iter().filter_map(|commit| commit.record.as_ref());
    let applied = applied.filter(|record| record.outcome == "APPLIED");
    let mut due = BTreeSet::new();
    for record in applied {
        let Some(claim) = world.history.claim_of(record) else { continue };
        let Some(customer) = customer(claim) else { continue };
        let path = format!("{ROOT}users/{customer}/timeline/{}.{}", record.consumer, record.event_id);
        let entry_type = world.store.get(&path).map_or("nothing", |entry| text(entry, "type"));
        if entry_type != claim.kind {
            let what = format!("{} applied {}, and its timeline tells {entry_type}", record.consumer, claim.kind);
            return Some(Violation::new(TIMELINE, what).about(&claim.subject));
        }
        due.insert(path);
    }
    let entries = documents(world, "users").into_iter().filter(|(path, _)| path.contains("/timeline/")).count();
    (entries != due.len()).then(|| Violation::new(TIMELINE, format!("{entries} entries of {} that are due", due.len())))
}

/// The customer of an event. Prices and leads have none.
fn customer(claim: &Claim) -> Option<&str> {
    match claim.kind.as_str() {
        "PriceAlertSet" => claim.text("userId"),
        "PriceMoved" | "PriceAlertCanceled" | "PriceAlertsDue" => None,
        kind if kind.starts_with("Lead") && kind != "LeadConverted" => None,
        _ => Some(&claim.subject),
    }
}

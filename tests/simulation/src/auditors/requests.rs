//! A customer's identity check is requested once: at the first registration, unless it has begun already.

use std::collections::BTreeMap;

use super::{Violation, as_of};
use crate::world::World;

const REQUESTS: &str = "KYC requests";

pub(super) fn audit(world: &World) -> Option<Violation> {
    let mut begun: BTreeMap<&str, Vec<(i64, ())>> = BTreeMap::new();
    for commit in &world.history.commits {
        let Some(record) = &commit.record else { continue };
        let Some(claim) = world.history.claim_of(record) else { continue };
        let history = begun.entry(&claim.subject).or_default();
        if record.consumer == "kyc-request" {
            let seen = if record.outcome == "APPLIED" { commit.number } else { commit.seen_commits };
            let has_begun = as_of(history, seen).is_some();
            match (record.outcome.as_str(), has_begun, record.outgoing_ids.as_slice()) {
                ("APPLIED", false, [id]) if is_request(world, id, &claim.subject) => {}
                ("IGNORED", true, []) => {}
                _ => {
                    let what = format!("{}: {}, begun: {has_begun}", claim.id, record.outcome);
                    return Some(Violation::new(REQUESTS, what).about(&claim.subject));
                }
            }
        }
        if matches!(record.consumer.as_str(), "kyc" | "kyc-request") && record.outcome == "APPLIED" {
            history.push((commit.number, ()));
        }
    }
    None
}

/// A follow-up that was never published is another auditor's finding.
fn is_request(world: &World, event_id: &str, user: &str) -> bool {
    world
        .history
        .claim_of_id(event_id)
        .is_none_or(|claim| claim.kind == "KycRequested" && claim.subject == user && claim.number("cycle") == Some(1))
}

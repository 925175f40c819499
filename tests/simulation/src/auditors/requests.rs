//! A customer's identity check is requested once: at the first registration, unless it has begun already.

use super::{Violation, as_of, kyc, kyc_state::State};
use crate::world::World;

const REQUESTS: &str = "KYC requests";

pub(super) fn audit(world: &World) -> Option<Violation> {
    let states = kyc::states(world);
    for commit in &world.history.commits {
        let Some(record) = &commit.record else { continue };
        let Some(claim) = world.history.claim_of(record) else { continue };
        if record.consumer == "kyc-request" {
            // An applied request rests on the state before its own commit.
            let seen = if record.outcome == "APPLIED" { commit.number - 1 } else { commit.seen_commits };
            let history = states.get(claim.subject.as_str());
            let has_begun = history.and_then(|history| as_of(history, seen)).is_some_and(State::is_begun);
            match (record.outcome.as_str(), has_begun, record.outgoing_ids.as_slice()) {
                ("APPLIED", false, [id]) if is_request(world, id, &claim.subject) => {}
                ("IGNORED", true, []) => {}
                _ => {
                    let what = format!("{}: {}, begun: {has_begun}", claim.id, record.outcome);
                    return Some(Violation::new(REQUESTS, what).about(&claim.subject));
                }
            }
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

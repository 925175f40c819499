//! Access follows the customer's KYC: only a later version counts, none that KYC hasn't come to, and the latest says whether the
//! customer may trade.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Violation, as_of, document, has_open_letter, kyc, records};
use crate::{
    stored::{boolean, integer},
    world::World,
};

const ACCESS: &str = "access";

pub(super) fn audit(world: &World) -> Option<Violation> {
    let mut histories: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    let mut may_trade: BTreeMap<&str, bool> = BTreeMap::new();
    let states = kyc::states(world);
    for (commit, record, claim) in records(world, "access") {
        let history = histories.entry(&claim.subject).or_insert_with(|| vec![(0, 0)]);
        let seen = if record.outcome == "APPLIED" { commit.number } else { commit.seen_commits };
        let applied = as_of(history, seen).copied().unwrap_or(0);
        let version = claim.number("version").unwrap_or(0);
        let known = states.get(claim.subject.as_str()).and_then(|states| as_of(states, commit.seen_commits));
        let is_ahead = version > known.map_or(0, |state| state.version);
        match (record.outcome.as_str(), version > applied, is_ahead) {
            ("APPLIED", true, false) => {
                history.push((commit.number, version));
                may_trade.insert(&claim.subject, claim.kind == "UserActive");
            }
            ("IGNORED", false, _) | ("REFUSED", true, true) => {}
            _ => {
                let what = format!("version {version} after {applied}: {}", record.outcome);
                return Some(Violation::new(ACCESS, what).about(&claim.subject));
            }
        }
    }
    let stored = |id: &str| {
        let user = document(world, "users", id)?;
        Some((boolean(user, "tradingEnabled")?, integer(user, "accessVersion")?))
    };
    for (id, history) in &histories {
        let should = history.last().map(|(_, version)| (may_trade.get(id).copied().unwrap_or(false), *version));
        if stored(id) != should {
            let what = format!("{id} is {:?}, should be {should:?}", stored(id));
            return Some(Violation::new(ACCESS, what).about(id));
        }
    }
    kyc::announcements(world).into_iter().find_map(|(id, announced)| behind(world, id, &announced, stored(id)?))
}

/// The last announcement of KYC is applied, unless a letter of it is open.
fn behind(world: &World, id: &str, announced: &[(i64, bool, &str)], is: (bool, i64)) -> Option<Violation> {
    let (version, may_trade, event_id) = announced.iter().max_by_key(|(version, ..)| *version)?;
    let namespace = Uuid::parse_str(event_id).expect("an id that was accepted");
    let follow_up = Uuid::new_v5(&namespace, b"kyc/0").to_string();
    let waits = has_open_letter(world, "access", &follow_up) || has_open_letter(world, "kyc", event_id);
    (is != (*may_trade, *version) && !waits).then(|| {
        let what = format!("{id} is {is:?}, and its KYC said last {:?}", (may_trade, version));
        Violation::new(ACCESS, what).about(id)
    })
}

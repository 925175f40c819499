//! Every customer's KYC is what the table makes of the facts that were applied; what was refused was refused rightly, in the
//! state that was read; and trading is announced when it begins or ends.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{
    Violation, as_of, document,
    kyc_table::{Comes, State},
    records,
};
use crate::{
    chronicle::RecordWrite,
    content::Claim,
    stored::{integer, text},
    world::World,
};

const KYC: &str = "KYC states";

/// What a customer's KYC announced: version, whether trading is allowed, and the event that it came of.
pub(super) type Announcements<'a> = BTreeMap<&'a str, Vec<(i64, bool, &'a str)>>;

pub(super) fn audit(world: &World) -> Option<Violation> {
    let mut histories: BTreeMap<&str, Vec<(i64, State)>> = BTreeMap::new();
    for (commit, record, claim) in records(world, "kyc") {
        let history = histories.entry(&claim.subject).or_insert_with(|| vec![(0, State::default())]);
        // What is applied is guarded by the version that was read; the rest may be a moment old.
        let seen = if record.outcome == "APPLIED" { commit.number } else { commit.seen_commits };
        let mut state = as_of(history, seen).cloned().unwrap_or_default();
        let (from, data) = (state.status.clone(), Json::Object(claim.data.clone()));
        let comes = state.take(&claim.kind, &data, &claim.time);
        let is_right = match (record.outcome.as_str(), &comes) {
            ("APPLIED", Comes::Applied(may_trade)) => announces(world, record, claim, *may_trade, state.version),
            ("IGNORED", Comes::Stale) | ("REFUSED", Comes::Refused) => true,
            _ => false,
        };
        if !is_right {
            let what = format!("{} {} in {from}: {}, should be {comes:?}", claim.kind, claim.id, record.outcome);
            return Some(Violation::new(KYC, what).about(&claim.subject));
        }
        if record.outcome == "APPLIED" {
            history.push((commit.number, state));
        }
    }
    histories.iter().find_map(|(id, history)| {
        let (applied, state) = history.last().expect("it began");
        let user = document(world, "users", id)?;
        let is = (text(user, "kycStatus"), integer(user, "kycVersion").unwrap_or(-1));
        let case = document(world, "kyc_cases", id);
        let counts = ["cycle", "attempt"].map(|count| case.and_then(|case| integer(case, count)));
        // Whoever was only asked for has a case of the same kind; who wasn't even that has none.
        let is_counted = counts == [Some(state.cycle), Some(state.attempt)] || *applied == 0 && case.is_none();
        (is != (state.status.as_str(), state.version) || !is_counted)
            .then(|| Violation::new(KYC, format!("{id} is {is:?} {counts:?}, should be {state:?}")).about(id))
    })
}

/// One follow-up that says so, or none.
fn announces(world: &World, record: &RecordWrite, claim: &Claim, may_trade: Option<bool>, version: i64) -> bool {
    let Some(may_trade) = may_trade else { return record.outgoing_ids.is_empty() };
    let [id] = record.outgoing_ids.as_slice() else { return false };
    // One that was never published is the business of another auditor.
    let text = world.chronicle.texts_of(id).first().map(|text| &world.chronicle.contents[*text]);
    text.and_then(|content| content.claim.as_ref()).is_none_or(|announced| {
        let kind = if may_trade { "UserActive" } else { "UserRestricted" };
        announced.kind == kind && announced.subject == claim.subject && announced.number("version") == Some(version)
    })
}

/// By customer, in the order in which the edges were taken.
pub(super) fn announcements(world: &World) -> Announcements<'_> {
    let mut states: BTreeMap<&str, State> = BTreeMap::new();
    let mut announced = Announcements::new();
    for (_, record, claim) in records(world, "kyc").filter(|(_, record, _)| record.outcome == "APPLIED") {
        let state = states.entry(&claim.subject).or_default();
        if let Comes::Applied(Some(may_trade)) = state.take(&claim.kind, &Json::Object(claim.data.clone()), &claim.time)
        {
            announced.entry(&claim.subject).or_default().push((state.version, may_trade, &record.event_id));
        }
    }
    announced
}

//! Every customer's KYC is what the table makes of the applied facts. Refusals are right in the state that was read. Each
//! change of trading is announced.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{
    Violation, as_of, document,
    kyc_table::{Expected, State},
    records,
};
use crate::{
    content::Claim,
    history::RecordWrite,
    stored::{integer, text},
    world::World,
};

const KYC: &str = "KYC states";

/// The announcements of each customer's KYC: version, whether trading is allowed, and the event that caused it.
pub(super) type Announcements<'a> = BTreeMap<&'a str, Vec<(i64, bool, &'a str)>>;

pub(super) fn audit(world: &World) -> Option<Violation> {
    let mut histories: BTreeMap<&str, Vec<(i64, State)>> = BTreeMap::new();
    for (commit, record, claim) in records(world, "kyc") {
        let history = histories.entry(&claim.subject).or_insert_with(|| vec![(0, State::default())]);
        // An applied event is guarded by the version that was read. Other outcomes may rest on an older state.
        let seen = if record.outcome == "APPLIED" { commit.number } else { commit.seen_commits };
        let mut state = as_of(history, seen).cloned().unwrap_or_default();
        let (from, data) = (state.status.clone(), Json::Object(claim.data.clone()));
        let comes = state.take(&claim.kind, &data, &claim.time);
        let is_right = match (record.outcome.as_str(), &comes) {
            ("APPLIED", Expected::Applied(may_trade)) => announces(world, record, claim, *may_trade, state.version),
            ("IGNORED", Expected::Stale) | ("REFUSED", Expected::Refused) => true,
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
        // A customer without KYC events has the case of the first request, or none.
        let is_counted = counts == [Some(state.cycle), Some(state.attempt)] || *applied == 0 && case.is_none();
        (is != (state.status.as_str(), state.version) || !is_counted)
            .then(|| Violation::new(KYC, format!("{id} is {is:?} {counts:?}, should be {state:?}")).about(id))
    })
}

/// The record owes one announcement where trading changes, and none otherwise.
fn announces(world: &World, record: &RecordWrite, claim: &Claim, may_trade: Option<bool>, version: i64) -> bool {
    let Some(may_trade) = may_trade else { return record.outgoing_ids.is_empty() };
    let [id] = record.outgoing_ids.as_slice() else { return false };
    // A follow-up that was never published is another auditor's finding.
    let text = world.history.texts_of(id).first().map(|text| &world.history.contents[*text]);
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
        if let Expected::Applied(Some(may_trade)) =
            state.take(&claim.kind, &Json::Object(claim.data.clone()), &claim.time)
        {
            announced.entry(&claim.subject).or_default().push((state.version, may_trade, &record.event_id));
        }
    }
    announced
}

//! Every customer's KYC is what the table makes of the facts that were applied; what was refused was refused rightly, in the
//! state that was read; and trading is announced when it begins or ends.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{
    Violation, as_of, document,
    kyc_state::{Expected, State, Told, micros},
};
use crate::{
    content::Claim,
    history::RecordWrite,
    stored::{Fields, integer, map, moment_micros, text},
    world::World,
};

const KYC: &str = "KYC states";

/// The announcements of each customer's KYC: version, whether trading is allowed, and the event that caused it.
pub(super) type Announcements<'a> = BTreeMap<&'a str, Vec<(i64, bool, &'a str)>>;

/// The states of each customer's KYC, each from the commit on that brought it about.
pub(super) type States<'a> = BTreeMap<&'a str, Vec<(i64, State)>>;

pub(super) fn audit(world: &World) -> Option<Violation> {
    let mut states = States::new();
    for commit in &world.history.commits {
        let Some(record) = &commit.record else { continue };
        let Some(claim) = world.history.claim_of(record) else { continue };
        if record.consumer == "kyc" {
            // An applied event is guarded by the version that was read. Other outcomes may rest on an older state.
            let seen = if record.outcome == "APPLIED" { commit.number } else { commit.seen_commits };
            let mut state = states.get(claim.subject.as_str()).and_then(|history| as_of(history, seen)).cloned();
            let state = state.get_or_insert_default();
            let from = state.status().to_owned();
            let comes = taken(state, record, claim);
            let is_right = match (record.outcome.as_str(), &comes) {
                ("APPLIED", Expected::Applied(told)) => tells(world, record, claim, told, state.version),
                ("IGNORED", Expected::Stale) | ("REFUSED", Expected::Refused) => true,
                _ => false,
            };
            if !is_right {
                let what = format!("{} {} in {from}: {}, should be {comes:?}", claim.kind, claim.id, record.outcome);
                return Some(Violation::new(KYC, what).about(&claim.subject));
            }
        }
        follow(&mut states, commit.number, record, claim);
    }
    states.iter().find_map(|(id, history)| {
        let (_, state) = history.last().expect("it began");
        let user = document(world, "users", id)?;
        let is = (text(user, "kycStatus"), integer(user, "kycVersion").unwrap_or(-1));
        let case = document(world, "kyc_cases", id);
        let is_kept = case.is_some_and(|case| keeps(case, state));
        (is != (state.status(), state.version) || !is_kept)
            .then(|| Violation::new(KYC, format!("{id} is {is:?} {case:?}, should be {state:?}")).about(id))
    })
}

fn keeps(case: &Fields, state: &State) -> bool {
    let counts = ["cycle", "attempt"].map(|count| integer(case, count));
    let open = map(case, "suspensions").into_iter().flat_map(Fields::keys);
    let moments = ["validUntil", "dueAt"].map(|name| moment_micros(case, name));
    let ends = [&state.valid_until, &state.due].map(|end| end.as_deref().map(micros));
    text(case, "check") == state.check
        && counts == [Some(state.cycle), Some(state.attempt)]
        && open.eq(state.suspensions.keys())
        && moments == ends
}

/// All customers' states, from the records alone.
pub(super) fn states(world: &World) -> States<'_> {
    let mut states = States::new();
    for commit in &world.history.commits {
        let Some(record) = &commit.record else { continue };
        let Some(claim) = world.history.claim_of(record) else { continue };
        follow(&mut states, commit.number, record, claim);
    }
    states
}

fn follow<'a>(states: &mut States<'a>, commit: i64, record: &RecordWrite, claim: &'a Claim) {
    if record.outcome != "APPLIED" || !matches!(record.consumer.as_str(), "kyc" | "kyc-request") {
        return;
    }
    let history = states.entry(&claim.subject).or_default();
    let mut state = history.last().map(|(_, state)| state.clone()).unwrap_or_default();
    match record.consumer.as_str() {
        "kyc" => _ = taken(&mut state, record, claim),
        _ => state.asked(&record.processed_at()),
    }
    history.push((commit, state));
}

fn taken(state: &mut State, record: &RecordWrite, claim: &Claim) -> Expected {
    let data = Json::Object(claim.data.clone());
    state.take(Told::of(claim, &data, &record.processed_at()))
}

/// The follow-ups that are due, in their order, and none besides.
fn tells(world: &World, record: &RecordWrite, claim: &Claim, told: &[&str], version: i64) -> bool {
    let is_due = |(id, due): (&String, &&str)| {
        // A follow-up that was never published is another auditor's finding.
        world.history.claim_of_id(id).is_none_or(|said| {
            let is_said = match said.kind.as_str() {
                "NotificationRequested" => said.text("template") == Some(due),
                kind => kind == *due && said.number("version") == Some(version),
            };
            is_said && said.subject == claim.subject
        })
    };
    record.outgoing_ids.len() == told.len() && record.outgoing_ids.iter().zip(told).all(is_due)
}

/// By customer, in the order in which the edges were taken.
pub(super) fn announcements(world: &World) -> Announcements<'_> {
    let mut announced = Announcements::new();
    let mut states: BTreeMap<&str, State> = BTreeMap::new();
    for (_, record, claim) in super::records(world, "kyc").filter(|(_, record, _)| record.outcome == "APPLIED") {
        let state = states.entry(&claim.subject).or_default();
        let before = state.may_trade();
        taken(state, record, claim);
        if state.may_trade() != before {
            announced.entry(&claim.subject).or_default().push((state.version, !before, &record.event_id));
        }
    }
    announced
}

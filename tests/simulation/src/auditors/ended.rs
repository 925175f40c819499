//! What is past its deadline is ended once the clock has run: approvals, unfinished checks, reservations of withdrawals. The
//! deadlines are computed from the applied facts alone.

use std::collections::BTreeMap;

use boma_core::kernel::timestamp::Timestamp;

use super::{
    Violation, document, kyc,
    kyc_state::{State, micros},
    records,
};
use crate::{
    history::RecordWrite,
    pubsub::timestamp,
    stored::{boolean, text},
    world::World,
};

const ENDED: &str = "what time has ended";

/// An authorized withdrawal expires after seven days, and the clock says so a minute later.
pub(super) const MICROS_TO_SETTLE: i64 = 7 * 24 * 60 * 60 * 1_000_000;
const DELAY_MICROS: i64 = 60_000_000;
/// The clock skew.
const SKEW_MICROS: i64 = 2_000_000;

/// The KYC states by customer and version.
pub(super) type Standings<'a> = BTreeMap<&'a str, BTreeMap<i64, State>>;

pub(super) fn audit(world: &World) -> Option<Violation> {
    // A run that ended early has no whole run of the clock.
    let looked = world
        .history
        .job_runs
        .iter()
        .rev()
        .find(|run| run.function == "clock" && run.outcome == "FINISHED" && !run.is_resumed)?;
    let has_ended = |due: &str, delay: i64| micros(due) + delay + SKEW_MICROS <= timestamp(looked.began_ms).micros();
    let complain = |what: String, id: &str| Some(Violation::new(ENDED, what).about(id));
    for (id, states) in standings(world) {
        let Some(user) = document(world, "users", id) else { continue };
        let (_, state) = states.last_key_value().expect("it began");
        if let Some(due) = state.due.as_ref().filter(|due| has_ended(due, 0)) {
            let trades = boolean(user, "tradingEnabled");
            return complain(format!("{id} is {} since {due} is over (trading: {trades:?})", state.check), id);
        }
    }
    withdrawals(world).into_iter().find_map(|(id, (user, due))| {
        let status = text(document(world, "transactions", id)?, "status");
        let is_held = status == "AUTHORIZED" && has_ended(&due, DELAY_MICROS);
        is_held.then(|| complain(format!("withdrawal {id} is held since {due} is over"), user)).flatten()
    })
}

/// The states of each customer's KYC, version by version.
pub(super) fn standings(world: &World) -> Standings<'_> {
    let by_version = |(_, state): (i64, State)| (state.version, state);
    kyc::states(world).into_iter().map(|(id, history)| (id, history.into_iter().map(by_version).collect())).collect()
}

/// The customer and the deadline of each withdrawal.
pub(super) fn withdrawals(world: &World) -> BTreeMap<&str, (&str, String)> {
    let begun = records(world, "payments").filter(|(_, record, claim)| {
        record.outcome == "APPLIED" && matches!(claim.kind.as_str(), "WithdrawalRequested" | "PayoutOrdered")
    });
    let due = |record: &RecordWrite| {
        let due = Timestamp::from_micros(record.processed_micros + MICROS_TO_SETTLE);
        due.expect("a moment in our time").to_string()
    };
    begun
        .filter_map(|(_, record, claim)| Some((claim.text("transactionId")?, (claim.subject.as_str(), due(record)))))
        .collect()
}

//! What time has ended is ended, as soon as the clock has looked: an approval that wasn't renewed, the patience with whoever
//! didn't finish, the reservation of a withdrawal that nobody settled. Worked out from the facts that were applied alone.

use std::collections::BTreeMap;

use boma_core::kernel::timestamp::Timestamp;
use serde_json::Value as Json;

use super::{
    Violation, document,
    kyc_table::{Comes, State, days_after},
    records,
};
use crate::{
    pubsub::timestamp,
    stored::{boolean, text},
    world::World,
};

const ENDED: &str = "what time has ended";

/// An authorized withdrawal is held for so long.
pub(super) const DAYS_TO_SETTLE: i64 = 7;
/// Clocks differ by so much.
const SKEW_MICROS: i64 = 2_000_000;

/// By customer and version of their KYC.
pub(super) type Standings<'a> = BTreeMap<&'a str, BTreeMap<i64, State>>;

pub(super) fn audit(world: &World) -> Option<Violation> {
    // Nobody has looked where the run ended before its time.
    let looked = world
        .chronicle
        .sweeps
        .iter()
        .rev()
        .find(|sweep| sweep.function == "clock" && sweep.outcome == "FINISHED" && !sweep.is_taken_up)?;
    let has_ended = |due: &str| micros(due) + SKEW_MICROS <= timestamp(looked.began_ms).micros();
    let complain = |what: String, id: &str| Some(Violation::new(ENDED, what).about(id));
    for (id, states) in standings(world) {
        let Some(user) = document(world, "users", id) else { continue };
        let (_, state) = states.last_key_value().expect("it began");
        if let Some(due) = state.due.as_ref().filter(|due| has_ended(due)) {
            let trades = boolean(user, "tradingEnabled");
            return complain(format!("{id} is {} since {due} is over (trading: {trades:?})", state.status), id);
        }
    }
    withdrawals(world).into_iter().find_map(|(id, (user, due))| {
        let status = text(document(world, "transactions", id)?, "status");
        let is_held = status == "AUTHORIZED" && has_ended(&due);
        is_held.then(|| complain(format!("withdrawal {id} is held since {due} is over"), user)).flatten()
    })
}

/// What each customer's KYC was, version by version. That of whoever was only asked for began with the registration.
pub(super) fn standings(world: &World) -> Standings<'_> {
    let mut standings = Standings::new();
    for (_, record, claim) in records(world, "kyc-request") {
        if record.outcome == "APPLIED" {
            standings.insert(&claim.subject, [(0, State::asked_for(&claim.time))].into());
        }
    }
    for (_, _, claim) in records(world, "kyc").filter(|(_, record, _)| record.outcome == "APPLIED") {
        let states = standings.entry(&claim.subject).or_insert_with(|| [(0, State::default())].into());
        let mut state = states.last_key_value().expect("it began").1.clone();
        if let Comes::Applied(_) = state.take(&claim.kind, &Json::Object(claim.data.clone()), &claim.time) {
            states.insert(state.version, state);
        }
    }
    standings
}

/// Whose it is, and when it ends unless somebody settles it.
pub(super) fn withdrawals(world: &World) -> BTreeMap<&str, (&str, String)> {
    let requested = records(world, "payments")
        .filter(|(_, record, claim)| record.outcome == "APPLIED" && claim.kind == "WithdrawalRequested");
    let due = |time: &str| days_after(time, DAYS_TO_SETTLE);
    requested
        .filter_map(|(_, _, claim)| Some((claim.text("transactionId")?, (claim.subject.as_str(), due(&claim.time)))))
        .collect()
}

pub(super) fn micros(time: &str) -> i64 {
    Timestamp::parse(time).expect("a moment that was written here").micros()
}

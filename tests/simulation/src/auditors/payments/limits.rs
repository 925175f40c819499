//! Whether a withdrawal exceeds a limit, by itself or with the others of the last 24 hours.

use super::transaction::Transaction;
use crate::{
    auditors::document,
    content::Claim,
    stored::{Fields, integer},
    world::World,
};

const DAY_MICROS: i64 = 24 * 60 * 60 * 1_000_000;

/// A withdrawal that is authorized or settled.
#[derive(Debug)]
pub(super) struct Withdrawal {
    id: String,
    user: String,
    currency: String,
    minor: i64,
    /// By the clock of the host that decided, or of one that was behind it and wrote the window later.
    at_micros: i64,
}

/// The withdrawal as it was, and as it is after a decision at `now_micros`.
pub(super) fn note(withdrawals: &mut Vec<Withdrawal>, id: &str, before: &str, state: &Transaction, now_micros: i64) {
    let counts = match (before, state.status) {
        ("AUTHORIZED", "SETTLED") | ("-", "FAILED") => return,
        (_, "AUTHORIZED") => Some(state.minor),
        (_, "SETTLED") => state.settled,
        _ => None,
    };
    withdrawals.retain(|withdrawal| withdrawal.id != id);
    for withdrawal in withdrawals.iter_mut().filter(|it| it.user == state.user) {
        withdrawal.at_micros = withdrawal.at_micros.min(now_micros);
    }
    withdrawals.extend(counts.map(|minor| Withdrawal {
        id: id.to_owned(),
        user: state.user.clone(),
        currency: state.currency.clone(),
        minor,
        at_micros: now_micros,
    }));
}

/// Whether it exceeds the limit of its currency, or else the default limit.
pub(super) fn exceeds(world: &World, claim: &Claim, minor: i64, withdrawals: &[Withdrawal], now_micros: i64) -> bool {
    let currency = claim.text("currency").unwrap_or_default();
    let Some(limit) = document(world, "limits", currency).or_else(|| document(world, "limits", "default")) else {
        return false;
    };
    let is_of_the_day = |it: &&Withdrawal| {
        it.user == claim.subject && it.currency == currency && now_micros - it.at_micros < DAY_MICROS
    };
    let with_this = minor + withdrawals.iter().filter(is_of_the_day).map(|it| it.minor).sum::<i64>();
    is_above(limit, "perWithdrawal", minor) || is_above(limit, "perDay", with_this)
}

fn is_above(limit: &Fields, name: &str, minor: i64) -> bool {
    integer(limit, name).is_some_and(|most| minor > most)
}

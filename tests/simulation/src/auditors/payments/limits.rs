//! Whether a withdrawal exceeds a limit, by itself or with the others of its day.

use boma_core::kernel::timestamp::Timestamp;

use super::transaction::Transaction;
use crate::{
    auditors::document,
    content::Claim,
    stored::{Fields, integer},
    world::World,
};

const DAY_MICROS: i64 = 24 * 60 * 60 * 1_000_000;
/// Withdrawals are forgotten after this. A request that is more than a day late doesn't find those of its day.
const KEPT_MICROS: i64 = 2 * DAY_MICROS;

/// A withdrawal that is authorized or settled.
#[derive(Debug)]
pub(super) struct Withdrawal {
    id: String,
    user: String,
    currency: String,
    minor: i64,
    at_micros: i64,
}

pub(super) fn note(withdrawals: &mut Vec<Withdrawal>, id: &str, state: &Transaction, claim: &Claim) {
    match (state.status, claim.kind.as_str()) {
        ("AUTHORIZED", "WithdrawalRequested") => {
            let at_micros = micros(claim);
            withdrawals.retain(|it| it.user != state.user || it.at_micros >= at_micros - KEPT_MICROS);
            withdrawals.push(Withdrawal {
                id: id.to_owned(),
                user: state.user.clone(),
                currency: state.currency.clone(),
                minor: state.minor,
                at_micros,
            });
        }
        ("SETTLED", _) => {}
        _ => withdrawals.retain(|withdrawal| withdrawal.id != id),
    }
}

/// Whether it exceeds the limit of its currency, or else the default limit.
pub(super) fn exceeds(world: &World, claim: &Claim, minor: i64, withdrawals: &[Withdrawal]) -> bool {
    let currency = claim.text("currency").unwrap_or_default();
    let Some(limit) = document(world, "limits", currency).or_else(|| document(world, "limits", "default")) else {
        return false;
    };
    let at_micros = micros(claim);
    let is_of_the_day = |it: &&Withdrawal| {
        it.user == claim.subject && it.currency == currency && (it.at_micros - at_micros).abs() < DAY_MICROS
    };
    let with_this = minor + withdrawals.iter().filter(is_of_the_day).map(|it| it.minor).sum::<i64>();
    is_above(limit, "perWithdrawal", minor) || is_above(limit, "perDay", with_this)
}

fn is_above(limit: &Fields, name: &str, minor: i64) -> bool {
    integer(limit, name).is_some_and(|most| minor > most)
}

fn micros(claim: &Claim) -> i64 {
    Timestamp::parse(&claim.time).expect("sources tell the time").micros()
}

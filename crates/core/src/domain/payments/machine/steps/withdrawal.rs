//! Withdrawals.

use super::{state_of, there};
use crate::{
    domain::{
        notifications::facts::Template,
        payments::{
            facts::{Terms, WithdrawalEvent},
            machine::{
                Booking, DAYS_TO_SETTLE, Flow, Notice, Refusal, Standing, State, Transaction,
                withdrawal::{self, Input, Obstacle, Step, transition},
            },
        },
    },
    kernel::{ids::TransactionId, money::Amount, timestamp::Timestamp},
};

/// None where the event is stale.
pub(in super::super) fn step(
    standing: &Standing,
    id: TransactionId,
    event: &WithdrawalEvent,
    at: Timestamp,
    now: Timestamp,
) -> Result<Option<Booking>, Refusal> {
    let before = standing.transaction.as_ref();
    let from = state_of(before, |state| match state {
        State::Withdrawal(state) => Some(state),
        State::Deposit(_) | State::Payment(_) | State::Refund(_) | State::Dispute(_) => None,
    })?;
    let input = input(standing, event, at);
    let Step::Taken(edge) = transition(from, input)? else {
        return Ok(None);
    };
    let state = State::Withdrawal(edge.to);
    let booking = match event {
        WithdrawalEvent::Requested(terms) => {
            let after =
                Transaction { reason: obstacle_name(input), ..Transaction::begun(standing.user, state, *terms, at) };
            requested(standing, id, after, now).post(edge.flow, terms.money.minor())?
        }
        WithdrawalEvent::Settled { amount } => {
            let before = there(before, input.event())?;
            let settled = settled_amount(before, *amount)?;
            let after = Transaction { settled_amount: Some(settled), ..ended(before, state) };
            let rest = after.money.minor() - settled;
            Booking::of(standing, after).post(edge.flow, settled)?.post(Some(Flow::Release), rest)?
        }
        WithdrawalEvent::Failed { reason }
        | WithdrawalEvent::Canceled { reason }
        | WithdrawalEvent::Expired { reason } => {
            let after = Transaction { reason: reason.clone(), ..ended(there(before, input.event())?, state) };
            let amount = after.money.minor();
            Booking { window: standing.window.without(id), ..Booking::of(standing, after) }.post(edge.flow, amount)?
        }
    };
    let failed = Notice::about(Template::WithdrawalFailed, id, &booking.transaction);
    Ok(Some(if edge.to == withdrawal::State::Failed { booking.telling(failed) } else { booking }))
}

fn input(standing: &Standing, event: &WithdrawalEvent, at: Timestamp) -> Input {
    match event {
        WithdrawalEvent::Requested(terms) => Input::Requested(obstacle(standing, terms, at)),
        WithdrawalEvent::Settled { .. } => Input::Settled,
        WithdrawalEvent::Failed { .. } => Input::Failed,
        WithdrawalEvent::Canceled { .. } => Input::Canceled,
        WithdrawalEvent::Expired { .. } => Input::Expired,
    }
}

/// The first of the reasons, in their order.
fn obstacle(standing: &Standing, terms: &Terms, at: Timestamp) -> Option<Obstacle> {
    if !standing.kyc_is_approved {
        Some(Obstacle::KycNotApproved)
    } else if !standing.trading_is_enabled {
        Some(Obstacle::TradingDisabled)
    } else if !standing.window.leaves_room(standing.limit, terms.money, at) {
        Some(Obstacle::LimitExceeded)
    } else if standing.balance.available < terms.money.minor() {
        Some(Obstacle::InsufficientFunds)
    } else {
        None
    }
}

fn obstacle_name(input: Input) -> Option<String> {
    match input {
        Input::Requested(obstacle) => obstacle.map(|it| it.name().to_owned()),
        Input::Settled | Input::Failed | Input::Canceled | Input::Expired => None,
    }
}

/// What can be had is held for a while, and counts for the limits.
fn requested(standing: &Standing, id: TransactionId, after: Transaction, now: Timestamp) -> Booking {
    if after.reason.is_some() {
        return Booking::of(standing, after);
    }
    let window = standing.window.with(id, after.money, after.at, now);
    let expires_at = Some(after.at.plus_days(DAYS_TO_SETTLE));
    Booking { window, ..Booking::of(standing, Transaction { expires_at, ..after }) }
}

fn ended(before: &Transaction, state: State) -> Transaction {
    Transaction { state, expires_at: None, ..before.clone() }
}

fn settled_amount(authorized: &Transaction, amount: Amount) -> Result<i64, Refusal> {
    let settled = amount.of(authorized.currency()).map_err(Refusal::AmountUnreadable)?.minor();
    if settled > authorized.money.minor() { Err(Refusal::AmountExceedsAuthorized) } else { Ok(settled) }
}

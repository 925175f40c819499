//! Withdrawals, and payouts by an operator's order.

use super::{check_currency, state_of, taken};
use crate::{
    domain::{
        notifications::facts::Template,
        payments::{
            facts::{Terms, WithdrawalEvent},
            machine::{
                Booking, DAYS_TO_SETTLE, Flow, Known, NotBooked, Notice, Refusal, Standing, State, Transaction, Window,
                withdrawal::{self, Input, Obstacle, OrderObstacle, transition},
            },
        },
    },
    kernel::{
        ids::TransactionId,
        money::{Amount, Money},
        timestamp::Timestamp,
    },
};

pub(in super::super) fn step(
    known: &Known,
    id: TransactionId,
    event: &WithdrawalEvent,
    at: Timestamp,
    now: Timestamp,
) -> Result<Booking, NotBooked> {
    let before = known.transaction.as_ref();
    let from = state_of(before, |state| if let State::Withdrawal(state) = state { Some(state) } else { None })?;
    let input = input(known, event, now)?;
    let edge = taken(transition(from, input)?)?;
    let state = State::Withdrawal(edge.to);
    let booking = match (event, before) {
        (WithdrawalEvent::Requested(terms) | WithdrawalEvent::Ordered { terms, .. }, _) => {
            let after = begun(known, event, *terms, state, at, now, obstacle_name(input));
            let is_held = edge.flow.is_some();
            let with_this = |window: &Window| if is_held { window.with(id, terms.money, now) } else { window.clone() };
            let window = known.window.as_ref().map(with_this);
            Booking { window, ..Booking::of(known, after) }.post(edge.flow, terms.money.minor())?
        }
        (WithdrawalEvent::Settled { amount }, Some(before)) => settled(known, id, before, *amount, state, now)?,
        (
            WithdrawalEvent::Failed { reason }
            | WithdrawalEvent::Canceled { reason }
            | WithdrawalEvent::Expired { reason },
            Some(before),
        ) => {
            let after = before.entering(state, reason.as_ref());
            let window = known.window.as_ref().map(|window| window.without(id, now));
            // Of what was paid out comes back what was paid; before that, it is what was held.
            Booking { window, ..Booking::of(known, after) }.post(edge.flow, before.moved())?
        }
        (
            WithdrawalEvent::Settled { .. }
            | WithdrawalEvent::Failed { .. }
            | WithdrawalEvent::Canceled { .. }
            | WithdrawalEvent::Expired { .. },
            None,
        ) => return Err(NotBooked::AwaitsTransaction),
    };
    let failed = Notice::about(Template::WithdrawalFailed, id, &booking.transaction);
    let is_told = matches!(edge.to, withdrawal::State::Failed | withdrawal::State::Reversed);
    Ok(if is_told { booking.telling(failed) } else { booking })
}

fn input(known: &Known, event: &WithdrawalEvent, now: Timestamp) -> Result<Input, Refusal> {
    let before = known.transaction.as_ref();
    let is_again = |terms: &Terms| before.is_some_and(|it| it.money == terms.money);
    Ok(match event {
        WithdrawalEvent::Requested(terms) => {
            check_currency(before, terms.money)?;
            Input::Requested { obstacle: obstacle(known, terms.money, now), again: is_again(terms) }
        }
        WithdrawalEvent::Ordered { terms, .. } => {
            check_currency(before, terms.money)?;
            Input::Ordered { obstacle: order_obstacle(known, terms.money), again: is_again(terms) }
        }
        WithdrawalEvent::Settled { amount } => {
            let paid = before.map(|it| settled_money(it, *amount)).transpose()?;
            Input::Settled { again: paid.map(|paid| paid.minor()) == before.map(Transaction::moved) }
        }
        WithdrawalEvent::Failed { .. } => Input::Failed,
        WithdrawalEvent::Canceled { .. } => Input::Canceled,
        WithdrawalEvent::Expired { .. } => {
            Input::Expired { is_due: before.and_then(|it| it.expires_at).is_none_or(|due_at| due_at <= now) }
        }
    })
}

/// The first of the reasons, in their order.
fn obstacle(known: &Known, money: Money, now: Timestamp) -> Option<Obstacle> {
    match (known.standing, known.limit.zip(known.window.as_ref())) {
        (Standing::Closed, _) => Some(Obstacle::AccountClosed),
        (Standing::Unapproved | Standing::Suspended, _) => Some(Obstacle::KycNotApproved),
        (Standing::Approved, _) if !known.trading_is_enabled => Some(Obstacle::TradingDisabled),
        (Standing::Approved, None) => Some(Obstacle::LimitUnreadable),
        (Standing::Approved, Some((limit, window))) if !window.leaves_room(limit, money, now) => {
            Some(Obstacle::LimitExceeded)
        }
        (Standing::Approved, Some(_)) => {
            (known.balance.available < money.minor()).then_some(Obstacle::InsufficientFunds)
        }
    }
}

/// Neither a limit nor a suspension stands in its way: it is what is left to do of a customer who is restricted.
fn order_obstacle(known: &Known, money: Money) -> Option<OrderObstacle> {
    match known.standing {
        Standing::Approved | Standing::Unapproved => Some(OrderObstacle::NotRestricted),
        Standing::Suspended | Standing::Closed => {
            (known.balance.available < money.minor()).then_some(OrderObstacle::InsufficientFunds)
        }
    }
}

fn obstacle_name(input: Input) -> Option<&'static str> {
    match input {
        Input::Requested { obstacle, .. } => obstacle.map(Obstacle::name),
        Input::Ordered { obstacle, .. } => obstacle.map(OrderObstacle::name),
        Input::Settled { .. } | Input::Failed | Input::Canceled | Input::Expired { .. } => None,
    }
}

/// It is held for a while, if there is nothing against it.
fn begun(
    known: &Known,
    event: &WithdrawalEvent,
    terms: Terms,
    state: State,
    at: Timestamp,
    now: Timestamp,
    obstacle: Option<&str>,
) -> Transaction {
    let approval = match event {
        WithdrawalEvent::Ordered { approval, .. } => Some(approval.clone()),
        WithdrawalEvent::Requested(_)
        | WithdrawalEvent::Settled { .. }
        | WithdrawalEvent::Failed { .. }
        | WithdrawalEvent::Canceled { .. }
        | WithdrawalEvent::Expired { .. } => None,
    };
    let expires_at = obstacle.is_none().then(|| now.plus_days(DAYS_TO_SETTLE));
    let reason = obstacle.map(str::to_owned);
    Transaction { expires_at, reason, approval, ..Transaction::begun(known.user, state, terms, at) }
}

/// The bank has paid: what is held covers it as far as it goes, what is available the rest, and what is left over comes back.
/// Where nothing is held any more, it counts for the limits once again.
fn settled(
    known: &Known,
    id: TransactionId,
    before: &Transaction,
    amount: Amount,
    state: State,
    now: Timestamp,
) -> Result<Booking, NotBooked> {
    let paid = settled_money(before, amount)?;
    let is_held = before.state == State::Withdrawal(withdrawal::State::Authorized);
    let held = if is_held { before.money.minor() } else { 0 };
    let from_hold = paid.minor().min(held);
    let with_this = |window: &Window| if is_held { window.clone() } else { window.with(id, paid, now) };
    let window = known.window.as_ref().map(with_this);
    let after = Transaction { settled_amount: Some(paid.minor()), ..before.entering(state, None) };
    Booking { window, ..Booking::of(known, after) }
        .post(Some(Flow::PayOut), from_hold)?
        .post(Some(Flow::Send), paid.minor() - from_hold)?
        .post(Some(Flow::Release), held - from_hold)
}

fn settled_money(before: &Transaction, amount: Amount) -> Result<Money, Refusal> {
    amount.of(before.currency()).map_err(Refusal::AmountUnreadable)
}

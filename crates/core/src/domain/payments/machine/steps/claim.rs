//! Refunds and disputes: what is wanted back of a deposit.

use super::{state_of, there};
use crate::{
    domain::{
        notifications::facts::Template,
        payments::{
            facts::{Claim, DisputeEvent, RefundEvent, Terms},
            machine::{
                Booking, Notice, Refusal, Standing, State, Transaction, dispute, payment,
                refund::{self, Obstacle},
            },
        },
    },
    kernel::{ids::TransactionId, money::Money, timestamp::Timestamp},
};

pub(in super::super) fn refund(standing: &Standing, event: &RefundEvent, at: Timestamp) -> Result<Booking, Refusal> {
    let before = standing.transaction.as_ref();
    let from = state_of(before, |state| match state {
        State::Refund(state) => Some(state),
        State::Deposit(_) | State::Payment(_) | State::Withdrawal(_) | State::Dispute(_) => None,
    })?;
    match event {
        RefundEvent::Requested(claim) => {
            let payment = claimed(standing, payment::Input::RefundRequested)?;
            refund::transition(from, refund::Input::Requested(None))?;
            let money = claim.amount.of(payment.currency()).map_err(Refusal::AmountUnreadable)?;
            let obstacle = obstacle(standing, payment, money);
            let edge = refund::transition(from, refund::Input::Requested(obstacle))?;
            let mut after = begun(standing, claim, payment, State::Refund(edge.to), money, at);
            if let Some(obstacle) = obstacle {
                after.reason = Some(obstacle.name().to_owned());
                return Ok(Booking::of(standing, after));
            }
            let payment = refunded(payment, money.minor());
            Booking { payment: Some(payment), ..Booking::of(standing, after) }.post(edge.flow, money.minor())
        }
        RefundEvent::Settled => {
            let edge = refund::transition(from, refund::Input::Settled)?;
            let before = there(before, refund::Input::Settled.event())?;
            let after = Transaction { state: State::Refund(edge.to), ..before.clone() };
            Booking::of(standing, after).post(edge.flow, before.money.minor())
        }
        RefundEvent::Failed { reason } => {
            let input = refund::Input::Failed { after_reversal: is_reversed(standing) };
            let edge = refund::transition(from, input)?;
            let before = there(before, input.event())?;
            let state = State::Refund(edge.to);
            let after = Transaction { state, reason: Some(reason.clone()), ..before.clone() };
            let payment = standing.payment.as_ref().map(|it| refunded(it, -before.money.minor()));
            Booking { payment, ..Booking::of(standing, after) }.post(edge.flow, before.money.minor())
        }
    }
}

pub(in super::super) fn dispute(
    standing: &Standing,
    id: TransactionId,
    event: &DisputeEvent,
    at: Timestamp,
) -> Result<Booking, Refusal> {
    let before = standing.transaction.as_ref();
    let from = state_of(before, |state| match state {
        State::Dispute(state) => Some(state),
        State::Deposit(_) | State::Payment(_) | State::Withdrawal(_) | State::Refund(_) => None,
    })?;
    match event {
        DisputeEvent::Opened(claim) => {
            let payment = claimed(standing, payment::Input::DisputeOpened)?;
            let edge = dispute::transition(from, dispute::Input::Opened)?;
            let money = claim.amount.of(payment.currency()).map_err(Refusal::AmountUnreadable)?;
            if money.minor() > payment.left() {
                return Err(Refusal::DisputeExceedsPayment);
            }
            let after = begun(standing, claim, payment, State::Dispute(edge.to), money, at);
            let notice = told(Template::DisputeOpened, id, &after);
            let payment = disputed(payment, money.minor());
            let booking = Booking { payment: Some(payment), ..Booking::of(standing, after) };
            Ok(booking.post(edge.flow, money.minor())?.telling(notice))
        }
        DisputeEvent::Won => {
            let input = dispute::Input::Won { after_reversal: is_reversed(standing) };
            let edge = dispute::transition(from, input)?;
            let before = there(before, input.event())?;
            let payment = standing.payment.as_ref().map(|it| disputed(it, -before.money.minor()));
            Ok(Booking { payment, ..closed(standing, id, before, edge, "WON")? })
        }
        DisputeEvent::Lost => {
            let edge = dispute::transition(from, dispute::Input::Lost)?;
            closed(standing, id, there(before, dispute::Input::Lost.event())?, edge, "LOST")
        }
    }
}

/// The deposit that something is wanted back of, if its own table lets it.
fn claimed(standing: &Standing, input: payment::Input) -> Result<&Transaction, Refusal> {
    let payment = standing.payment.as_ref();
    let state = state_of(payment, |state| match state {
        State::Deposit(state) => Some(state),
        State::Payment(_) | State::Withdrawal(_) | State::Refund(_) | State::Dispute(_) => None,
    })?;
    payment::transition(state, input)?;
    there(payment, input.name())
}

/// The first of the reasons, in their order.
fn obstacle(standing: &Standing, payment: &Transaction, money: Money) -> Option<Obstacle> {
    if money.minor() > payment.left() {
        Some(Obstacle::RefundExceedsPayment)
    } else if standing.balance.available < money.minor() {
        Some(Obstacle::InsufficientFunds)
    } else {
        None
    }
}

/// It goes the way that the payment came.
fn begun(
    standing: &Standing,
    claim: &Claim,
    payment: &Transaction,
    state: State,
    money: Money,
    at: Timestamp,
) -> Transaction {
    let terms = Terms { money, method: payment.method };
    let begun = Transaction::begun(standing.user, state, terms, at);
    Transaction { payment: Some(claim.payment), reason: claim.reason.clone(), ..begun }
}

fn closed(
    standing: &Standing,
    id: TransactionId,
    before: &Transaction,
    edge: crate::domain::payments::machine::Edge<dispute::State>,
    outcome: &str,
) -> Result<Booking, Refusal> {
    let after = Transaction { state: State::Dispute(edge.to), ..before.clone() };
    let notice = told(Template::DisputeClosed, id, &after).with("outcome", outcome.to_owned());
    Ok(Booking::of(standing, after).post(edge.flow, before.money.minor())?.telling(notice))
}

/// The customer knows the payment, not the number of the dispute; both are named.
fn told(template: Template, id: TransactionId, dispute: &Transaction) -> Notice {
    let notice = Notice::about(template, id, dispute).with("disputeId", id.to_string());
    dispute.payment.iter().fold(notice, |notice, payment| notice.with("transactionId", payment.to_string()))
}

fn is_reversed(standing: &Standing) -> bool {
    standing.payment.as_ref().is_some_and(Transaction::is_reversed)
}

fn refunded(payment: &Transaction, by: i64) -> Transaction {
    Transaction { refunded: Some(payment.refunded.unwrap_or(0) + by), ..payment.clone() }
}

fn disputed(payment: &Transaction, by: i64) -> Transaction {
    Transaction { disputed: Some(payment.disputed.unwrap_or(0) + by), ..payment.clone() }
}

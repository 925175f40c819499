//! Deposits and payments.

use super::there;
use crate::{
    domain::{
        notifications::facts::Template,
        payments::{
            facts::{PaymentEvent, Terms},
            machine::{
                Booking, Notice, Refusal, Standing, State, Transaction,
                payment::{self, Input, transition},
            },
        },
    },
    kernel::{ids::TransactionId, timestamp::Timestamp},
};

pub(in super::super) fn step(
    standing: &Standing,
    id: TransactionId,
    event: &PaymentEvent,
    at: Timestamp,
) -> Result<Booking, Refusal> {
    let before = standing.transaction.as_ref();
    let (input, from) = asked(event, before.map(|it| it.state))?;
    let edge = transition(from, input)?;
    let begun =
        |kind: fn(payment::State) -> State, terms: &Terms| Transaction::begun(standing.user, kind(edge.to), *terms, at);
    let ended = |reason: &String| {
        let before = there(before, input.event())?;
        let kind = if input == Input::ReversedAfterSending { State::Payment } else { State::Deposit };
        Ok::<_, Refusal>(Transaction { state: kind(edge.to), reason: Some(reason.clone()), ..before.clone() })
    };
    match event {
        PaymentEvent::Initiated(terms) => Ok(Booking::of(standing, begun(State::Deposit, terms))),
        PaymentEvent::Sent(terms) => {
            Booking::of(standing, begun(State::Payment, terms)).post(edge.flow, terms.money.minor())
        }
        PaymentEvent::Received(terms) => {
            let after = match before {
                None => begun(State::Deposit, terms),
                Some(announced) => received(announced, State::Deposit(edge.to), terms)?,
            };
            Booking::of(standing, after).post(edge.flow, terms.money.minor())
        }
        PaymentEvent::Failed { reason } | PaymentEvent::Canceled { reason } => {
            Ok(Booking::of(standing, ended(reason)?))
        }
        PaymentEvent::Reversed { reason } => {
            let after = ended(reason)?;
            let (left, notice) = (after.left(), Notice::about(Template::PaymentReversed, id, &after));
            Ok(Booking::of(standing, after).post(edge.flow, left)?.telling(notice))
        }
    }
}

/// The table's input, and the state: only a deposit is announced and received, only a payment is sent.
fn asked(event: &PaymentEvent, state: Option<State>) -> Result<(Input, Option<payment::State>), Refusal> {
    let deposit = match state {
        None => Ok(None),
        Some(State::Deposit(state)) => Ok(Some(state)),
        Some(State::Payment(_) | State::Withdrawal(_) | State::Refund(_) | State::Dispute(_)) => {
            Err(Refusal::WrongKind)
        }
    };
    let payment = match state {
        None => Ok(None),
        Some(State::Payment(state)) => Ok(Some(state)),
        Some(State::Deposit(_) | State::Withdrawal(_) | State::Refund(_) | State::Dispute(_)) => {
            Err(Refusal::WrongKind)
        }
    };
    Ok(match event {
        PaymentEvent::Initiated(_) => (Input::Initiated, deposit?),
        PaymentEvent::Received(_) => (Input::Received, deposit?),
        PaymentEvent::Failed { .. } => (Input::Failed, deposit?),
        PaymentEvent::Canceled { .. } => (Input::Canceled, deposit?),
        PaymentEvent::Sent(_) => (Input::Sent, payment?),
        PaymentEvent::Reversed { .. } => match payment {
            Ok(Some(sent)) => (Input::ReversedAfterSending, Some(sent)),
            Ok(None) | Err(_) => (Input::ReversedAfterReceipt, deposit?),
        },
    })
}

/// The money that was announced is there, whichever way it came in the end.
fn received(announced: &Transaction, state: State, terms: &Terms) -> Result<Transaction, Refusal> {
    if announced.currency() != terms.money.currency() {
        return Err(Refusal::ForeignTransaction);
    }
    if announced.money != terms.money {
        return Err(Refusal::AmountMismatch);
    }
    Ok(Transaction { state, method: terms.method, ..announced.clone() })
}

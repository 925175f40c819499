//! Deposits and payments.

use super::{check_currency, state_of, taken};
use crate::{
    domain::{
        notifications::facts::Template,
        payments::{
            facts::PaymentEvent,
            machine::{
                Booking, Known, NotBooked, Notice, Refusal, State, Transaction,
                payment::{self, Input, transition},
            },
        },
    },
    kernel::{ids::TransactionId, timestamp::Timestamp},
};

pub(in super::super) fn step(
    known: &Known,
    id: TransactionId,
    event: &PaymentEvent,
    at: Timestamp,
) -> Result<Booking, NotBooked> {
    let before = known.transaction.as_ref();
    let (kind, from) = asked(event, before)?;
    let edge = taken(transition(from, input(event, before, kind)?)?)?;
    let state = kind(edge.to);
    let booking = match event {
        PaymentEvent::Initiated(terms) => Booking::of(known, Transaction::begun(known.user, state, *terms, at)),
        PaymentEvent::Sent(terms) => {
            let after = Transaction::begun(known.user, state, *terms, at);
            Booking::of(known, after).post(edge.flow, terms.money.minor())?
        }
        PaymentEvent::Received(terms) => {
            let received = terms.money.minor();
            // What is there is the money that came, the way that it came in the end.
            let after = before.map_or_else(
                || Transaction::begun(known.user, state, *terms, at),
                |announced| Transaction {
                    method: terms.method,
                    settled_amount: (announced.money != terms.money).then_some(received),
                    ..announced.entering(state, None)
                },
            );
            Booking::of(known, after).post(edge.flow, received)?
        }
        PaymentEvent::Failed { reason } | PaymentEvent::Canceled { reason } => {
            let Some(before) = before else { return Err(NotBooked::AwaitsTransaction) };
            Booking::of(known, before.entering(state, Some(reason)))
        }
        PaymentEvent::Reversed { reason } => {
            let Some(before) = before else { return Err(NotBooked::AwaitsTransaction) };
            let mut after = before.clone();
            let left = after.reverse(i64::MAX);
            let after = after.entering(state, Some(reason));
            let notice = Notice::about(Template::PaymentReversed, id, &after);
            Booking::of(known, after).post(edge.flow, left)?.telling(notice)
        }
    };
    Ok(booking)
}

type Asked = (fn(payment::State) -> State, Option<payment::State>);

/// Only a deposit is announced and received, only a payment is sent, and either may be reversed.
fn asked(event: &PaymentEvent, before: Option<&Transaction>) -> Result<Asked, Refusal> {
    let deposit = || state_of(before, |state| if let State::Deposit(state) = state { Some(state) } else { None });
    let payment = || state_of(before, |state| if let State::Payment(state) = state { Some(state) } else { None });
    match event {
        PaymentEvent::Initiated(_)
        | PaymentEvent::Received(_)
        | PaymentEvent::Failed { .. }
        | PaymentEvent::Canceled { .. } => Ok((State::Deposit, deposit()?)),
        PaymentEvent::Sent(_) => Ok((State::Payment, payment()?)),
        PaymentEvent::Reversed { .. } => match payment() {
            Ok(Some(sent)) => Ok((State::Payment, Some(sent))),
            Ok(None) | Err(_) => Ok((State::Deposit, deposit()?)),
        },
    }
}

fn input(
    event: &PaymentEvent,
    before: Option<&Transaction>,
    kind: fn(payment::State) -> State,
) -> Result<Input, Refusal> {
    Ok(match event {
        PaymentEvent::Initiated(terms) => {
            check_currency(before, terms.money)?;
            Input::Initiated
        }
        PaymentEvent::Received(terms) => {
            check_currency(before, terms.money)?;
            let is_again = before.is_some_and(|it| it.moved() == terms.money.minor());
            if is_again { Input::ReceivedAgain } else { Input::Received }
        }
        PaymentEvent::Sent(terms) => {
            check_currency(before, terms.money)?;
            let is_again = before.is_some_and(|it| it.money == terms.money);
            if is_again { Input::SentAgain } else { Input::Sent }
        }
        PaymentEvent::Failed { .. } => Input::Failed,
        PaymentEvent::Canceled { .. } => Input::Canceled,
        PaymentEvent::Reversed { .. } => match kind(payment::State::Settled) {
            State::Payment(_) => Input::ReversedAfterSending,
            State::Deposit(_)
            | State::Withdrawal(_)
            | State::Refund(_)
            | State::Dispute(_)
            | State::Adjustment(_)
            | State::Fee(_) => Input::ReversedAfterReceipt,
        },
    })
}

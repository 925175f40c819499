//! What refunds and disputes have in common: a deposit, and a part of it.

use super::state_of;
use crate::{
    domain::payments::{
        facts::{Claim, Terms},
        machine::{Booking, Flow, Known, NotBooked, Refusal, State, Transaction, payment},
    },
    kernel::{
        money::{Amount, Money},
        timestamp::Timestamp,
    },
};

/// The deposit that something is wanted back of, and its state; None where it isn't there.
pub(super) fn deposit(known: &Known) -> Result<Option<(&Transaction, payment::State)>, Refusal> {
    let payment = known.payment.as_ref();
    let state = state_of(payment, |state| if let State::Deposit(state) = state { Some(state) } else { None })?;
    Ok(payment.zip(state))
}

/// An amount of the payment's currency, which is that of the claim that is there.
pub(super) fn money(known: &Known, payment: &Transaction, amount: Amount) -> Result<Money, Refusal> {
    super::check_currency(known.transaction.as_ref(), payment.money)?;
    amount.of(payment.currency()).map_err(Refusal::AmountUnreadable)
}

pub(super) fn is_same(before: Option<&Transaction>, claim: &Claim, money: Money) -> bool {
    before.is_some_and(|it| it.payment == Some(claim.payment) && it.money == money)
}

/// It goes the way that the payment came.
pub(super) fn begun(
    known: &Known,
    claim: &Claim,
    payment: &Transaction,
    state: State,
    money: Money,
    at: Timestamp,
) -> Transaction {
    let terms = Terms { money, method: payment.method };
    Transaction { payment: Some(claim.payment), ..Transaction::begun(known.user, state, terms, at) }
}

/// Books a claim that has come to nothing. The customer has it back, unless the payment was reversed meanwhile: then it
/// belongs to the one who reversed, as far as anything is left.
pub(super) fn given_back(
    known: &Known,
    after: Transaction,
    mut payment: Transaction,
    flow: Option<Flow>,
) -> Result<Booking, NotBooked> {
    let amount = after.money.minor();
    let taken = if payment.is_reversed() { payment.reverse(amount) } else { 0 };
    Booking { payment: Some(payment), ..Booking::of(known, after) }
        .post(flow.and_then(Flow::outward), taken)?
        .post(flow, amount - taken)
}

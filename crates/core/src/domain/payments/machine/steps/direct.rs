//! Fees, and operators' corrections.

use super::{check_currency, state_of, taken};
use crate::{
    domain::payments::{
        facts::{Adjustment, Direction, Fee, Method, Terms},
        machine::{
            Account, Booking, Known, NotBooked, Refusal, State, Transaction,
            direct::{self, Input, transition},
        },
    },
    kernel::{money::Money, timestamp::Timestamp},
};

pub(in super::super) fn fee(known: &Known, fee: &Fee, at: Timestamp) -> Result<Booking, NotBooked> {
    let before = known.transaction.as_ref();
    let from = state_of(before, |state| if let State::Fee(state) = state { Some(state) } else { None })?;
    let input = if is_again(before, fee.money)? { Input::ChargedAgain } else { Input::Charged };
    booked(known, from, input, |state| Transaction {
        payment: fee.payment,
        ..begun(known, State::Fee(state), fee.money, at)
    })
}

pub(in super::super) fn adjustment(
    known: &Known,
    adjustment: &Adjustment,
    at: Timestamp,
) -> Result<Booking, NotBooked> {
    let before = known.transaction.as_ref();
    let from = state_of(before, |state| if let State::Adjustment(state) = state { Some(state) } else { None })?;
    let is_again = is_again(before, adjustment.money)? && before.and_then(direction) == Some(adjustment.direction);
    let input = match (adjustment.direction, is_again) {
        (Direction::Credit, true) => Input::CreditedAgain,
        (Direction::Credit, false) => Input::Credited,
        (Direction::Debit, true) => Input::DebitedAgain,
        (Direction::Debit, false) => Input::Debited,
    };
    booked(known, from, input, |state| {
        let begun = begun(known, State::Adjustment(state), adjustment.money, at);
        Transaction { approval: Some(adjustment.approval.clone()), ..begun }
    })
}

fn booked(
    known: &Known,
    from: Option<direct::State>,
    input: Input,
    begun: impl Fn(direct::State) -> Transaction,
) -> Result<Booking, NotBooked> {
    let edge = taken(transition(from, input)?)?;
    let after = begun(edge.to);
    let amount = after.money.minor();
    Booking::of(known, after).post(edge.flow, amount)
}

fn is_again(before: Option<&Transaction>, money: Money) -> Result<bool, Refusal> {
    check_currency(before, money)?;
    Ok(before.is_some_and(|it| it.money == money))
}

/// As the first one posted it.
fn direction(adjustment: &Transaction) -> Option<Direction> {
    let posting = adjustment.postings.iter().find(|posting| posting.account == Account::Available)?;
    Some(if posting.amount > 0 { Direction::Credit } else { Direction::Debit })
}

/// Neither takes a way that anybody chose.
fn begun(known: &Known, state: State, money: Money, at: Timestamp) -> Transaction {
    Transaction::begun(known.user, state, Terms { money, method: Method::Other }, at)
}

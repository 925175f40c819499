//! What an edge of a table does: to the transaction, to the payment behind it, to the balance; and what the customer is told.

mod claim;
mod payment;
mod withdrawal;

pub(super) use self::{
    claim::{dispute, refund},
    payment::step as payment,
    withdrawal::step as withdrawal,
};
use super::{Refusal, State, Transaction, edge::illegal};

/// The state in the machine that the event belongs to; None where there is no transaction.
fn state_of<S>(transaction: Option<&Transaction>, of_kind: fn(State) -> Option<S>) -> Result<Option<S>, Refusal> {
    transaction.map(|it| of_kind(it.state).ok_or(Refusal::WrongKind)).transpose()
}

/// The transaction, of an event that can't begin one.
fn there<'a>(transaction: Option<&'a Transaction>, event: &'static str) -> Result<&'a Transaction, Refusal> {
    transaction.ok_or_else(|| illegal(None, event).into())
}

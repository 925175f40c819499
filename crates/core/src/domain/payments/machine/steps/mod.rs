//! What an edge of a table does: to the transaction, to the payment behind it, to the balance; and what the customer is told.

mod claim;
mod direct;
mod dispute;
mod payment;
mod refund;
mod withdrawal;

pub(super) use self::{
    direct::{adjustment, fee},
    dispute::step as dispute,
    payment::step as payment,
    refund::step as refund,
    withdrawal::step as withdrawal,
};
use super::{Edge, NotBooked, Refusal, State, Step, Transaction};
use crate::kernel::money::Money;

/// The state in the machine that the event belongs to; None where there is no transaction.
fn state_of<S>(transaction: Option<&Transaction>, of_kind: fn(State) -> Option<S>) -> Result<Option<S>, Refusal> {
    transaction.map(|it| of_kind(it.state).ok_or(Refusal::WrongKind)).transpose()
}

/// An event that names money names the currency of the transaction that is there.
fn check_currency(transaction: Option<&Transaction>, money: Money) -> Result<(), Refusal> {
    if transaction.is_none_or(|it| it.currency() == money.currency()) { Ok(()) } else { Err(Refusal::CurrencyMismatch) }
}

/// The edge, where there is one to take.
fn taken<S>(step: Step<S>) -> Result<Edge<S>, NotBooked> {
    match step {
        Step::Taken(edge) => Ok(edge),
        Step::Stale => Err(NotBooked::Stale),
        Step::Awaits => Err(NotBooked::AwaitsTransaction),
    }
}

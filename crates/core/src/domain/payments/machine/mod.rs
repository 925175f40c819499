//! Money that comes and goes. Each machine is a table in a file of its own; what an edge of it does to the customer's money
//! stands in `steps`. A fact about money that has moved is posted whatever came before; only requests are judged.
//!
//! The order of the checks: another user's, its own kind, whether it is there, whether its payment is, the payment's kind,
//! currency, stale, state, amount.

mod booking;
mod details;
pub mod direct;
pub mod dispute;
mod edge;
mod ledger;
mod limits;
mod notice;
pub mod payment;
pub mod refund;
mod refusal;
mod steps;
mod transaction;
pub mod withdrawal;

pub use self::{
    booking::{Booking, Known, NotBooked, Standing},
    details::{Approval, Counterparty, Details},
    edge::{Edge, Step},
    ledger::{Account, Balance, Flow, Posting},
    limits::{Entry, Limit, Window},
    notice::Notice,
    refusal::Refusal,
    transaction::{Kind, State, Transaction},
    withdrawal::DAYS_TO_SETTLE,
};
use crate::{
    domain::payments::facts::{PaymentFact, What},
    kernel::timestamp::Timestamp,
};

/// `at` is when it happened, `now` when it is decided.
pub fn book(known: &Known, fact: &PaymentFact, at: Timestamp, now: Timestamp) -> Result<Box<Booking>, NotBooked> {
    let transactions = known.transaction.iter().chain(&known.payment);
    if transactions.into_iter().any(|transaction| transaction.user != known.user) {
        return Err(Refusal::ForeignTransaction.into());
    }
    let id = fact.transaction;
    let mut booking = match &fact.what {
        What::Payment(event) => steps::payment(known, id, event, at)?,
        What::Withdrawal(event) => steps::withdrawal(known, id, event, at, now)?,
        What::Refund(event) => steps::refund(known, event, at)?,
        What::Dispute(event) => steps::dispute(known, id, event, at)?,
        What::Fee(fee) => steps::fee(known, fee, at)?,
        What::Adjustment(adjustment) => steps::adjustment(known, adjustment, at)?,
    };
    booking.transaction.details.add(&fact.details);
    let currency = booking.transaction.currency();
    booking.notices.extend(Notice::overdrawn(known.balance, booking.balance, currency));
    Ok(Box::new(booking))
}

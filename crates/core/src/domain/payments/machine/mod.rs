//! Money that comes and goes. Four machines, each a table in a file of its own; what an edge of them does to the customer's
//! money stands in `steps`. The order of the checks: another user's, wrong kind, state, currency, amount.

mod booking;
pub mod dispute;
mod edge;
mod ledger;
mod limits;
mod notice;
pub mod payment;
pub mod refund;
mod steps;
mod transaction;
pub mod withdrawal;

pub use self::{
    booking::{Booking, Refusal, Standing},
    edge::Edge,
    ledger::{Account, Balance, Flow, Posting},
    limits::{Entry, Limit, Window},
    notice::Notice,
    transaction::{Kind, State, Transaction},
    withdrawal::DAYS_TO_SETTLE,
};
use crate::{
    domain::payments::facts::{PaymentFact, What},
    kernel::timestamp::Timestamp,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    Booked(Box<Booking>),
    /// A deadline that something else has made void.
    Stale,
}

/// `at` is when it happened, `now` when it is decided.
pub fn step(standing: &Standing, fact: &PaymentFact, at: Timestamp, now: Timestamp) -> Result<Step, Refusal> {
    let known = standing.transaction.iter().chain(&standing.payment);
    if known.into_iter().any(|transaction| transaction.user != standing.user) {
        return Err(Refusal::ForeignTransaction);
    }
    let id = fact.transaction;
    let mut booking = match &fact.what {
        What::Payment(event) => steps::payment(standing, id, event, at)?,
        What::Withdrawal(event) => match steps::withdrawal(standing, id, event, at, now)? {
            Some(booking) => booking,
            None => return Ok(Step::Stale),
        },
        What::Refund(event) => steps::refund(standing, event, at)?,
        What::Dispute(event) => steps::dispute(standing, id, event, at)?,
    };
    let currency = booking.transaction.currency();
    booking.notices.extend(Notice::overdrawn(standing.balance, booking.balance, currency));
    Ok(Step::Booked(Box::new(booking)))
}

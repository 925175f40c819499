//! Money that comes and goes. Four machines, each a table in a file of its own; what an edge of them does to the customer's
//! money stands in `steps`. The order of the checks: another user's, wrong kind, state, currency, amount.

pub mod dispute;
mod ledger;
mod limits;
mod notice;
pub mod payment;
pub mod refund;
mod steps;
mod transaction;
pub mod withdrawal;

use std::fmt;

pub use self::{
    ledger::{Account, Balance, Flow, Posting},
    limits::{Entry, Limit, Window},
    notice::Notice,
    transaction::{Kind, State, Transaction},
};
use crate::{
    domain::{
        IllegalTransition,
        payments::facts::{PaymentFact, What},
    },
    kernel::{ids::UserId, timestamp::Timestamp},
};

/// How long the money of an authorized withdrawal is held.
pub const DAYS_TO_SETTLE: u32 = 7;

/// An edge of one of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Edge<S> {
    pub to: S,
    pub flow: Option<Flow>,
}

/// What is known before the event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    pub user: UserId,
    pub kyc_is_approved: bool,
    pub trading_is_enabled: bool,
    /// In the currency that the event is about.
    pub balance: Balance,
    /// The transaction that the event is about, where it is there.
    pub transaction: Option<Transaction>,
    /// And the payment that this one is, or would be, a refund or a dispute of.
    pub payment: Option<Transaction>,
    pub limit: Limit,
    pub window: Window,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    Booked(Box<Booking>),
    /// A deadline that something else has made void.
    Stale,
}

/// What holds after the event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Booking {
    pub transaction: Transaction,
    pub payment: Option<Transaction>,
    pub balance: Balance,
    pub window: Window,
    pub notices: Vec<Notice>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The transaction is another customer's, or in another currency.
    ForeignTransaction,
    WrongKind,
    Illegal(IllegalTransition),
    AmountMismatch,
    AmountExceedsAuthorized,
    DisputeExceedsPayment,
    /// No integer would hold the balance.
    BalanceOverflow,
    /// Not an amount of the transaction's currency: the rule that it breaks. Only here is it known which currency that is.
    AmountUnreadable(String),
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

impl<S> Edge<S> {
    /// Without money.
    fn to(to: S) -> Result<Edge<S>, IllegalTransition> {
        Ok(Edge { to, flow: None })
    }

    fn along(flow: Flow, to: S) -> Result<Edge<S>, IllegalTransition> {
        Ok(Edge { to, flow: Some(flow) })
    }
}

impl Booking {
    fn of(standing: &Standing, transaction: Transaction) -> Booking {
        let (balance, window) = (standing.balance, standing.window.clone());
        Booking { transaction, payment: None, balance, window, notices: Vec::new() }
    }

    /// Moves money, if there is a way for it and it isn't nothing.
    fn post(mut self, flow: Option<Flow>, amount: i64) -> Result<Booking, Refusal> {
        let postings = flow.map_or_else(Vec::new, |flow| flow.postings(amount, self.transaction.method));
        self.balance = self.balance.posted(&postings).ok_or(Refusal::BalanceOverflow)?;
        self.transaction.postings.extend(postings);
        Ok(self)
    }

    fn telling(mut self, notice: Notice) -> Booking {
        self.notices.push(notice);
        self
    }
}

/// From nothing where there is no transaction.
fn illegal(from: Option<&'static str>, event: &'static str) -> IllegalTransition {
    IllegalTransition { from: from.unwrap_or("-"), event }
}

impl From<IllegalTransition> for Refusal {
    fn from(illegal: IllegalTransition) -> Refusal {
        Refusal::Illegal(illegal)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::ForeignTransaction => f.write_str("ForeignTransaction"),
            Refusal::WrongKind => f.write_str("WrongKind"),
            Refusal::Illegal(illegal) => illegal.fmt(f),
            Refusal::AmountMismatch => f.write_str("AmountMismatch"),
            Refusal::AmountExceedsAuthorized => f.write_str("AmountExceedsAuthorized"),
            Refusal::DisputeExceedsPayment => f.write_str("DisputeExceedsPayment"),
            Refusal::BalanceOverflow => f.write_str("BalanceOverflow"),
            Refusal::AmountUnreadable(rule) => f.write_str(rule),
        }
    }
}

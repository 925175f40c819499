//! What is known before an event, and what holds after it or keeps it out.

use super::{Balance, Flow, Limit, Notice, Refusal, Transaction, Window};
use crate::kernel::{ids::UserId, names::names};

names! {
    /// How the customer stands, as far as it matters for requests.
    Standing {
        Approved = "APPROVED",
        Unapproved = "UNAPPROVED",
        Suspended = "SUSPENDED",
        Closed = "CLOSED",
    }
}

/// What is known before the event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Known {
    pub user: UserId,
    pub standing: Standing,
    pub trading_is_enabled: bool,
    /// In the currency that the event is about.
    pub balance: Balance,
    /// The transaction that the event is about, where it is there.
    pub transaction: Option<Transaction>,
    /// And the payment that this one is, or would be, a refund or a dispute of.
    pub payment: Option<Transaction>,
    /// None where it can't be read.
    pub limit: Option<Limit>,
    /// None where it can't be read. It then stays as it is: money that has moved is booked all the same.
    pub window: Option<Window>,
}

/// Why nothing is booked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NotBooked {
    Stale,
    /// The transaction isn't there, and this event can't begin it.
    AwaitsTransaction,
    /// The payment that it is a refund or a dispute of isn't there.
    AwaitsPayment,
    Refused(Refusal),
}

/// What holds after the event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Booking {
    pub transaction: Transaction,
    pub payment: Option<Transaction>,
    pub balance: Balance,
    pub window: Option<Window>,
    pub notices: Vec<Notice>,
}

impl Booking {
    pub(super) fn of(known: &Known, transaction: Transaction) -> Booking {
        let (balance, window) = (known.balance, known.window.clone());
        Booking { transaction, payment: None, balance, window, notices: Vec::new() }
    }

    /// Moves money, if there is a way for it and it isn't nothing.
    pub(super) fn post(mut self, flow: Option<Flow>, amount: i64) -> Result<Booking, NotBooked> {
        let postings = flow.map_or_else(Vec::new, |flow| flow.postings(amount, self.transaction.method));
        self.balance = self.balance.posted(&postings).ok_or(Refusal::BalanceOverflow)?;
        self.transaction.postings.extend(postings);
        Ok(self)
    }

    pub(super) fn telling(mut self, notice: Notice) -> Booking {
        self.notices.push(notice);
        self
    }
}

impl From<Refusal> for NotBooked {
    fn from(refusal: Refusal) -> NotBooked {
        NotBooked::Refused(refusal)
    }
}

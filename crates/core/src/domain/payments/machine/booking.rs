//! What is known before an event, and what holds after it or keeps it out.

use std::fmt;

use super::{Balance, Flow, Limit, Notice, Transaction, Window};
use crate::{domain::IllegalTransition, kernel::ids::UserId};

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

impl Booking {
    pub(super) fn of(standing: &Standing, transaction: Transaction) -> Booking {
        let (balance, window) = (standing.balance, standing.window.clone());
        Booking { transaction, payment: None, balance, window, notices: Vec::new() }
    }

    /// Moves money, if there is a way for it and it isn't nothing.
    pub(super) fn post(mut self, flow: Option<Flow>, amount: i64) -> Result<Booking, Refusal> {
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

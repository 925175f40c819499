//! A transaction: one movement of money through its whole life, whatever its kind.

use super::{Posting, dispute, payment, refund, withdrawal};
use crate::{
    domain::payments::facts::{Method, Terms},
    kernel::{
        ids::{TransactionId, UserId},
        money::{Currency, Money},
        names::names,
        timestamp::Timestamp,
    },
};

names! {
    Kind {
        Deposit = "DEPOSIT",
        Payment = "PAYMENT",
        Withdrawal = "WITHDRAWAL",
        Refund = "REFUND",
        Dispute = "DISPUTE",
    }
}

/// The kind, and where in the kind's own machine it stands: there is no authorized refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    Deposit(payment::State),
    Payment(payment::State),
    Withdrawal(withdrawal::State),
    Refund(refund::State),
    Dispute(dispute::State),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Transaction {
    pub user: UserId,
    pub state: State,
    /// As it was asked for or announced at the beginning.
    pub money: Money,
    pub method: Method,
    /// When it began, by the event's time.
    pub at: Timestamp,
    /// Of its whole life, in order.
    pub postings: Vec<Posting>,
    /// What a refund or a dispute is of.
    pub payment: Option<TransactionId>,
    /// What came of a withdrawal.
    pub settled_amount: Option<i64>,
    /// Of a payment: what is open or lost, in minor units. None where there never was any.
    pub refunded: Option<i64>,
    pub disputed: Option<i64>,
    /// When a withdrawal that is authorized runs out.
    pub expires_at: Option<Timestamp>,
    pub reason: Option<String>,
}

impl Transaction {
    pub(super) fn begun(user: UserId, state: State, terms: Terms, at: Timestamp) -> Transaction {
        Transaction {
            user,
            state,
            money: terms.money,
            method: terms.method,
            at,
            postings: Vec::new(),
            payment: None,
            settled_amount: None,
            refunded: None,
            disputed: None,
            expires_at: None,
            reason: None,
        }
    }

    pub fn currency(&self) -> Currency {
        self.money.currency()
    }

    /// What of a payment is neither refunded nor disputed.
    pub(super) fn left(&self) -> i64 {
        self.money.minor() - self.refunded.unwrap_or(0) - self.disputed.unwrap_or(0)
    }

    pub(super) fn is_reversed(&self) -> bool {
        self.state == State::Deposit(payment::State::Reversed)
    }
}

impl State {
    /// None for a status that this kind doesn't know.
    pub fn from_names(kind: Kind, status: &str) -> Option<State> {
        match kind {
            Kind::Deposit => payment::State::from_name(status).map(State::Deposit),
            Kind::Payment => payment::State::from_name(status).map(State::Payment),
            Kind::Withdrawal => withdrawal::State::from_name(status).map(State::Withdrawal),
            Kind::Refund => refund::State::from_name(status).map(State::Refund),
            Kind::Dispute => dispute::State::from_name(status).map(State::Dispute),
        }
    }

    pub fn kind(self) -> Kind {
        match self {
            State::Deposit(_) => Kind::Deposit,
            State::Payment(_) => Kind::Payment,
            State::Withdrawal(_) => Kind::Withdrawal,
            State::Refund(_) => Kind::Refund,
            State::Dispute(_) => Kind::Dispute,
        }
    }

    pub fn status(self) -> &'static str {
        match self {
            State::Deposit(state) | State::Payment(state) => state.name(),
            State::Withdrawal(state) => state.name(),
            State::Refund(state) => state.name(),
            State::Dispute(state) => state.name(),
        }
    }
}

//! A transaction: one movement of money through its whole life, whatever its kind.

use super::{Approval, Details, Posting, Refusal, direct, dispute, payment, refund, withdrawal};
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
        /// An operator's correction.
        Adjustment = "ADJUSTMENT",
        Fee = "FEE",
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
    Adjustment(direct::State),
    Fee(direct::State),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Transaction {
    pub user: UserId,
    pub state: State,
    /// As it was announced, requested or claimed.
    pub money: Money,
    pub method: Method,
    /// When it began, by the event's time.
    pub at: Timestamp,
    /// Of its whole life, in order.
    pub postings: Vec<Posting>,
    /// What a refund or a dispute is of, and what a fee was charged for.
    pub payment: Option<TransactionId>,
    /// What moved in the end: of a withdrawal once it is settled, of a deposit where it isn't what was announced.
    pub settled_amount: Option<i64>,
    /// Of a payment: what is open or lost, in minor units. None where there never was any.
    pub refunded: Option<i64>,
    pub disputed: Option<i64>,
    /// Of a payment: what a reversal has taken back. None where there was none, and in documents of earlier releases.
    pub reversed_amount: Option<i64>,
    /// When a withdrawal that is authorized runs out.
    pub expires_at: Option<Timestamp>,
    /// Why it is what it is: failed, canceled, expired, reversed, or claimed.
    pub reason: Option<String>,
    pub approval: Option<Approval>,
    pub details: Details,
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
            reversed_amount: None,
            expires_at: None,
            reason: None,
            approval: None,
            details: Details::default(),
        }
    }

    /// A reason belongs to the state that it was given for, and a deadline to an authorization.
    pub(super) fn entering(&self, state: State, reason: Option<&String>) -> Transaction {
        Transaction { state, reason: reason.cloned(), expires_at: None, ..self.clone() }
    }

    pub fn currency(&self) -> Currency {
        self.money.currency()
    }

    /// In minor units.
    pub(super) fn moved(&self) -> i64 {
        self.settled_amount.unwrap_or(self.money.minor())
    }

    /// What of a payment is neither refunded nor disputed nor reversed.
    pub(super) fn left(&self) -> i64 {
        self.unclaimed().saturating_sub(self.reversed()).max(0)
    }

    /// Earlier releases wrote no amount beside REVERSED, and reversed all that was left.
    fn reversed(&self) -> i64 {
        let before_amounts = if self.is_reversed() { self.unclaimed().max(0) } else { 0 };
        self.reversed_amount.unwrap_or(before_amounts)
    }

    fn unclaimed(&self) -> i64 {
        let claimed = self.refunded.unwrap_or(0).saturating_add(self.disputed.unwrap_or(0));
        self.moved().saturating_sub(claimed)
    }

    pub(super) fn is_reversed(&self) -> bool {
        matches!(self.state, State::Deposit(payment::State::Reversed) | State::Payment(payment::State::Reversed))
    }

    /// With so much more refunded, or less.
    pub(super) fn with_refunded(&self, by: i64) -> Result<Transaction, Refusal> {
        Ok(Transaction { refunded: added(self.refunded, by)?, ..self.with_reversed_amount_told() })
    }

    pub(super) fn with_disputed(&self, by: i64) -> Result<Transaction, Refusal> {
        Ok(Transaction { disputed: added(self.disputed, by)?, ..self.with_reversed_amount_told() })
    }

    /// Before a claim changes what an earlier release's reversal is computed from.
    fn with_reversed_amount_told(&self) -> Transaction {
        let reversed_amount = if self.is_reversed() { Some(self.reversed()) } else { self.reversed_amount };
        Transaction { reversed_amount, ..self.clone() }
    }

    /// Takes back what is left, as far as `most` goes, and says how much that is.
    pub(super) fn reverse(&mut self, most: i64) -> i64 {
        let taken = most.min(self.left());
        self.reversed_amount = Some(self.reversed() + taken);
        taken
    }
}

fn added(amount: Option<i64>, by: i64) -> Result<Option<i64>, Refusal> {
    amount.unwrap_or(0).checked_add(by).map(Some).ok_or(Refusal::BalanceOverflow)
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
            Kind::Adjustment => direct::State::from_name(status).map(State::Adjustment),
            Kind::Fee => direct::State::from_name(status).map(State::Fee),
        }
    }

    pub fn kind(self) -> Kind {
        match self {
            State::Deposit(_) => Kind::Deposit,
            State::Payment(_) => Kind::Payment,
            State::Withdrawal(_) => Kind::Withdrawal,
            State::Refund(_) => Kind::Refund,
            State::Dispute(_) => Kind::Dispute,
            State::Adjustment(_) => Kind::Adjustment,
            State::Fee(_) => Kind::Fee,
        }
    }

    pub fn status(self) -> &'static str {
        match self {
            State::Deposit(state) | State::Payment(state) => state.name(),
            State::Withdrawal(state) => state.name(),
            State::Refund(state) => state.name(),
            State::Dispute(state) => state.name(),
            State::Adjustment(state) | State::Fee(state) => state.name(),
        }
    }
}

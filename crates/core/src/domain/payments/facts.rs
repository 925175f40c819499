//! The events of payments, withdrawals, refunds, disputes, fees and adjustments.

mod readers;

pub use self::readers::FACTS;
use crate::{
    domain::payments::machine::{Approval, Details},
    kernel::{
        ids::TransactionId,
        money::{Amount, Currency, Money},
        names::names,
    },
};

names! {
    Method {
        Cash = "CASH",
        Transfer = "TRANSFER",
        Card = "CARD",
        Interest = "INTEREST",
        Other = "OTHER",
    }
}

/// What happened, to which transaction. Each family has a machine of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PaymentFact {
    /// A refund and a dispute are transactions of their own.
    pub transaction: TransactionId,
    pub what: What,
    /// Of an event that can begin its transaction.
    pub details: Details,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum What {
    Payment(PaymentEvent),
    Withdrawal(WithdrawalEvent),
    Refund(RefundEvent),
    Dispute(DisputeEvent),
    Fee(Fee),
    Adjustment(Adjustment),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PaymentEvent {
    Initiated(Terms),
    Received(Terms),
    Sent(Terms),
    Failed { reason: String },
    Canceled { reason: String },
    Reversed { reason: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WithdrawalEvent {
    Requested(Terms),
    /// By an operator, for a customer who may not ask for it.
    Ordered {
        terms: Terms,
        approval: Approval,
    },
    Settled {
        amount: Amount,
    },
    Failed {
        reason: Option<String>,
    },
    Canceled {
        reason: Option<String>,
    },
    Expired {
        reason: Option<String>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RefundEvent {
    Requested(Claim),
    /// Where the provider has paid back by itself, it names the payment and the amount.
    Settled {
        named: Option<Claim>,
    },
    Failed {
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DisputeEvent {
    Opened(Claim),
    Won,
    Lost,
}

/// Settled as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fee {
    pub money: Money,
    /// What it was charged for: kept, and not looked up.
    pub payment: Option<TransactionId>,
}

/// An operator's correction.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Adjustment {
    pub money: Money,
    pub direction: Direction,
    pub approval: Approval,
}

names! {
    /// Of a customer's balance.
    Direction {
        Credit = "CREDIT",
        Debit = "DEBIT",
    }
}

/// How much, and how it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Terms {
    pub money: Money,
    pub method: Method,
}

/// How much of which payment is wanted back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    pub payment: TransactionId,
    pub amount: Amount,
    pub reason: Option<String>,
}

impl PaymentFact {
    /// The payment that the event itself says it is a refund or a dispute of.
    pub fn payment(&self) -> Option<TransactionId> {
        let claim = match &self.what {
            What::Refund(refund) => refund.claim(),
            What::Dispute(dispute) => dispute.claim(),
            What::Payment(_) | What::Withdrawal(_) | What::Fee(_) | What::Adjustment(_) => None,
        };
        claim.map(|claim| claim.payment)
    }

    /// The currency that the event itself names.
    pub fn currency(&self) -> Option<Currency> {
        let money = match &self.what {
            What::Payment(
                PaymentEvent::Initiated(terms) | PaymentEvent::Received(terms) | PaymentEvent::Sent(terms),
            )
            | What::Withdrawal(WithdrawalEvent::Requested(terms) | WithdrawalEvent::Ordered { terms, .. }) => {
                terms.money
            }
            What::Fee(fee) => fee.money,
            What::Adjustment(adjustment) => adjustment.money,
            What::Payment(
                PaymentEvent::Failed { .. } | PaymentEvent::Canceled { .. } | PaymentEvent::Reversed { .. },
            )
            | What::Withdrawal(
                WithdrawalEvent::Settled { .. }
                | WithdrawalEvent::Failed { .. }
                | WithdrawalEvent::Canceled { .. }
                | WithdrawalEvent::Expired { .. },
            )
            | What::Refund(_)
            | What::Dispute(_) => return None,
        };
        Some(money.currency())
    }
}

impl RefundEvent {
    /// What an event that can begin a refund begins it with.
    pub fn claim(&self) -> Option<&Claim> {
        match self {
            RefundEvent::Requested(claim) => Some(claim),
            RefundEvent::Settled { named } => named.as_ref(),
            RefundEvent::Failed { .. } => None,
        }
    }
}

impl DisputeEvent {
    pub fn claim(&self) -> Option<&Claim> {
        match self {
            DisputeEvent::Opened(claim) => Some(claim),
            DisputeEvent::Won | DisputeEvent::Lost => None,
        }
    }
}

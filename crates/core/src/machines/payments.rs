//! Money that comes and goes: the states of a transaction, and the postings that alone change a balance.

use std::fmt;

use super::IllegalTransition;
use crate::{
    facts::payments::{Method, Payment},
    ids::UserId,
    names::names,
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

names! {
    Status {
        Pending = "PENDING",
        Authorized = "AUTHORIZED",
        Settled = "SETTLED",
        Failed = "FAILED",
        Canceled = "CANCELED",
        Expired = "EXPIRED",
        Reversed = "REVERSED",
    }
}

/// A transaction as it stands before the event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    pub user: String,
    pub kind: Kind,
    pub status: Status,
    pub currency: String,
    pub amount: i64,
}

/// Which way the money of a payment went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    Received,
    Sent,
}

/// What one customer holds of one currency, in minor units. Facts may take `available` below zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Balance {
    pub available: i64,
    pub pending: i64,
    pub reserved: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Account {
    Available,
    Pending,
    Reserved,
    External(Method),
}

/// Moves a signed amount onto an account. The postings of a transaction sum to zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Posting {
    pub account: Account,
    pub amount: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Settlement {
    pub kind: Kind,
    pub status: Status,
    pub postings: Vec<Posting>,
    pub balance: Balance,
    /// `available` passed from zero or above to below.
    pub overdrawn: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The transaction is another customer's, or in another currency.
    ForeignTransaction,
    WrongKind,
    AmountMismatch,
    /// No integer of ours could hold the balance.
    BalanceOverflow,
    Illegal(IllegalTransition),
}

/// PaymentReceived and PaymentSent: facts, posted whatever the customer's status. The order of the checks: another user's,
/// wrong kind, state, currency, amount.
pub fn settle(
    standing: Option<&Standing>,
    user: UserId,
    direction: Direction,
    payment: &Payment,
    balance: Balance,
) -> Result<Settlement, Refusal> {
    if let Some(standing) = standing {
        check(standing, user, direction, payment)?;
    }
    let amount = payment.money.minor();
    let (kind, change) = match direction {
        Direction::Received => (Kind::Deposit, amount),
        Direction::Sent => (Kind::Payment, -amount),
    };
    let postings = vec![
        Posting { account: Account::External(payment.method), amount: -change },
        Posting { account: Account::Available, amount: change },
    ];
    let after = post(balance, &postings).ok_or(Refusal::BalanceOverflow)?;
    let overdrawn = balance.available >= 0 && after.available < 0;
    Ok(Settlement { kind, status: Status::Settled, postings, balance: after, overdrawn })
}

fn check(standing: &Standing, user: UserId, direction: Direction, payment: &Payment) -> Result<(), Refusal> {
    if standing.user != user.to_string() {
        return Err(Refusal::ForeignTransaction);
    }
    match (direction, standing.kind) {
        (Direction::Received, Kind::Deposit) | (Direction::Sent, Kind::Payment) => {}
        (
            Direction::Received | Direction::Sent,
            Kind::Deposit | Kind::Payment | Kind::Withdrawal | Kind::Refund | Kind::Dispute,
        ) => return Err(Refusal::WrongKind),
    }
    transition(standing.status, direction).map_err(Refusal::Illegal)?;
    if standing.currency != payment.money.currency().code() {
        return Err(Refusal::ForeignTransaction);
    }
    if standing.amount != payment.money.minor() {
        return Err(Refusal::AmountMismatch);
    }
    Ok(())
}

/// The table of LIFECYCLES, Payments, for a transaction that is there.
pub fn transition(from: Status, direction: Direction) -> Result<Status, IllegalTransition> {
    use Status::{Authorized, Canceled, Expired, Failed, Pending, Reversed, Settled};
    let refused = |event| Err(IllegalTransition { from: from.name(), event });
    match direction {
        Direction::Received => match from {
            Pending => Ok(Settled),
            Authorized | Settled | Failed | Canceled | Expired | Reversed => refused("PaymentReceived"),
        },
        Direction::Sent => match from {
            Pending | Authorized | Settled | Failed | Canceled | Expired | Reversed => refused("PaymentSent"),
        },
    }
}

/// None if an account would overflow.
fn post(balance: Balance, postings: &[Posting]) -> Option<Balance> {
    postings.iter().try_fold(balance, |balance, posting| {
        let add = |held: i64| held.checked_add(posting.amount);
        Some(match posting.account {
            Account::Available => Balance { available: add(balance.available)?, ..balance },
            Account::Pending => Balance { pending: add(balance.pending)?, ..balance },
            Account::Reserved => Balance { reserved: add(balance.reserved)?, ..balance },
            Account::External(_) => balance,
        })
    })
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Account::Available => f.write_str("available"),
            Account::Pending => f.write_str("pending"),
            Account::Reserved => f.write_str("reserved"),
            Account::External(method) => write!(f, "external:{method}"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::ForeignTransaction => f.write_str("ForeignTransaction"),
            Refusal::WrongKind => f.write_str("WrongKind"),
            Refusal::AmountMismatch => f.write_str("AmountMismatch"),
            Refusal::BalanceOverflow => f.write_str("BalanceOverflow"),
            Refusal::Illegal(illegal) => illegal.fmt(f),
        }
    }
}

//! Accounts and postings: what alone changes a balance.

use std::fmt;

use crate::{domain::payments::facts::Method, kernel::names::names};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Account {
    /// The customer may dispose of it.
    Available,
    /// On its way out.
    Pending,
    /// Disputed.
    Reserved,
    /// The world outside, by the way that the money takes.
    External(Method),
}

/// Moves a signed amount onto an account. The postings of a transaction sum to zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Posting {
    pub account: Account,
    pub amount: i64,
}

names! {
    /// Every way that money takes.
    Flow {
        Receive = "external -> available",
        Send = "available -> external",
        Hold = "available -> pending",
        Release = "pending -> available",
        PayOut = "pending -> external",
        Reserve = "available -> reserved",
        Restore = "reserved -> available",
        Forfeit = "reserved -> external",
    }
}

/// What one customer holds of one currency, in minor units. Facts may take `available` below zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Balance {
    pub available: i64,
    pub pending: i64,
    pub reserved: i64,
}

impl Flow {
    /// The two postings of `amount` minor units; none where there is nothing to move.
    pub fn postings(self, amount: i64, method: Method) -> Vec<Posting> {
        let (from, to) = self.ends(method);
        let both = [Posting { account: from, amount: -amount }, Posting { account: to, amount }];
        both.into_iter().filter(|posting| posting.amount != 0).collect()
    }

    /// The same money, if it goes out instead of back to the customer. None where it is out already.
    pub(super) fn outward(self) -> Option<Flow> {
        match self {
            Flow::Release => Some(Flow::PayOut),
            Flow::Restore => Some(Flow::Forfeit),
            Flow::Receive => None,
            Flow::Send | Flow::Hold | Flow::PayOut | Flow::Reserve | Flow::Forfeit => Some(self),
        }
    }

    fn ends(self, method: Method) -> (Account, Account) {
        use Account::{Available, Pending, Reserved};
        let external = Account::External(method);
        match self {
            Flow::Receive => (external, Available),
            Flow::Send => (Available, external),
            Flow::Hold => (Available, Pending),
            Flow::Release => (Pending, Available),
            Flow::PayOut => (Pending, external),
            Flow::Reserve => (Available, Reserved),
            Flow::Restore => (Reserved, Available),
            Flow::Forfeit => (Reserved, external),
        }
    }
}

impl Balance {
    /// None if an account would hold more than an integer does, above zero or below.
    pub fn posted(self, postings: &[Posting]) -> Option<Balance> {
        postings.iter().try_fold(self, |balance, posting| {
            let add = |held: i64| held.checked_add(posting.amount);
            Some(match posting.account {
                Account::Available => Balance { available: add(balance.available)?, ..balance },
                Account::Pending => Balance { pending: add(balance.pending)?, ..balance },
                Account::Reserved => Balance { reserved: add(balance.reserved)?, ..balance },
                Account::External(_) => balance,
            })
        })
    }
}

impl Account {
    pub fn from_name(name: &str) -> Option<Account> {
        match name {
            "available" => Some(Account::Available),
            "pending" => Some(Account::Pending),
            "reserved" => Some(Account::Reserved),
            other => other.strip_prefix("external:").and_then(Method::from_name).map(Account::External),
        }
    }
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

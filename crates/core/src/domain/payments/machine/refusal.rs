//! Why an event is refused.

use std::fmt;

use crate::domain::IllegalTransition;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The transaction, or the payment that it is of, is another customer's.
    ForeignTransaction,
    WrongKind,
    CurrencyMismatch,
    Illegal(IllegalTransition),
    /// It contradicts the amount, or the payment, of what is there.
    AmountMismatch,
    /// A payout is ordered only for a customer who may not ask for one.
    NotRestricted,
    NotYetExpired,
    /// No integer would hold the balance.
    BalanceOverflow,
    /// Not an amount of the transaction's currency: the rule that it breaks. Only here is it known which currency that is.
    AmountUnreadable(String),
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
            Refusal::CurrencyMismatch => f.write_str("CurrencyMismatch"),
            Refusal::Illegal(illegal) => illegal.fmt(f),
            Refusal::AmountMismatch => f.write_str("AmountMismatch"),
            Refusal::NotRestricted => f.write_str("NotRestricted"),
            Refusal::NotYetExpired => f.write_str("NotYetExpired"),
            Refusal::BalanceOverflow => f.write_str("BalanceOverflow"),
            Refusal::AmountUnreadable(rule) => f.write_str(rule),
        }
    }
}

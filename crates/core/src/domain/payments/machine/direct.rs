//! The machine of a fee and of an adjustment: a fact that is settled as soon as it is told.

use super::{
    Flow, Refusal,
    edge::{Edge, Step, repeated},
};
use crate::kernel::names::names;

names! {
    State {
        Settled = "SETTLED",
    }
}

names! {
    /// An event, as far as the table looks at it. `Again` is one that names the amount of the one that is there.
    Input {
        Charged = "FeeCharged",
        ChargedAgain = "FeeCharged again",
        Credited = "BalanceAdjusted CREDIT",
        CreditedAgain = "BalanceAdjusted CREDIT again",
        Debited = "BalanceAdjusted DEBIT",
        DebitedAgain = "BalanceAdjusted DEBIT again",
    }
}

/// The table of LIFECYCLES, Payments, for fees and adjustments. None stands for a transaction that isn't there.
pub fn transition(from: Option<State>, input: Input) -> Result<Step<State>, Refusal> {
    use Input::{Charged, ChargedAgain, Credited, CreditedAgain, Debited, DebitedAgain};
    match (input, from) {
        (Charged | ChargedAgain | Debited | DebitedAgain, None) => Edge::along(Flow::Send, State::Settled),
        (Credited | CreditedAgain, None) => Edge::along(Flow::Receive, State::Settled),
        (Charged | Credited | Debited, Some(State::Settled)) => repeated(false),
        (ChargedAgain | CreditedAgain | DebitedAgain, Some(State::Settled)) => repeated(true),
    }
}

impl Input {
    pub fn event(self) -> &'static str {
        match self {
            Input::Charged | Input::ChargedAgain => "FeeCharged",
            Input::Credited | Input::CreditedAgain | Input::Debited | Input::DebitedAgain => "BalanceAdjusted",
        }
    }
}

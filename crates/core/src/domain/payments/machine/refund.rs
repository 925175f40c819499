//! The machine of a refund: a part of a payment that goes back to where it came from.

use super::{
    Flow, Refusal,
    edge::{Edge, Step, illegal, repeated},
};
use crate::kernel::names::names;

names! {
    State {
        Pending = "PENDING",
        Settled = "SETTLED",
        Failed = "FAILED",
    }
}

names! {
    /// Why a request can't be had; of several the first counts.
    Obstacle {
        AccountClosed = "AccountClosed",
        AccountSuspended = "AccountSuspended",
        RefundExceedsPayment = "RefundExceedsPayment",
        InsufficientFunds = "InsufficientFunds",
    }
}

names! {
    /// The payment and the amount that a RefundSettled names.
    Named {
        Nothing = "RefundSettled",
        /// Those of the refund, where it is there.
        Itself = "RefundSettled with payment and amount",
        Another = "RefundSettled with another payment or amount",
    }
}

/// An event, as far as the table looks at it. `again`: it names payment and amount of the refund that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    Requested { obstacle: Option<Obstacle>, again: bool },
    Settled(Named),
    Failed,
}

/// The table of LIFECYCLES, Payments, for refunds. None stands for a transaction that isn't there.
pub fn transition(from: Option<State>, input: Input) -> Result<Step<State>, Refusal> {
    use State::{Failed, Pending, Settled};
    match (input, from) {
        (Input::Requested { obstacle: None, .. }, None) => Edge::along(Flow::Hold, Pending),
        (Input::Requested { obstacle: Some(_), .. }, None) => Edge::to(Failed),
        (Input::Requested { again: true, .. }, Some(Pending | Settled | Failed)) => Ok(Step::Stale),
        (Input::Requested { again: false, .. }, Some(Pending | Settled | Failed)) => {
            Err(illegal(from.map(State::name), input.event()))
        }

        (Input::Settled(Named::Itself | Named::Another), None) => Edge::along(Flow::Send, Settled),
        (Input::Settled(Named::Another), Some(Pending | Settled | Failed)) => repeated(false),
        (Input::Settled(Named::Nothing | Named::Itself), Some(Pending)) => Edge::along(Flow::PayOut, Settled),
        // It went out after all.
        (Input::Settled(Named::Nothing | Named::Itself), Some(Failed)) => Edge::along(Flow::Send, Settled),
        (Input::Settled(Named::Nothing | Named::Itself), Some(Settled)) => Ok(Step::Stale),

        (Input::Failed, Some(Pending)) => Edge::along(Flow::Release, Failed),
        // It bounced.
        (Input::Failed, Some(Settled)) => Edge::along(Flow::Receive, Failed),
        (Input::Failed, Some(Failed)) => Ok(Step::Stale),

        (Input::Settled(Named::Nothing) | Input::Failed, None) => Ok(Step::Awaits),
    }
}

impl Input {
    pub fn event(self) -> &'static str {
        match self {
            Input::Requested { .. } => "RefundRequested",
            Input::Settled(_) => "RefundSettled",
            Input::Failed => "RefundFailed",
        }
    }
}

//! The machine of a refund: a part of a payment that goes back to where it came from.

use super::{
    Flow,
    edge::{Edge, illegal},
};
use crate::{domain::IllegalTransition, kernel::names::names};

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
        RefundExceedsPayment = "RefundExceedsPayment",
        InsufficientFunds = "InsufficientFunds",
    }
}

/// An event, as far as the table looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    Requested(Option<Obstacle>),
    Settled,
    /// Once its payment was reversed, the customer is no longer the one to give it back to.
    Failed {
        after_reversal: bool,
    },
}

/// The table of LIFECYCLES, Payments, for refunds. None stands for a transaction that isn't there.
pub fn transition(from: Option<State>, input: Input) -> Result<Edge<State>, IllegalTransition> {
    use State::{Failed, Pending, Settled};
    let refused = || Err(illegal(from.map(State::name), input.event()));
    match (input, from) {
        (Input::Requested(None), None) => Edge::along(Flow::Hold, Pending),
        (Input::Requested(Some(_)), None) => Edge::to(Failed),
        (Input::Requested(_), Some(Pending | Settled | Failed)) => refused(),

        (Input::Settled, Some(Pending)) => Edge::along(Flow::PayOut, Settled),
        (Input::Failed { after_reversal: false }, Some(Pending)) => Edge::along(Flow::Release, Failed),
        (Input::Failed { after_reversal: true }, Some(Pending)) => Edge::along(Flow::PayOut, Failed),
        (Input::Settled | Input::Failed { .. }, None | Some(Settled | Failed)) => refused(),
    }
}

impl Input {
    pub fn event(self) -> &'static str {
        match self {
            Input::Requested(_) => "RefundRequested",
            Input::Settled => "RefundSettled",
            Input::Failed { .. } => "RefundFailed",
        }
    }
}

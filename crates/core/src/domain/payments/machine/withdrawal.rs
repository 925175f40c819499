//! The machine of a withdrawal: money that a customer asks for.

use super::{
    Flow,
    edge::{Edge, illegal},
};
use crate::{domain::IllegalTransition, kernel::names::names};

/// How long the money of an authorized withdrawal is held.
pub const DAYS_TO_SETTLE: u32 = 7;

names! {
    State {
        Authorized = "AUTHORIZED",
        Settled = "SETTLED",
        Failed = "FAILED",
        Canceled = "CANCELED",
        Expired = "EXPIRED",
    }
}

names! {
    /// Why a request can't be had; of several the first counts.
    Obstacle {
        KycNotApproved = "KycNotApproved",
        TradingDisabled = "TradingDisabled",
        LimitExceeded = "LimitExceeded",
        InsufficientFunds = "InsufficientFunds",
    }
}

/// An event, as far as the table looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    Requested(Option<Obstacle>),
    /// Up to what was authorized; the rest goes back to the customer.
    Settled,
    Failed,
    Canceled,
    Expired,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    Taken(Edge<State>),
    /// It came to its end before its time ran out.
    Stale,
}

/// The table of LIFECYCLES, Payments, for withdrawals. None stands for a transaction that isn't there.
pub fn transition(from: Option<State>, input: Input) -> Result<Step, IllegalTransition> {
    use State::{Authorized, Canceled, Expired, Failed, Settled};
    let refused = || Err(illegal(from.map(State::name), input.event()));
    let taken = |edge: Result<Edge<State>, IllegalTransition>| edge.map(Step::Taken);
    match (input, from) {
        (Input::Requested(None), None) => taken(Edge::along(Flow::Hold, Authorized)),
        (Input::Requested(Some(_)), None) => taken(Edge::to(Failed)),
        (Input::Requested(_), Some(Authorized | Settled | Failed | Canceled | Expired)) => refused(),

        (Input::Settled, Some(Authorized)) => taken(Edge::along(Flow::PayOut, Settled)),
        (Input::Failed, Some(Authorized)) => taken(Edge::along(Flow::Release, Failed)),
        (Input::Canceled, Some(Authorized)) => taken(Edge::along(Flow::Release, Canceled)),
        (Input::Settled | Input::Failed | Input::Canceled, None | Some(Settled | Failed | Canceled | Expired)) => {
            refused()
        }

        (Input::Expired, Some(Authorized)) => taken(Edge::along(Flow::Release, Expired)),
        (Input::Expired, Some(Settled | Failed | Canceled | Expired)) => Ok(Step::Stale),
        (Input::Expired, None) => refused(),
    }
}

impl Input {
    pub fn event(self) -> &'static str {
        match self {
            Input::Requested(_) => "WithdrawalRequested",
            Input::Settled => "WithdrawalSettled",
            Input::Failed => "WithdrawalFailed",
            Input::Canceled => "WithdrawalCanceled",
            Input::Expired => "WithdrawalExpired",
        }
    }
}

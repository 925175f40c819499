//! The machine of a withdrawal: money on its way out, which may still come back.

use super::{
    Flow, Refusal,
    edge::{Edge, Step, illegal, repeated},
};
use crate::kernel::names::names;

/// How long the money of an authorized withdrawal is held.
pub const DAYS_TO_SETTLE: u32 = 7;

names! {
    State {
        Authorized = "AUTHORIZED",
        Settled = "SETTLED",
        Failed = "FAILED",
        Canceled = "CANCELED",
        Expired = "EXPIRED",
        /// It was paid out and came back.
        Reversed = "REVERSED",
    }
}

names! {
    /// Why a request can't be had; of several the first counts.
    Obstacle {
        AccountClosed = "AccountClosed",
        KycNotApproved = "KycNotApproved",
        TradingDisabled = "TradingDisabled",
        /// A limit that nobody can read may be any.
        LimitUnreadable = "LimitUnreadable",
        LimitExceeded = "LimitExceeded",
        InsufficientFunds = "InsufficientFunds",
    }
}

names! {
    /// Why an operator's order isn't carried out; of several the first counts.
    OrderObstacle {
        /// The customer may still ask for the money.
        NotRestricted = "NotRestricted",
        InsufficientFunds = "InsufficientFunds",
    }
}

/// An event, as far as the table looks at it. `again`: it names the amount of the withdrawal that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    Requested {
        obstacle: Option<Obstacle>,
        again: bool,
    },
    Ordered {
        obstacle: Option<OrderObstacle>,
        again: bool,
    },
    /// In whatever amount: it is paid.
    Settled {
        again: bool,
    },
    Failed,
    Canceled,
    Expired {
        is_due: bool,
    },
}

/// The table of LIFECYCLES, Payments, for withdrawals. None stands for a transaction that isn't there.
pub fn transition(from: Option<State>, input: Input) -> Result<Step<State>, Refusal> {
    use State::{Authorized, Canceled, Expired, Failed, Reversed, Settled};
    let refused = || Err(illegal(from.map(State::name), input.event()));
    match (input, from) {
        (Input::Requested { obstacle: None, .. }, None) => Edge::along(Flow::Hold, Authorized),
        (Input::Requested { obstacle: Some(_), .. }, None) => Edge::to(Failed),
        (Input::Requested { again: true, .. }, Some(Authorized | Settled | Failed | Canceled | Expired | Reversed)) => {
            Ok(Step::Stale)
        }
        (
            Input::Requested { again: false, .. },
            Some(Authorized | Settled | Failed | Canceled | Expired | Reversed),
        ) => refused(),

        (Input::Ordered { obstacle: None, .. }, None) => Edge::along(Flow::Hold, Authorized),
        (Input::Ordered { obstacle: Some(OrderObstacle::NotRestricted), .. }, None) => Err(Refusal::NotRestricted),
        (Input::Ordered { obstacle: Some(OrderObstacle::InsufficientFunds), .. }, None) => Edge::to(Failed),
        (Input::Ordered { again, .. }, Some(Authorized | Settled | Failed | Canceled | Expired | Reversed)) => {
            repeated(again)
        }

        (Input::Settled { .. }, Some(Authorized)) => Edge::along(Flow::PayOut, Settled),
        // The hold is gone, and the bank has paid all the same.
        (Input::Settled { .. }, Some(Failed | Canceled | Expired)) => Edge::along(Flow::Send, Settled),
        (Input::Settled { again }, Some(Settled)) => repeated(again),
        (Input::Settled { .. }, Some(Reversed)) => refused(),

        (Input::Failed, Some(Authorized)) => Edge::along(Flow::Release, Failed),
        (Input::Failed, Some(Settled)) => Edge::along(Flow::Receive, Reversed),
        (Input::Failed, Some(Failed | Canceled | Expired | Reversed)) => Ok(Step::Stale),

        (Input::Canceled, Some(Authorized)) => Edge::along(Flow::Release, Canceled),
        (Input::Canceled, Some(Failed | Canceled | Expired)) => Ok(Step::Stale),
        (Input::Canceled, Some(Settled | Reversed)) => refused(),

        (Input::Expired { is_due: true }, Some(Authorized)) => Edge::along(Flow::Release, Expired),
        (Input::Expired { is_due: false }, Some(Authorized)) => Err(Refusal::NotYetExpired),
        (Input::Expired { .. }, Some(Settled | Failed | Canceled | Expired | Reversed)) => Ok(Step::Stale),

        (Input::Settled { .. } | Input::Failed | Input::Canceled | Input::Expired { .. }, None) => Ok(Step::Awaits),
    }
}

impl Input {
    pub fn event(self) -> &'static str {
        match self {
            Input::Requested { .. } => "WithdrawalRequested",
            Input::Ordered { .. } => "PayoutOrdered",
            Input::Settled { .. } => "WithdrawalSettled",
            Input::Failed => "WithdrawalFailed",
            Input::Canceled => "WithdrawalCanceled",
            Input::Expired { .. } => "WithdrawalExpired",
        }
    }
}

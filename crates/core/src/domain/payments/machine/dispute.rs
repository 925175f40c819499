//! The machine of a dispute: a part of a payment that the payer's bank wants back.

use super::{
    Flow, Refusal,
    edge::{Edge, Step, illegal},
};
use crate::kernel::names::names;

names! {
    State {
        Pending = "PENDING",
        /// Lost: the money is gone.
        Settled = "SETTLED",
        /// Won: as if it had never been.
        Canceled = "CANCELED",
    }
}

/// An event, as far as the table looks at it. `again`: it names payment and amount of the dispute that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    Opened { again: bool },
    Won,
    Lost,
}

/// The table of LIFECYCLES, Payments, for disputes. None stands for a transaction that isn't there.
pub fn transition(from: Option<State>, input: Input) -> Result<Step<State>, Refusal> {
    use State::{Canceled, Pending, Settled};
    match (input, from) {
        (Input::Opened { .. }, None) => Edge::along(Flow::Reserve, Pending),
        (Input::Opened { again: true }, Some(Pending | Settled | Canceled)) => Ok(Step::Stale),
        (Input::Opened { again: false }, Some(Pending | Settled | Canceled)) => {
            Err(illegal(from.map(State::name), input.event()))
        }

        (Input::Won, Some(Pending)) => Edge::along(Flow::Restore, Canceled),
        // Reinstated.
        (Input::Won, Some(Settled)) => Edge::along(Flow::Receive, Canceled),
        (Input::Won, Some(Canceled)) => Ok(Step::Stale),

        (Input::Lost, Some(Pending)) => Edge::along(Flow::Forfeit, Settled),
        // Decided again.
        (Input::Lost, Some(Canceled)) => Edge::along(Flow::Send, Settled),
        (Input::Lost, Some(Settled)) => Ok(Step::Stale),

        (Input::Won | Input::Lost, None) => Ok(Step::Awaits),
    }
}

impl Input {
    pub fn event(self) -> &'static str {
        match self {
            Input::Opened { .. } => "DisputeOpened",
            Input::Won => "DisputeWon",
            Input::Lost => "DisputeLost",
        }
    }
}

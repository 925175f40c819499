//! The machine of a dispute: a part of a payment that the payer's bank wants back.

use super::{
    Flow,
    edge::{Edge, illegal},
};
use crate::{domain::IllegalTransition, kernel::names::names};

names! {
    State {
        Pending = "PENDING",
        /// Lost: the money is gone.
        Settled = "SETTLED",
        /// Won: as if it had never been.
        Canceled = "CANCELED",
    }
}

/// An event, as far as the table looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    Opened,
    /// Once its payment was reversed, the customer is no longer the one to give it back to.
    Won {
        after_reversal: bool,
    },
    Lost,
}

/// The table of LIFECYCLES, Payments, for disputes. None stands for a transaction that isn't there.
pub fn transition(from: Option<State>, input: Input) -> Result<Edge<State>, IllegalTransition> {
    use State::{Canceled, Pending, Settled};
    let refused = || Err(illegal(from.map(State::name), input.event()));
    match (input, from) {
        (Input::Opened, None) => Edge::along(Flow::Reserve, Pending),
        (Input::Opened, Some(Pending | Settled | Canceled)) => refused(),

        (Input::Won { after_reversal: false }, Some(Pending)) => Edge::along(Flow::Restore, Canceled),
        (Input::Won { after_reversal: true }, Some(Pending)) => Edge::along(Flow::Forfeit, Canceled),
        (Input::Lost, Some(Pending)) => Edge::along(Flow::Forfeit, Settled),
        (Input::Won { .. } | Input::Lost, None | Some(Settled | Canceled)) => refused(),
    }
}

impl Input {
    pub fn event(self) -> &'static str {
        match self {
            Input::Opened => "DisputeOpened",
            Input::Won { .. } => "DisputeWon",
            Input::Lost => "DisputeLost",
        }
    }
}

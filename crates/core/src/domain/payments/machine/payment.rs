//! The machine of a payment: money that came (a deposit) or went.

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
        Canceled = "CANCELED",
        Reversed = "REVERSED",
    }
}

names! {
    /// An event, as far as the table looks at it.
    Input {
        Initiated = "PaymentInitiated",
        Received = "PaymentReceived",
        Sent = "PaymentSent",
        Failed = "PaymentFailed",
        Canceled = "PaymentCanceled",
        ReversedAfterReceipt = "PaymentReversed of a DEPOSIT",
        ReversedAfterSending = "PaymentReversed of a PAYMENT",
        /// A part of it is wanted back: the refund or the dispute is a transaction of its own.
        RefundRequested = "RefundRequested",
        DisputeOpened = "DisputeOpened",
    }
}

/// The table of LIFECYCLES, Payments, for payments. None stands for a transaction that isn't there.
pub fn transition(from: Option<State>, input: Input) -> Result<Edge<State>, IllegalTransition> {
    use State::{Canceled, Failed, Pending, Reversed, Settled};
    let refused = || Err(illegal(from.map(State::name), input.event()));
    match (input, from) {
        (Input::Initiated, None) => Edge::to(Pending),
        (Input::Initiated, Some(Pending | Settled | Failed | Canceled | Reversed)) => refused(),

        (Input::Received, None | Some(Pending)) => Edge::along(Flow::Receive, Settled),
        (Input::Received, Some(Settled | Failed | Canceled | Reversed)) => refused(),

        (Input::Sent, None) => Edge::along(Flow::Send, Settled),
        (Input::Sent, Some(Pending | Settled | Failed | Canceled | Reversed)) => refused(),

        (Input::Failed, Some(Pending)) => Edge::to(Failed),
        (Input::Canceled, Some(Pending)) => Edge::to(Canceled),
        (Input::Failed | Input::Canceled, None | Some(Settled | Failed | Canceled | Reversed)) => refused(),

        (Input::ReversedAfterReceipt, Some(Settled)) => Edge::along(Flow::Send, Reversed),
        (Input::ReversedAfterSending, Some(Settled)) => Edge::along(Flow::Receive, Reversed),
        (Input::RefundRequested | Input::DisputeOpened, Some(Settled)) => Edge::to(Settled),
        (
            Input::ReversedAfterReceipt | Input::ReversedAfterSending | Input::RefundRequested | Input::DisputeOpened,
            None | Some(Pending | Failed | Canceled | Reversed),
        ) => refused(),
    }
}

impl Input {
    pub fn event(self) -> &'static str {
        match self {
            Input::Initiated
            | Input::Received
            | Input::Sent
            | Input::Failed
            | Input::Canceled
            | Input::RefundRequested
            | Input::DisputeOpened => self.name(),
            Input::ReversedAfterReceipt | Input::ReversedAfterSending => "PaymentReversed",
        }
    }
}

//! The machine of a payment: money that came (a deposit) or went.

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
        Canceled = "CANCELED",
        Reversed = "REVERSED",
    }
}

names! {
    /// An event, as far as the table looks at it. `Again` is one that names the amount of the payment that is there.
    Input {
        Initiated = "PaymentInitiated",
        Received = "PaymentReceived",
        ReceivedAgain = "PaymentReceived again",
        Sent = "PaymentSent",
        SentAgain = "PaymentSent again",
        Failed = "PaymentFailed",
        Canceled = "PaymentCanceled",
        ReversedAfterReceipt = "PaymentReversed of a DEPOSIT",
        ReversedAfterSending = "PaymentReversed of a PAYMENT",
        /// A part of it is wanted back: the refund or the dispute is a transaction of its own.
        RefundRequested = "RefundRequested",
        /// The provider has paid back, and says so with payment and amount.
        RefundMade = "RefundSettled",
        DisputeOpened = "DisputeOpened",
    }
}

/// The table of LIFECYCLES, Payments, for payments. None stands for a transaction that isn't there.
pub fn transition(from: Option<State>, input: Input) -> Result<Step<State>, Refusal> {
    use State::{Canceled, Failed, Pending, Reversed, Settled};
    let refused = || Err(illegal(from.map(State::name), input.event()));
    match (input, from) {
        (Input::Initiated, None) => Edge::to(Pending),
        (Input::Initiated, Some(Pending | Settled | Failed | Canceled | Reversed)) => Ok(Step::Stale),

        // The bank's word counts more than anybody's patience.
        (Input::Received | Input::ReceivedAgain, None | Some(Pending | Failed | Canceled)) => {
            Edge::along(Flow::Receive, Settled)
        }
        (Input::Received, Some(Settled)) => repeated(false),
        (Input::ReceivedAgain, Some(Settled)) => repeated(true),
        (Input::Received | Input::ReceivedAgain, Some(Reversed)) => refused(),

        (Input::Sent | Input::SentAgain, None) => Edge::along(Flow::Send, Settled),
        (Input::Sent, Some(Pending | Settled | Failed | Canceled | Reversed)) => repeated(false),
        (Input::SentAgain, Some(Pending | Settled | Failed | Canceled | Reversed)) => repeated(true),

        (Input::Failed, Some(Pending)) => Edge::to(Failed),
        (Input::Canceled, Some(Pending)) => Edge::to(Canceled),
        (Input::Failed | Input::Canceled, Some(Settled | Failed | Canceled | Reversed)) => Ok(Step::Stale),

        (Input::ReversedAfterReceipt, Some(Settled)) => Edge::along(Flow::Send, Reversed),
        (Input::ReversedAfterSending, Some(Settled)) => Edge::along(Flow::Receive, Reversed),
        (Input::ReversedAfterReceipt | Input::ReversedAfterSending, Some(Reversed)) => Ok(Step::Stale),
        (Input::ReversedAfterReceipt | Input::ReversedAfterSending, Some(Pending | Failed | Canceled)) => refused(),

        (Input::RefundRequested | Input::RefundMade | Input::DisputeOpened, Some(Settled)) => Edge::to(Settled),
        (Input::RefundMade | Input::DisputeOpened, Some(Reversed)) => Edge::to(Reversed),
        (Input::RefundRequested, Some(Reversed)) => refused(),
        (Input::RefundRequested | Input::RefundMade | Input::DisputeOpened, Some(Pending | Failed | Canceled)) => {
            refused()
        }

        (
            Input::Failed
            | Input::Canceled
            | Input::ReversedAfterReceipt
            | Input::ReversedAfterSending
            | Input::RefundRequested
            | Input::RefundMade
            | Input::DisputeOpened,
            None,
        ) => Ok(Step::Awaits),
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
            | Input::RefundMade
            | Input::DisputeOpened => self.name(),
            Input::ReceivedAgain => Input::Received.name(),
            Input::SentAgain => Input::Sent.name(),
            Input::ReversedAfterReceipt | Input::ReversedAfterSending => "PaymentReversed",
        }
    }
}

//! The outcomes of a delivery, and the host's verdict on each.

use crate::kernel::names::names;

names! {
    /// Closed: a new outcome doesn't compile until [`Outcome::verdict`] has classified it. None of them is retried: whatever is the
    /// sender's or the business's matter is acknowledged, for a push subscription backs off as a whole.
    Outcome {
        /// The handler's effects are stored.
        Applied = "APPLIED",
        /// Rightly without effect, for instance because it is stale.
        Ignored = "IGNORED",
        /// A business no; an operator finds it among the dead letters.
        Refused = "REFUSED",
        /// The document that it awaits isn't there: it is filed as a dead letter, and replayed when that comes.
        Awaited = "AWAITED",
        /// This very event has been handled before.
        Duplicate = "DUPLICATE",
        /// Another event with this id has been handled before.
        Conflict = "CONFLICT",
        /// Can't be read; no redelivery would change that.
        Malformed = "MALFORMED",
        /// Has crashed the function again and again: it is filed without being decided.
        Crashed = "CRASHED",
        /// Has run out of delivery attempts at its consumer: it is filed for that one without being decided.
        Exhausted = "EXHAUSTED",
        /// Of a type that belongs on the topic and isn't for this consumer: no record.
        Passed = "PASSED",
    }
}

/// All that the host can do with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    Ack,
    Retry,
}

impl Outcome {
    pub fn verdict(self) -> Verdict {
        match self {
            Outcome::Applied
            | Outcome::Ignored
            | Outcome::Refused
            | Outcome::Awaited
            | Outcome::Duplicate
            | Outcome::Conflict
            | Outcome::Malformed
            | Outcome::Crashed
            | Outcome::Exhausted
            | Outcome::Passed => Verdict::Ack,
        }
    }
}

/// Why a delivery came to no outcome. All of them are retried by redelivery; none says anything about the event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// A call failed for good or once too often: which, and how.
    Call { step: &'static str, status: String },
    /// A stored record isn't what this release writes.
    Unreadable(String),
    /// The delivery broke the instance that it ran in; with the text of the panic.
    Trap(String),
    /// The 45 seconds are over.
    OutOfTime,
    /// A step was answered with what belongs to another: a bug of ours.
    Protocol(&'static str),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Call { step, status } => write!(f, "{step}: {status}"),
            Fault::Unreadable(what) => f.write_str(what),
            Fault::Trap(text) => f.write_str(text),
            Fault::OutOfTime => f.write_str("out of time"),
            Fault::Protocol(what) => write!(f, "protocol: {what}"),
        }
    }
}

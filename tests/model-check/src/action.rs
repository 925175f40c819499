//! The actions that the checker may take in a state.

use crate::{in_flight::Request, intern::Id, queue::Holder};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// The pending call is carried out, and the delivery gets its result.
    Answer {
        queue: usize,
        holder: Holder,
    },
    Fault {
        queue: usize,
        holder: Holder,
        fault: InjectedFault,
    },
    /// Pub/Sub delivers the message at index `from` and all later ones again, acked ones included.
    Redeliver {
        queue: usize,
        from: u8,
    },
    /// A late request takes effect: its sender has timed out or crashed.
    ArriveLate(Id<Request>),
    /// An operator replays a letter.
    Replay {
        letter: usize,
    },
    /// The documents of `given_later` are created.
    CreateGivenLater,
    /// The function `release` takes its next step.
    Release,
}

/// Each use takes one of the scenario's faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InjectedFault {
    /// The instance crashes before it sends the call.
    Crash,
    /// The instance crashes after it sent the call, which may take effect at any later time.
    CrashAfterSending,
    /// The call isn't carried out, and its status leaves that open.
    NotDone,
    /// The call is carried out, and its answer is lost.
    AnswerLost,
    /// The call times out, and may take effect at any later time.
    Late,
    /// The call is carried out, and its answer comes when the delivery's 45 seconds are over.
    OutOfTime,
    /// The call is refused with a permanent status.
    Denied,
}

//! What may happen next.

use crate::{intern::Id, queue::Who, talk::Request};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// The call that the delivery asks for is made, and it hears of it.
    Answer {
        lane: usize,
        who: Who,
    },
    Mishap {
        lane: usize,
        who: Who,
        mishap: Mishap,
    },
    /// Pub/Sub delivers the message at this place, and all after it, again: acked ones as well, and what is in hand.
    Redeliver {
        lane: usize,
        from: u8,
    },
    /// A request gets there although whoever sent it has given it up.
    Arrive(Id<Request>),
    /// An operator publishes a letter again.
    Replay {
        letter: usize,
    },
    /// What was not there at the beginning.
    Given,
}

/// Each costs one of the faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mishap {
    /// The instance is gone, and the call was never made.
    Crash,
    /// The instance is gone, and the call may get there at any later time.
    CrashAfterSending,
    /// The call isn't made, and nobody says so.
    NotDone,
    /// The call is made, and its answer is lost.
    AnswerLost,
    /// Nobody hears of the call, and it may get there at any later time.
    Late,
    /// The call is made, and its answer comes when the delivery's 45 seconds are over.
    OutOfTime,
    /// The call is refused for good.
    Denied,
}

//! One state of the model. It holds only ids and small numbers, because the checker keeps millions of states.

use std::collections::BTreeSet;

use boma_core::event::outbox::Message;
use in_memory_store::InMemoryStore;

use crate::{in_flight::Request, intern::Id, queue::KeyQueue};

/// The ordering key's queue at the consumer under test, at the consumer of its follow-ups, and at dead-letters.
pub const QUEUES: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct State {
    pub store: Id<InMemoryStore>,
    pub queues: [KeyQueue; QUEUES],
    /// Every message that a topic has accepted.
    pub accepted: Id<Accepted>,
    /// Requests whose sender no longer waits for them.
    pub late_requests: Id<LateRequests>,
    pub faults_left: u8,
    pub replays_left: u8,
    /// Whether `release` is through.
    pub is_released: bool,
    pub violation: Option<Violation>,
    pub seen: Seen,
}

pub type Accepted = BTreeSet<Id<Message>>;

/// In the order of their ids. A request that was sent twice is in here twice.
pub type LateRequests = Vec<Id<Request>>;

/// A wrong step: it leaves no trace in the store or the queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Violation {
    AckedUnsettled,
    RetriedForNothing,
    FiledTooEarly,
    TrappedTooOften,
    PassedAnOlderLetter,
}

/// What has happened on the way to a state. Only scenarios that `remember` keep it: it tells states apart that are otherwise
/// equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Seen(u16);

macro_rules! seen {
    ($($name:ident = $bit:literal),+ $(,)?) => {
        impl Seen {
            $(pub const $name: Seen = Seen(1 << $bit);)+
        }
    };
}

seen! {
    A_DUPLICATE = 0,
    A_LOST_COMMIT_AS_DUPLICATE = 1,
    A_ZOMBIE_LOSE = 2,
    A_CRASH_BEFORE_PUBLISH = 3,
    THAT_CRASH_HEALED = 4,
    A_LATE_COMMIT_TAKE_EFFECT = 5,
    A_LATE_COMMIT_LOSE = 6,
    AN_ACKED_MESSAGE_AGAIN = 7,
}

impl Seen {
    pub fn has(self, what: Seen) -> bool {
        self.0 & what.0 == what.0
    }

    pub fn also(&mut self, what: Seen) {
        self.0 |= what.0;
    }
}

//! One moment of it all, in numbers: the checker keeps many of these.

use std::collections::BTreeSet;

use boma_core::event::outbox::Message;

use crate::{intern::Id, queue::Lane, store::Store, talk::Request};

/// The lanes of a scenario, at most: the one that is looked at, what hears its follow-ups, and the dead letters.
pub const LANES: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct State {
    pub store: Id<Store>,
    pub lanes: [Lane; LANES],
    /// What any topic has accepted so far.
    pub accepted: Id<Accepted>,
    /// What is still under way although nobody waits for it any more.
    pub under_way: Id<UnderWay>,
    pub faults_left: u8,
    pub replays_left: u8,
    pub wrong: Option<Wrong>,
    pub saw: Saw,
}

pub type Accepted = BTreeSet<Id<Message>>;

/// In the order of their numbers; one that was sent twice is here twice.
pub type UnderWay = Vec<Id<Request>>;

/// What a step did that no state shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wrong {
    AckedUnsettled,
    RetriedForNothing,
    FiledTooEarly,
    TrappedTooOften,
}

/// What has happened so far, in scenarios that remember it: it tells states apart that are otherwise the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Saw(u16);

macro_rules! saw {
    ($($name:ident = $bit:literal),+ $(,)?) => {
        impl Saw {
            $(pub const $name: Saw = Saw(1 << $bit);)+
        }
    };
}

saw! {
    A_DUPLICATE = 0,
    A_LOST_COMMIT_AS_DUPLICATE = 1,
    A_ZOMBIE_LOSE = 2,
    A_CRASH_BEFORE_PUBLISH = 3,
    THAT_CRASH_HEALED = 4,
    A_LATE_COMMIT_TAKE_EFFECT = 5,
    A_LATE_COMMIT_LOSE = 6,
    AN_ACKED_MESSAGE_AGAIN = 7,
}

impl Saw {
    pub fn has(self, what: Saw) -> bool {
        self.0 & what.0 == what.0
    }

    pub fn also(&mut self, what: Saw) {
        self.0 |= what.0;
    }
}

//! The messages of one ordering key in one subscription, and who has them in hand.

use boma_core::event::{catalog::Topic, outbox::Message};

use crate::{intern::Id, talk::InHand};

/// A subscription of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LaneName {
    Kyc,
    Payments,
    Access,
    DeadLetters,
}

impl LaneName {
    pub fn consumer(self) -> &'static str {
        match self {
            LaneName::Kyc => "kyc",
            LaneName::Payments => "payments",
            LaneName::Access => "access",
            LaneName::DeadLetters => "dead-letters",
        }
    }

    pub fn topic(self) -> Topic {
        match self {
            LaneName::Kyc => Topic::Kyc,
            LaneName::Payments => Topic::Payments,
            LaneName::Access => Topic::UserLifecycle,
            LaneName::DeadLetters => Topic::DeadLetters,
        }
    }
}

impl Entry {
    pub fn new(message: Id<Message>) -> Entry {
        Entry { message, attempts: 0, is_given_up: false }
    }
}

/// In the order of publication.
pub type Queue = Vec<Entry>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    pub message: Id<Message>,
    /// How often it was delivered. From the scenario's most it isn't counted on: the figure would tell states apart that
    /// behave the same.
    pub attempts: u8,
    /// Its attempts ran out, so that it was handed to the topic of dead letters.
    pub is_given_up: bool,
}

/// Order means that the acked messages are the first ones. One instance has the next in hand; another one may still be
/// working on what it was given before its ack deadline passed.
///
/// Two such zombies beside a live one would add nothing: what a deadline does to the live one can as well happen after one of
/// the zombies has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lane {
    pub queue: Id<Queue>,
    pub acked: u8,
    pub live: Option<Id<InHand>>,
    pub zombie: Option<Id<InHand>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    Live,
    Zombie,
}

impl Lane {
    pub fn new(queue: Id<Queue>) -> Self {
        Lane { queue, acked: 0, live: None, zombie: None }
    }

    pub fn hand(&mut self, who: Who) -> &mut Option<Id<InHand>> {
        match who {
            Who::Live => &mut self.live,
            Who::Zombie => &mut self.zombie,
        }
    }

    pub fn in_hand(&self) -> impl Iterator<Item = (Who, Id<InHand>)> {
        [(Who::Live, self.live), (Who::Zombie, self.zombie)].into_iter().filter_map(|(who, talk)| Some((who, talk?)))
    }
}

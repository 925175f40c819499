//! The messages of one ordering key in one subscription, and the deliveries that hold them.

use boma_core::event::{catalog::Topic, outbox::Message};

use crate::{in_flight::InFlight, intern::Id};

/// A subscription of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Consumer {
    Kyc,
    Payments,
    Access,
    DeadLetters,
}

impl Consumer {
    pub fn name(self) -> &'static str {
        match self {
            Consumer::Kyc => "kyc",
            Consumer::Payments => "payments",
            Consumer::Access => "access",
            Consumer::DeadLetters => "dead-letters",
        }
    }

    pub fn topic(self) -> Topic {
        match self {
            Consumer::Kyc => Topic::Kyc,
            Consumer::Payments => Topic::Payments,
            Consumer::Access => Topic::UserLifecycle,
            Consumer::DeadLetters => Topic::DeadLetters,
        }
    }
}

impl Entry {
    pub fn new(message: Id<Message>) -> Entry {
        Entry { message, attempts: 0, is_given_up: false }
    }
}

/// In the order of publication.
pub type Entries = Vec<Entry>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    pub message: Id<Message>,
    /// How often it was delivered. Counting stops at the scenario's `most_attempts`: a higher number would tell states apart
    /// that behave the same.
    pub attempts: u8,
    /// Whether its attempts ran out and it went to the topic of dead letters.
    pub is_given_up: bool,
}

/// The acked messages come first: Pub/Sub delivers in order. One instance handles the next message. Another one, a zombie, may
/// still work on a delivery whose ack deadline has passed.
///
/// One zombie is enough: a path with two of them has the same effects as one in which the first zombie ends before the next
/// deadline passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyQueue {
    pub entries: Id<Entries>,
    pub acked: u8,
    pub live: Option<Id<InFlight>>,
    pub zombie: Option<Id<InFlight>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    Live,
    Zombie,
}

impl KeyQueue {
    pub fn new(entries: Id<Entries>) -> Self {
        KeyQueue { entries, acked: 0, live: None, zombie: None }
    }

    pub fn held_by(&mut self, holder: Holder) -> &mut Option<Id<InFlight>> {
        match holder {
            Holder::Live => &mut self.live,
            Holder::Zombie => &mut self.zombie,
        }
    }

    pub fn held(&self) -> impl Iterator<Item = (Holder, Id<InFlight>)> {
        [(Holder::Live, self.live), (Holder::Zombie, self.zombie)]
            .into_iter()
            .filter_map(|(holder, in_flight)| Some((holder, in_flight?)))
    }
}

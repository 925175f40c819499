//! How far the messages of one ordering key have come in one subscription, and the deliveries that hold them.

use crate::{entry::Entries, in_flight::InFlight, intern::Id};

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

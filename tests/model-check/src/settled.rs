//! Whether a message is settled: its record is stored and all follow-ups are published, or its dead letter waits for an
//! operator.

use std::{collections::BTreeSet, sync::Arc};

use boma_core::{
    event::outbox::Message,
    protocol::{dead_letter, outcome::Outcome},
    store::document::Document,
};
use in_memory_store::InMemoryStore;

use crate::{
    claim::{Claim, InStore, Standing},
    consumer::Consumer,
    intern::Id,
    state::{Accepted, State},
    world::World,
};

impl World {
    /// Whether the message may be acked. A letter is enough even after it was closed: only a replay closes it, and the replay
    /// is a message of its own.
    pub fn may_be_acked(&self, state: &State, consumer: Consumer, message: Id<Message>) -> bool {
        self.standing(state, consumer, message) >= Standing::InALetter
    }

    /// Its record is stored and all its follow-ups are published, or its letter waits for an operator.
    pub fn is_settled(&self, state: &State, consumer: Consumer, message: Id<Message>) -> bool {
        self.standing(state, consumer, message) == Standing::Settled
    }

    fn standing(&self, state: &State, consumer: Consumer, message: Id<Message>) -> Standing {
        let (store, accepted) = (state.store, state.accepted);
        self.settled.standing.of((store, accepted, consumer, message), || {
            let (claim, store) = (self.claim(consumer, message), self.stores.get(store));
            let letter = store.document(&claim.letter);
            let is_done = claim.record(&store).is_some_and(|record| self.owes_nothing(record, accepted));
            let is_counted = claim.replay.is_none_or(|number| {
                letter.is_some_and(|letter| letter.int("replays").is_ok_and(|replays| replays >= number))
            });
            if (is_done || letter.is_some_and(is_open)) && is_counted {
                Standing::Settled
            } else if letter.is_some() && claim.replay.is_none() {
                Standing::InALetter
            } else {
                Standing::Owed
            }
        })
    }

    /// A refusal is never done by its record alone: it also needs a letter.
    fn owes_nothing(&self, record: &Document, accepted: Id<Accepted>) -> bool {
        let accepted = self.accepted_ids(accepted);
        let owed = record.strings("outgoingIds").expect("a record lists what it owes");
        record.string("outcome") != Ok(Outcome::Refused.name()) && owed.iter().all(|id| accepted.contains(id))
    }

    fn accepted_ids(&self, accepted: Id<Accepted>) -> Arc<BTreeSet<String>> {
        self.settled.accepted_ids.of(accepted, || Arc::new(self.event_ids(accepted).into_iter().collect()))
    }

    /// Whether no two accepted messages have one id.
    pub fn has_one_content_per_id(&self, accepted: Id<Accepted>) -> bool {
        self.settled.one_content.of(accepted, || {
            let ids = self.event_ids(accepted);
            ids.iter().collect::<BTreeSet<_>>().len() == ids.len()
        })
    }

    fn event_ids(&self, accepted: Id<Accepted>) -> Vec<String> {
        let accepted = self.accepted.get(accepted);
        accepted.iter().map(|message| self.claim(self.scenario.looks_at, *message).event_id.clone()).collect()
    }

    pub fn in_store(&self, store: Id<InMemoryStore>) -> InStore {
        self.settled.in_store.of(store, || {
            let store = self.stores.get(store);
            let mut found = InStore { adds_up: (self.scenario.adds_up)(&store), ..InStore::default() };
            for (index, event) in self.scenario.events.iter().enumerate() {
                let claim = Claim::of(self.scenario.looks_at, event);
                found.recorded |= u32::from(claim.record(&store).is_some()) << index;
                found.filed |= u32::from(store.document(&claim.letter).is_some()) << index;
            }
            found
        })
    }
}

pub fn is_open(letter: &Document) -> bool {
    letter.word("status", dead_letter::Status::from_name) == Ok(dead_letter::Status::Open)
}

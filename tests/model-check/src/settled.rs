//! When a message is settled: its record is there and what it owes is out, or its letter waits for an operator.

use std::{collections::BTreeSet, sync::Arc};

use boma_core::{
    event::{
        catalog::{Subscription, Topic},
        envelope::Envelope,
        outbox::Message,
    },
    kernel::digest::sha256_hex,
    protocol::{dead_letter, outcome::Outcome},
    store::{document::Document, path::DocumentPath},
};

use crate::{
    intern::{Id, Memo},
    queue::LaneName,
    state::{Accepted, State},
    store::Store,
    world::World,
};

/// What a message is known by where it is settled.
#[derive(Debug)]
pub struct Claim {
    pub event_id: String,
    digest: String,
    record: DocumentPath,
    letter: DocumentPath,
    is_replay: bool,
}

/// All that a message's standing depends on.
type Weighed = (Id<Store>, Id<Accepted>, LaneName, Id<Message>);

#[derive(Debug, Default)]
pub(crate) struct Settled {
    pub(crate) claims: Memo<(LaneName, Id<Message>), Arc<Claim>>,
    standing: Memo<Weighed, Standing>,
    accepted_ids: Memo<Id<Accepted>, Arc<BTreeSet<String>>>,
    one_content: Memo<Id<Accepted>, bool>,
    in_store: Memo<Id<Store>, InStore>,
}

/// How far a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Owed,
    InALetter,
    Settled,
}

/// Which of the scenario's events have come to what, each a bit.
#[derive(Clone, Copy, Debug, Default)]
pub struct InStore {
    pub recorded: u32,
    pub filed: u32,
    pub adds_up: bool,
}

impl Claim {
    pub fn of(lane: LaneName, message: &Message) -> Claim {
        let source = message.attributes.get("CloudPubSubDeadLetterSourceSubscription");
        let given_up_by = source.and_then(|name| Subscription::from_name(name)).map(|source| source.consumer);
        let consumer = given_up_by.unwrap_or(lane.consumer());
        let envelope = Envelope::parse(message.data.as_bytes(), Topic::ALL).expect("scenarios publish events");
        Claim {
            event_id: envelope.id.to_string(),
            digest: envelope.digest.as_str().to_owned(),
            record: DocumentPath::processed_event(consumer, envelope.id),
            letter: DocumentPath::dead_letter(consumer, &sha256_hex(message.data.as_bytes())),
            is_replay: message.attributes.contains_key("replayFor"),
        }
    }

    /// The record of this very claim, not of another one under the same id.
    fn record<'a>(&self, store: &'a Store) -> Option<&'a Document> {
        store.document(&self.record).filter(|record| record.string("digest") == Ok(self.digest.as_str()))
    }
}

impl World {
    /// Whether it may be acked. Once a letter of it was written, that letter answers for it: only a replay closes one, and the
    /// replay is a message of its own.
    pub fn may_be_acked(&self, state: &State, lane: LaneName, message: Id<Message>) -> bool {
        self.standing(state, lane, message) >= Standing::InALetter
    }

    /// Its record is there and all that it owes is published, or its letter waits for an operator.
    pub fn is_settled(&self, state: &State, lane: LaneName, message: Id<Message>) -> bool {
        self.standing(state, lane, message) == Standing::Settled
    }

    fn standing(&self, state: &State, lane: LaneName, message: Id<Message>) -> Standing {
        let (store, accepted) = (state.store, state.accepted);
        self.settled.standing.of((store, accepted, lane, message), || {
            let (claim, store) = (self.claim(lane, message), self.stores.get(store));
            let letter = store.document(&claim.letter);
            let is_done = claim.record(&store).is_some_and(|record| self.owes_nothing(record, accepted));
            let is_counted = !claim.is_replay || letter.is_some_and(|letter| letter.int("replays") == Ok(1));
            if (is_done || letter.is_some_and(is_open)) && is_counted {
                Standing::Settled
            } else if letter.is_some() && !claim.is_replay {
                Standing::InALetter
            } else {
                Standing::Owed
            }
        })
    }

    /// A refusal owes its letter: it isn't done by its record alone.
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

    pub fn in_store(&self, store: Id<Store>) -> InStore {
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

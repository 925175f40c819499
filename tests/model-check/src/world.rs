//! Everything that a state's numbers stand for, and what was already asked of the real code: it is pure, so each delivery is
//! asked once what it makes of an answer, and each store once what becomes of a commit.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    intern::{Id, Interned, Memo},
    product::{Product, Wrapping as _},
    queue::{Entry, Lane, LaneName, Queue},
    running::Running,
    scenario::Scenario,
    settled::{Claim, Settled},
    state::{Accepted, LANES, Saw, State, UnderWay},
    store::Store,
    talk::{InHand, Memory, Request, Talk, Told},
};
use boma_core::{
    event::outbox::Message,
    kernel::timestamp::Timestamp,
    protocol::{
        delivery::ReceivedMessage,
        step::{Call, Step},
    },
};

/// When the scenario's events are published.
const PUBLISHED_AT: &str = "2026-03-01T10:00:00Z";

#[derive(Debug)]
pub struct World {
    product: Product,
    pub scenario: Scenario,
    pub faults: u8,
    pub stores: Interned<Store>,
    pub messages: Interned<Message>,
    pub queues: Interned<Queue>,
    pub accepted: Interned<Accepted>,
    pub under_way: Interned<UnderWay>,
    pub requests: Interned<Request>,
    pub talks: Interned<Talk, InHand>,
    asks: Memo<Id<InHand>, Asks>,
    begun: Memo<(LaneName, Entry), Id<InHand>>,
    told: Memo<(Id<InHand>, Told), Id<InHand>>,
    committed: Memo<(Id<Store>, Id<Request>), StoreAfter>,
    pub(crate) settled: Settled,
}

/// None where nothing was changed.
type StoreAfter = Option<Id<Store>>;

/// What a talk asks for, without the talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    ToRead,
    ToCommit(Id<Request>),
    ToPublish(Id<Request>),
    Nothing,
}

impl World {
    pub fn new(product: Product, scenario: Scenario, faults: u8) -> Self {
        World {
            product,
            scenario,
            faults,
            stores: Interned::default(),
            messages: Interned::default(),
            queues: Interned::default(),
            accepted: Interned::default(),
            under_way: Interned::default(),
            requests: Interned::default(),
            talks: Interned::default(),
            asks: Memo::default(),
            begun: Memo::default(),
            told: Memo::default(),
            committed: Memo::default(),
            settled: Settled::default(),
        }
    }

    /// Before anything was delivered.
    pub fn beginning(&self) -> State {
        let entry = |event: &Message| Entry::new(self.messages.id(event.clone()));
        let events = self.queues.id(self.scenario.events.iter().map(entry).collect());
        let none = self.queues.id(Queue::new());
        State {
            store: self.stores.id(Store::of(&self.scenario.given)),
            lanes: [Lane::new(events), Lane::new(none), Lane::new(none)],
            accepted: self.accepted.id(BTreeSet::new()),
            under_way: self.under_way.id(Vec::new()),
            faults_left: self.faults,
            replays_left: self.scenario.replays,
            wrong: None,
            saw: Saw::default(),
        }
    }

    pub fn lane_names(&self) -> [LaneName; LANES] {
        [self.scenario.looks_at, LaneName::Access, LaneName::DeadLetters]
    }

    pub fn asks(&self, talk: Id<InHand>) -> Asks {
        self.asks.of(talk, || {
            let talk = self.talks.get(talk);
            let request = talk.request().map(|request| self.requests.id(request));
            match (&talk.step, request) {
                (Step::Call(Call::Commit { .. }), Some(request)) => Asks::ToCommit(request),
                (Step::Call(Call::Publish { .. }), Some(request)) => Asks::ToPublish(request),
                (Step::Call(Call::Read { .. }), _) => Asks::ToRead,
                (Step::Call(Call::Query { .. }), _) => unreachable!("no delivery of a message queries"),
                (Step::Call(Call::Commit { .. } | Call::Publish { .. }) | Step::Wait { .. } | Step::Done(_), _) => {
                    Asks::Nothing
                }
            }
        })
    }

    /// The delivery of this message for the time that its entry says.
    pub fn begun(&self, lane: LaneName, entry: Entry) -> Id<InHand> {
        self.begun.of((lane, entry), || {
            let message = self.messages.get(entry.message);
            let published_at = Timestamp::parse(PUBLISHED_AT).expect("a time");
            let arrival = ReceivedMessage {
                body: message.data.clone().into_bytes(),
                unreadable: None,
                attributes: message.attributes.clone(),
                topic: Some(lane.topic()),
                published_at: Some(published_at),
                attempt: u32::from(entry.attempts),
            };
            let late_ms = i64::from(self.scenario.redelivery_ms) * i64::from(entry.attempts - 1);
            let now =
                Timestamp::from_micros(published_at.micros() + late_ms * 1_000).expect("within the years there are");
            let traps = self.scenario.breaks_its_instance.is_some_and(|index| self.scenario.events[index] == *message);
            let arrival = self.product.arrives(arrival);
            let running = if traps { Running::after_trap(arrival.clone()) } else { Running::to(lane, arrival.clone()) };
            self.talks.id(Talk::begin(self.product.clone(), running, lane, entry, arrival, now))
        })
    }

    pub fn told(&self, talk: Id<InHand>, told: Told) -> Id<InHand> {
        self.told.of((talk, told), || {
            let store = if let Told::Read(store) = told { Some(self.stores.get(store)) } else { None };
            self.talks.id(self.talks.get(talk).told(told, store.as_deref()))
        })
    }

    pub fn remembering(&self, talk: Id<InHand>, change: impl FnOnce(&mut Memory)) -> Id<InHand> {
        let mut changed = self.talks.get(talk).as_ref().clone();
        change(&mut changed.memory);
        self.talks.id(changed)
    }

    /// None if a precondition doesn't hold.
    pub fn committed(&self, store: Id<Store>, request: Id<Request>) -> Option<Id<Store>> {
        self.committed.of((store, request), || {
            let before = self.stores.get(store);
            let request = self.requests.get(request);
            let Request::Commit(writes) = request.as_ref() else { panic!("not a commit: {request:?}") };
            let writes: Vec<_> =
                writes.iter().map(|write| self.product.writes(write.clone(), before.version(&write.path))).collect();
            before.committed(&writes).map(|after| self.stores.id(after))
        })
    }

    /// Whether it would still change anything if it got there now. A precondition that fails will never hold again.
    pub fn matters(&self, state: &State, request: Id<Request>) -> bool {
        match self.requests.get(request).as_ref() {
            Request::Commit(_) => self.committed(state.store, request).is_some(),
            Request::Publish(_) => {
                let accepted = self.accepted.get(state.accepted);
                self.published(request).iter().any(|message| self.is_heard(*message) || !accepted.contains(message))
            }
        }
    }

    pub(crate) fn published(&self, request: Id<Request>) -> Vec<Id<Message>> {
        match self.requests.get(request).as_ref() {
            Request::Publish(batch) => batch.messages.iter().map(|message| self.messages.id(message.clone())).collect(),
            Request::Commit(_) => Vec::new(),
        }
    }

    pub(crate) fn is_heard(&self, message: Id<Message>) -> bool {
        self.scenario.has_access && self.messages.get(message).topic == LaneName::Access.topic()
    }

    pub fn claim(&self, lane: LaneName, message: Id<Message>) -> Arc<Claim> {
        self.settled.claims.of((lane, message), || Arc::new(Claim::of(lane, &self.messages.get(message))))
    }
}

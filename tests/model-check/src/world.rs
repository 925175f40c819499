//! Holds the values behind the ids of a state, and memoizes the real code. Deliveries and commits are pure functions: each pair
//! of delivery and call result, and of store and commit, is computed once.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    any_delivery::AnyDelivery,
    claim::{Claim, Settled},
    consumer::Consumer,
    entry::{Entries, Entry},
    in_flight::{CallResult, InFlight, Memory, Request},
    interceptor::Interceptor as _,
    intern::{Id, Interned, Memo},
    product::Product,
    queue::KeyQueue,
    scenario::Scenario,
    state::{Accepted, LateRequests, QUEUES, Seen, State},
};
use boma_core::{
    event::{catalog::Topic, origin::FirstEdition, outbox::Message},
    kernel::timestamp::Timestamp,
    protocol::{
        delivery::ReceivedMessage,
        step::{Call, Step},
    },
};
use in_memory_store::InMemoryStore;

/// When the scenario's events are published.
const PUBLISHED_AT: &str = "2026-03-01T10:00:00Z";
/// From one event of the key to the next, so that letters have an order.
const EVENT_AFTER_EVENT_MS: i64 = 3_000;

#[derive(Debug)]
pub struct World {
    product: Product,
    pub scenario: Scenario,
    pub faults: u8,
    pub stores: Interned<InMemoryStore>,
    pub messages: Interned<Message>,
    pub entry_lists: Interned<Entries>,
    pub accepted: Interned<Accepted>,
    pub late_requests: Interned<LateRequests>,
    pub requests: Interned<Request>,
    pub in_flight: Interned<InFlight>,
    pending_call: Memo<Id<InFlight>, PendingCall>,
    begun: Memo<(Consumer, Entry), Id<InFlight>>,
    resumed: Memo<(Id<InFlight>, CallResult), Id<InFlight>>,
    committed: Memo<(Id<InMemoryStore>, Id<Request>), StoreAfter>,
    pub(crate) settled: Settled,
}

/// None where a precondition failed.
type StoreAfter = Option<Id<InMemoryStore>>;

/// The call that a delivery in flight waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PendingCall {
    Read,
    Commit(Id<Request>),
    Publish(Id<Request>),
    None,
}

impl World {
    pub fn new(product: Product, scenario: Scenario, faults: u8) -> Self {
        World {
            product,
            scenario,
            faults,
            stores: Interned::default(),
            messages: Interned::default(),
            entry_lists: Interned::default(),
            accepted: Interned::default(),
            late_requests: Interned::default(),
            requests: Interned::default(),
            in_flight: Interned::default(),
            pending_call: Memo::default(),
            begun: Memo::default(),
            resumed: Memo::default(),
            committed: Memo::default(),
            settled: Settled::default(),
        }
    }

    /// The state before any delivery.
    pub fn beginning(&self) -> State {
        let entry = |event: &Message| Entry::new(self.messages.id(event.clone()));
        let events = self.entry_lists.id(self.scenario.events.iter().map(entry).collect());
        let none = self.entry_lists.id(Entries::new());
        State {
            store: self.stores.id(InMemoryStore::of(self.scenario.given.iter().cloned())),
            queues: [KeyQueue::new(events), KeyQueue::new(none), KeyQueue::new(none)],
            accepted: self.accepted.id(BTreeSet::new()),
            late_requests: self.late_requests.id(Vec::new()),
            faults_left: self.faults,
            replays_left: self.scenario.replays,
            is_released: false,
            violation: None,
            seen: Seen::default(),
        }
    }

    pub fn consumers(&self) -> [Consumer; QUEUES] {
        [self.scenario.looks_at, Consumer::Access, Consumer::DeadLetters]
    }

    pub fn pending_call(&self, in_flight: Id<InFlight>) -> PendingCall {
        self.pending_call.of(in_flight, || {
            let in_flight = self.in_flight.get(in_flight);
            let request = in_flight.request().map(|request| self.requests.id(request));
            match (&in_flight.step, request) {
                (Step::Call(Call::Commit { .. }), Some(request)) => PendingCall::Commit(request),
                (Step::Call(Call::Publish { .. }), Some(request)) => PendingCall::Publish(request),
                (Step::Call(Call::Read { .. } | Call::Query { .. }), _) => PendingCall::Read,
                (
                    Step::Call(Call::Commit { .. } | Call::Publish { .. } | Call::Append { .. })
                    | Step::Wait { .. }
                    | Step::Done(_),
                    _,
                ) => PendingCall::None,
            }
        })
    }

    /// The delivery of this message with the attempt that its entry counts.
    pub fn begun(&self, consumer: Consumer, entry: Entry) -> Id<InFlight> {
        self.begun.of((consumer, entry), || {
            let message = self.messages.get(entry.message);
            let published_at = Timestamp::parse(PUBLISHED_AT).expect("a time");
            let before = self.scenario.events.iter().position(|event| event.data == message.data).unwrap_or_default();
            let received = ReceivedMessage {
                body: message.data.clone(),
                dropped_bytes: 0,
                unreadable: None,
                message_id: None,
                attributes: message.attributes.clone(),
                ordering_key: Some(message.key.clone()),
                topic: Some(message.topic),
                first_edition: FirstEdition::Drained,
                published_at: Some(published_at),
                attempt: u32::from(entry.attempts),
            };
            let late_ms = i64::from(self.scenario.redelivery_ms) * i64::from(entry.attempts - 1)
                + EVENT_AFTER_EVENT_MS * i64::try_from(before).expect("few");
            let now =
                Timestamp::from_micros(published_at.micros() + late_ms * 1_000).expect("within the years there are");
            let traps = self.scenario.breaks_its_instance.is_some_and(|index| self.scenario.events[index] == *message);
            let received = self.product.receives(received);
            let delivery = if traps {
                AnyDelivery::after_trap(received.clone())
            } else {
                AnyDelivery::to(consumer, received.clone())
            };
            self.in_flight.id(InFlight::begin(self.product.clone(), delivery, consumer, entry, received, now))
        })
    }

    pub fn resumed(&self, in_flight: Id<InFlight>, result: CallResult) -> Id<InFlight> {
        self.resumed.of((in_flight, result), || {
            let store = if let CallResult::Read(store) = result { Some(self.stores.get(store)) } else { None };
            self.in_flight.id(self.in_flight.get(in_flight).resumed(result, store.as_deref()))
        })
    }

    pub fn remembering(&self, in_flight: Id<InFlight>, change: impl FnOnce(&mut Memory)) -> Id<InFlight> {
        let mut changed = self.in_flight.get(in_flight).as_ref().clone();
        change(&mut changed.memory);
        self.in_flight.id(changed)
    }

    /// None if a precondition doesn't hold.
    pub fn committed(&self, store: Id<InMemoryStore>, request: Id<Request>) -> Option<Id<InMemoryStore>> {
        self.committed.of((store, request), || {
            let before = self.stores.get(store);
            let request = self.requests.get(request);
            let Request::Commit(writes) = request.as_ref() else { panic!("not a commit: {request:?}") };
            let writes: Vec<_> =
                writes.iter().map(|write| self.product.writes(write.clone(), before.version(&write.path))).collect();
            let mut after = before.as_ref().clone();
            after.commit(&writes).ok().map(|()| self.stores.id(after))
        })
    }

    /// Whether the request would change anything if it took effect now. A precondition that fails never holds again.
    pub fn matters(&self, state: &State, request: Id<Request>) -> bool {
        match self.requests.get(request).as_ref() {
            Request::Commit(_) => self.committed(state.store, request).is_some(),
            Request::Publish(_) => {
                let accepted = self.accepted.get(state.accepted);
                let mut published = self.published(request).into_iter();
                published.any(|message| self.heard_at(message).is_some() || !accepted.contains(&message))
            }
        }
    }

    pub(crate) fn published(&self, request: Id<Request>) -> Vec<Id<Message>> {
        match self.requests.get(request).as_ref() {
            Request::Publish(batch) => batch.messages.iter().map(|message| self.messages.id(message.clone())).collect(),
            Request::Commit(_) => Vec::new(),
        }
    }

    /// The queue that a published message comes into.
    pub(crate) fn heard_at(&self, message: Id<Message>) -> Option<usize> {
        if self.is_replay(message) {
            return Some(0);
        }
        let is_announced = self.messages.get(message).topic == Topic::UserLifecycle;
        (self.scenario.has_access && is_announced).then_some(1)
    }

    pub(crate) fn is_replay(&self, message: Id<Message>) -> bool {
        self.messages.get(message).attributes.contains_key("replayFor")
    }

    pub fn claim(&self, consumer: Consumer, message: Id<Message>) -> Arc<Claim> {
        self.settled.claims.of((consumer, message), || Arc::new(Claim::of(consumer, &self.messages.get(message))))
    }
}

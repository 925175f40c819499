//! A delivery in flight: the real protocol, and the call that it waits for.

use crate::{
    any_delivery::AnyDelivery, consumer::Consumer, entry::Entry, interceptor::Interceptor as _, intern::Id,
    product::Product,
};
use boma_core::{
    event::outbox::{Batch, Message},
    kernel::timestamp::Timestamp,
    protocol::{
        deadlines,
        delivery::{DeliveryReport, ReceivedMessage},
        step::{Answer, Call, Failure, FailureClass, Reply, Step},
    },
    store::{
        document::Document,
        path::DocumentPath,
        query::{Comparison, Query, Row},
        snapshot::Snapshot,
        write::GuardedWrite,
    },
};
use in_memory_store::InMemoryStore;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InFlight {
    pub consumer: Consumer,
    pub message: Id<Message>,
    /// As Pub/Sub counts it. A mutant may pass another number to the delivery.
    pub attempt: u8,
    pub step: Step<DeliveryReport>,
    /// The faults that it met, in scenarios that remember them.
    pub memory: Memory,
    received: ReceivedMessage,
    /// The clock of the instance.
    now: Timestamp,
    delivery: AnyDelivery,
    product: Product,
}

/// Serves only to find examples: see `Seen`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Memory {
    pub lost_a_commits_answer: bool,
    pub published_what_was_owed: bool,
}

/// A call that changes something at Google.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Request {
    Commit(Vec<GuardedWrite>),
    Publish(Batch),
}

/// The result of a call, as the instance sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallResult {
    Read(Id<InMemoryStore>),
    Committed,
    Published,
    /// Another writer was first.
    Raced,
    /// The call may have been carried out or not.
    Unknown,
    /// The same, when the delivery's time is over.
    UnknownTooLate,
    Denied,
}

impl InFlight {
    pub fn begin(
        product: Product,
        delivery: AnyDelivery,
        consumer: Consumer,
        entry: Entry,
        received: ReceivedMessage,
        now: Timestamp,
    ) -> Self {
        let Entry { message, attempts: attempt, .. } = entry;
        let (step, memory) = (Step::Wait { ms: 0 }, Memory::default());
        let mut in_flight = InFlight { consumer, message, attempt, step, memory, received, now, delivery, product };
        in_flight.answer(Answer::Begin);
        in_flight
    }

    /// The delivery after this result of its pending call.
    pub fn resumed(&self, result: CallResult, store: Option<&InMemoryStore>) -> Self {
        let mut next = self.clone();
        let answer = match result {
            CallResult::Read(_) => next.read(store.expect("a read is of a store")),
            CallResult::Committed => Answer::Committed,
            CallResult::Published => Answer::Published,
            CallResult::Raced => failed(FailureClass::Raced, "FAILED_PRECONDITION"),
            CallResult::Unknown => failed(FailureClass::Unknown, "UNAVAILABLE"),
            CallResult::Denied => failed(FailureClass::Permanent, "PERMISSION_DENIED"),
            CallResult::UnknownTooLate => {
                next.wait(deadlines::DELIVERY_MS);
                failed(FailureClass::Unknown, "DEADLINE_EXCEEDED")
            }
        };
        next.answer(answer);
        next
    }

    pub fn report(&self) -> Option<&DeliveryReport> {
        match &self.step {
            Step::Done(report) => Some(report),
            Step::Call(_) | Step::Wait { .. } => None,
        }
    }

    pub fn request(&self) -> Option<Request> {
        match &self.step {
            Step::Call(Call::Commit { writes, .. }) => Some(Request::Commit(writes.clone())),
            Step::Call(Call::Publish { batch, .. }) => Some(Request::Publish(batch.clone())),
            Step::Call(Call::Read { .. } | Call::Query { .. } | Call::Append { .. })
            | Step::Wait { .. }
            | Step::Done(_) => None,
        }
    }

    /// Waiting touches nothing shared, so it is no action of its own. The host wakes late, after two seconds, so that a
    /// repeated decision is made at another time. At every second attempt the host has no place left for one that waits for a document.
    fn answer(&mut self, answer: Answer) {
        self.step = self.next(answer);
        while let Step::Wait { ms } = self.step {
            let has_place = !self.delivery.awaits_document() || self.attempt % 2 == 1;
            let answer = if has_place {
                self.wait(ms.max(2_000));
                Answer::Waited
            } else {
                failed(FailureClass::Permanent, "RESOURCE_EXHAUSTED")
            };
            self.step = self.next(answer);
        }
    }

    fn next(&mut self, answer: Answer) -> Step<DeliveryReport> {
        self.product.next(&mut self.delivery, Reply { answer, now: self.now, random: 0 })
    }

    fn wait(&mut self, ms: u32) {
        let later = self.now.micros() + i64::from(ms) * 1_000;
        self.now = Timestamp::from_micros(later).expect("within the years there are");
    }

    fn read(&mut self, store: &InMemoryStore) -> Answer {
        match &self.step {
            Step::Call(Call::Read { paths, .. }) => {
                let mut snapshot = Snapshot::default();
                for path in paths {
                    let stored = self.product.reads(&self.received, path, store.stored(path).cloned());
                    snapshot.insert(path.clone(), stored);
                }
                Answer::Found(snapshot)
            }
            Step::Call(Call::Query { query, .. }) => Answer::Rows(rows(query, store)),
            Step::Call(Call::Commit { .. } | Call::Publish { .. } | Call::Append { .. })
            | Step::Wait { .. }
            | Step::Done(_) => {
                panic!("read without having been asked")
            }
        }
    }

    pub fn reads(&self) -> Option<&[DocumentPath]> {
        match &self.step {
            Step::Call(Call::Read { paths, .. }) => Some(paths),
            Step::Call(Call::Query { .. } | Call::Commit { .. } | Call::Publish { .. } | Call::Append { .. })
            | Step::Wait { .. }
            | Step::Done(_) => None,
        }
    }
}

/// A delivery asks for few documents, and by equalities alone.
fn rows(query: &Query, store: &InMemoryStore) -> Vec<Row> {
    let passes = |document: &Document| {
        query.filters.iter().all(|filter| {
            assert_eq!(filter.is, Comparison::Equal);
            document.fields.get(filter.field) == Some(&filter.value)
        })
    };
    let found = store.all().filter(|(path, stored)| path.collection() == query.collection && passes(&stored.document));
    found.map(|(path, stored)| Row { path: path.clone(), stored: stored.clone() }).collect()
}

fn failed(class: FailureClass, status: &str) -> Answer {
    Answer::Failed(Failure { class, status: status.to_owned() })
}

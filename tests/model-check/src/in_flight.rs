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
    store::{path::DocumentPath, snapshot::Snapshot, write::GuardedWrite},
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
            CallResult::Read(_) => Answer::Found(next.snapshot(store.expect("a read is of a store"))),
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
            Step::Call(Call::Read { .. } | Call::Query { .. }) | Step::Wait { .. } | Step::Done(_) => None,
        }
    }

    /// Waiting touches nothing shared, so it is no action of its own. The host wakes late, after two seconds, so that a
    /// repeated decision is made at another time.
    fn answer(&mut self, answer: Answer) {
        self.step = self.next(answer);
        while let Step::Wait { ms } = self.step {
            self.wait(ms.max(2_000));
            self.step = self.next(Answer::Waited);
        }
    }

    fn next(&mut self, answer: Answer) -> Step<DeliveryReport> {
        self.product.next(&mut self.delivery, Reply { answer, now: self.now, random: 0 })
    }

    fn wait(&mut self, ms: u32) {
        let later = self.now.micros() + i64::from(ms) * 1_000;
        self.now = Timestamp::from_micros(later).expect("within the years there are");
    }

    fn snapshot(&mut self, store: &InMemoryStore) -> Snapshot {
        let Step::Call(Call::Read { paths, .. }) = &self.step else { panic!("read without having been asked") };
        let mut snapshot = Snapshot::default();
        for path in paths {
            snapshot.insert(path.clone(), self.product.reads(&self.received, path, store.stored(path).cloned()));
        }
        snapshot
    }

    pub fn reads(&self) -> Option<&[DocumentPath]> {
        match &self.step {
            Step::Call(Call::Read { paths, .. }) => Some(paths),
            Step::Call(Call::Query { .. } | Call::Commit { .. } | Call::Publish { .. })
            | Step::Wait { .. }
            | Step::Done(_) => None,
        }
    }
}

fn failed(class: FailureClass, status: &str) -> Answer {
    Answer::Failed(Failure { class, status: status.to_owned() })
}

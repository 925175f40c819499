//! A delivery that an instance has in hand: the real one, and what it asks for at the moment.

use crate::{
    intern::Id,
    product::{Product, Wrapping as _},
    queue::{Entry, LaneName},
    running::Running,
    store::Store,
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

/// What the number of a talk is of.
#[derive(Debug)]
pub struct InHand;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Talk {
    pub lane: LaneName,
    pub message: Id<Message>,
    /// As Pub/Sub counts it, whatever the delivery was told.
    pub attempt: u8,
    pub step: Step<DeliveryReport>,
    /// Faults that it met, where the scenario remembers them.
    pub memory: Memory,
    arrival: ReceivedMessage,
    /// The clock of the instance.
    now: Timestamp,
    running: Running,
    product: Product,
}

/// What only matters to find examples by: see `Saw`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Memory {
    pub lost_a_commits_answer: bool,
    pub published_what_was_owed: bool,
}

/// What is under way to Google.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Request {
    Commit(Vec<GuardedWrite>),
    Publish(Batch),
}

/// What the instance hears of the call that it made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Told {
    Read(Id<Store>),
    Committed,
    Published,
    /// Another writer was first.
    Raced,
    /// Nobody knows whether it was done.
    Unknown,
    /// The same, when the delivery's time is over.
    UnknownTooLate,
    Denied,
}

impl Talk {
    pub fn begin(
        product: Product,
        running: Running,
        lane: LaneName,
        entry: Entry,
        arrival: ReceivedMessage,
        now: Timestamp,
    ) -> Self {
        let Entry { message, attempts: attempt, .. } = entry;
        let (step, memory) = (Step::Wait { ms: 0 }, Memory::default());
        let mut talk = Talk { lane, message, attempt, step, memory, arrival, now, running, product };
        talk.answer(Answer::Begin);
        talk
    }

    /// The same delivery once it has heard this.
    pub fn told(&self, told: Told, store: Option<&Store>) -> Self {
        let mut next = self.clone();
        let answer = match told {
            Told::Read(_) => Answer::Found(next.snapshot(store.expect("a read is of a store"))),
            Told::Committed => Answer::Committed,
            Told::Published => Answer::Published,
            Told::Raced => failed(FailureClass::Raced, "FAILED_PRECONDITION"),
            Told::Unknown => failed(FailureClass::Unknown, "UNAVAILABLE"),
            Told::Denied => failed(FailureClass::Permanent, "PERMISSION_DENIED"),
            Told::UnknownTooLate => {
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

    /// Waiting meets nobody, so it isn't a step of its own. A host may wake later than it was asked to, and does:
    /// after two seconds, so that whatever is decided again is decided at another time.
    fn answer(&mut self, answer: Answer) {
        self.step = self.next(answer);
        while let Step::Wait { ms } = self.step {
            self.wait(ms.max(2_000));
            self.step = self.next(Answer::Waited);
        }
    }

    fn next(&mut self, answer: Answer) -> Step<DeliveryReport> {
        self.product.next(&mut self.running, Reply { answer, now: self.now, random: 0 })
    }

    fn wait(&mut self, ms: u32) {
        let later = self.now.micros() + i64::from(ms) * 1_000;
        self.now = Timestamp::from_micros(later).expect("within the years there are");
    }

    fn snapshot(&mut self, store: &Store) -> Snapshot {
        let Step::Call(Call::Read { paths, .. }) = &self.step else { panic!("read without having been asked") };
        let mut snapshot = Snapshot::default();
        for path in paths {
            snapshot.insert(path.clone(), self.product.sees(&self.arrival, path, store.record(path).cloned()));
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

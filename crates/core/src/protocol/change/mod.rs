//! The protocol of a Firestore trigger: a document changed, and a function acts on it. Eventarc delivers at least once, in no order,
//! and again for a day until the answer is 2xx; so a handler does nothing that may not be done twice.

mod report;

pub use self::report::{ChangeOutcome, ChangeReport};
use crate::{
    kernel::timestamp::Timestamp,
    protocol::{
        deadlines,
        outcome::Fault,
        run::{Run, Task},
        step::{Answer, Reply, Step},
    },
    store::snapshot::Stored,
};

/// A document as it was and as it is. `before` is missing where it was created, `after` where it was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentChange {
    /// The trigger's event: the same at each attempt.
    pub event_id: String,
    pub time: Option<Timestamp>,
    /// Below the database's root: `users/{userId}`.
    pub path: String,
    pub before: Option<Stored>,
    pub after: Option<Stored>,
    /// The event was too large to be read: what is said of the document is missing, and it may have been written or deleted.
    pub is_cut: bool,
    /// W3C Trace Context's header.
    pub traceparent: Option<String>,
}

/// Acts on a change. Pure: it keeps nothing but what it was told.
pub trait ChangeHandler {
    const FUNCTION: &'static str;

    fn receive(change: DocumentChange) -> Self;

    /// As [`Task::next`].
    fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<ChangeOutcome>;
}

#[derive(Clone, Debug)]
pub struct ChangeRun<H> {
    event_id: String,
    run: Run<Handling<H>>,
}

impl<H: ChangeHandler> ChangeRun<H> {
    pub fn new(change: DocumentChange) -> Self {
        ChangeRun { event_id: change.event_id.clone(), run: Run::of(Handling(H::receive(change))) }
    }

    /// The next step, given the answer to the last one.
    pub fn next(&mut self, reply: Reply) -> Step<ChangeReport> {
        let event_id = self.event_id.clone();
        self.run.next(reply).map(|outcome| ChangeReport { function: H::FUNCTION, event_id, outcome })
    }
}

#[derive(Clone, Debug)]
struct Handling<H>(H);

impl<H: ChangeHandler> Task for Handling<H> {
    type Outcome = ChangeOutcome;
    const LASTS_MS: u64 = deadlines::CHANGE_REPEATED_MS;
    const ENDS_MS: u64 = deadlines::CHANGE_MS;

    fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<ChangeOutcome> {
        self.0.next(answer, now)
    }

    fn out_of_time(&mut self) -> ChangeOutcome {
        ChangeOutcome::Faulty(Fault::OutOfTime)
    }
}

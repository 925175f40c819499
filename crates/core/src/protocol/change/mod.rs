//! The protocol of a Firestore trigger: a document changed, and a function acts on it. Eventarc delivers at least once, in no order,
//! and again for a day until the answer is 2xx; so a handler does nothing that may not be done twice.

use crate::{
    kernel::timestamp::Timestamp,
    protocol::{
        outcome::Fault,
        run::{Run, Task},
        step::{Reply, Step},
    },
    store::document::Document,
};

/// A document as it was and as it is. `before` is missing where it was created, `after` where it was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentChange {
    /// The trigger's event: the same at each attempt.
    pub event_id: String,
    pub time: Option<Timestamp>,
    /// Below the database's root: `users/{userId}`.
    pub path: String,
    pub before: Option<Document>,
    pub after: Option<Document>,
}

/// Acts on a change: a task that ends with its success, or with the fault because of which the change shall come again.
pub trait ChangeHandler: Task<Outcome = Result<(), Fault>> {
    const FUNCTION: &'static str;

    fn receive(change: DocumentChange) -> Self;
}

#[derive(Clone, Debug)]
pub struct ChangeRun<H> {
    event_id: Option<String>,
    run: Run<H>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeReport {
    pub function: &'static str,
    pub event_id: Option<String>,
    pub outcome: Result<(), Fault>,
}

impl<H: ChangeHandler> ChangeRun<H> {
    pub fn new(change: DocumentChange) -> Self {
        ChangeRun { event_id: Some(change.event_id.clone()), run: Run::of(H::receive(change)) }
    }

    /// The next step, given the answer to the last one.
    pub fn next(&mut self, reply: Reply) -> Step<ChangeReport> {
        let event_id = self.event_id.clone();
        self.run.next(reply).map(|outcome| ChangeReport { function: H::FUNCTION, event_id, outcome })
    }
}

//! Drives a task: takes its calls to the host, repeats the ones that may be repeated, and tells it of a failure only once
//! repeating is over. Jobs, document changes and HTTP requests are tasks; the delivery of a message is not, since it goes back to
//! reading instead of repeating a commit.

use crate::{
    kernel::timestamp::Timestamp,
    protocol::{
        deadlines,
        outcome::Fault,
        step::{Answer, Call, Failure, FailureClass, Reply, Step},
    },
};

/// Pure: it keeps nothing but what it was told.
pub trait Task {
    type Outcome;

    /// After this time failed calls are no longer repeated.
    const LASTS_MS: u64;

    fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<Self::Outcome>;
}

#[derive(Clone, Debug)]
pub struct Run<T> {
    task: T,
    began: Option<Timestamp>,
    /// How often the present call was repeated.
    repeats: u32,
    at: At,
}

/// The step taken last.
#[derive(Clone, Debug)]
enum At {
    Start,
    Calling(Call),
    Waiting,
    /// Until the call is repeated.
    BackingOff(Call),
    Done,
}

impl<T: Task> Run<T> {
    pub fn of(task: T) -> Self {
        Run { task, began: None, repeats: 0, at: At::Start }
    }

    /// The next step, given the answer to the last one.
    pub fn next(&mut self, Reply { answer, now, random }: Reply) -> Step<T::Outcome> {
        self.began.get_or_insert(now);
        match (std::mem::replace(&mut self.at, At::Done), answer) {
            (At::BackingOff(call), Answer::Waited) => self.call(call),
            (At::Calling(call), Answer::Failed(failure)) => self.repeat_or_tell(call, failure, now, random),
            (At::Start, Answer::Begin) => self.tell(Answer::Begin, now),
            (At::Waiting, Answer::Waited) => self.tell(Answer::Waited, now),
            (At::Calling(Call::Read { .. }), Answer::Found(snapshot)) => self.tell(Answer::Found(snapshot), now),
            (At::Calling(Call::Query { .. }), Answer::Rows(rows)) => self.tell(Answer::Rows(rows), now),
            (At::Calling(Call::Commit { .. }), Answer::Committed) => self.tell(Answer::Committed, now),
            (At::Calling(Call::Publish { .. }), Answer::Published) => self.tell(Answer::Published, now),
            (
                At::Start | At::Calling(_) | At::Waiting | At::BackingOff(_) | At::Done,
                Answer::Begin
                | Answer::Found(_)
                | Answer::Rows(_)
                | Answer::Committed
                | Answer::Published
                | Answer::Waited
                | Answer::Failed(_),
            ) => self.tell(Answer::Failed(Fault::Protocol("an answer to another step")), now),
        }
    }

    fn tell(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<T::Outcome> {
        self.repeats = 0;
        match self.task.next(answer, now) {
            Step::Call(call) => self.call(call),
            Step::Wait { ms } => {
                self.at = At::Waiting;
                Step::Wait { ms }
            }
            Step::Done(outcome) => {
                self.at = At::Done;
                Step::Done(outcome)
            }
        }
    }

    fn call(&mut self, call: Call) -> Step<T::Outcome> {
        self.at = At::Calling(call.clone());
        Step::Call(call)
    }

    fn repeat_or_tell(&mut self, call: Call, failure: Failure, now: Timestamp, random: u64) -> Step<T::Outcome> {
        let is_hopeless = match failure.class {
            FailureClass::Raced | FailureClass::Unknown => self.repeats == deadlines::MAX_REPEATS || self.is_over(now),
            FailureClass::Permanent => true,
        };
        if is_hopeless {
            return self.tell(Answer::Failed(Fault::Call { step: call.name(), status: failure.status }), now);
        }
        let ms = deadlines::backoff_ms(self.repeats, random);
        self.repeats += 1;
        self.at = At::BackingOff(call);
        Step::Wait { ms }
    }

    fn is_over(&self, now: Timestamp) -> bool {
        self.began.is_some_and(|began| now.ms_since(began) >= T::LASTS_MS)
    }
}

//! Drives a task: takes its calls to the host, repeats the ones that may be repeated, and tells it of a failure only once
//! repeating is over. Jobs, document changes and HTTP requests are tasks; the delivery of a message is not, since it has an inbox
//! to read and a message to ack.

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

    /// After this time nothing is begun, and what was begun before gets at most the rest. The function's own timeout is later.
    const ENDS_MS: u64 = Self::LASTS_MS;

    /// `Begin` comes first. It comes again when a commit was refused because another writer was there before: what was read is
    /// old by then, so the task reads it again.
    fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<Self::Outcome>;

    /// How it ends once its time is over.
    fn out_of_time(&mut self) -> Self::Outcome;
}

#[derive(Clone, Debug)]
pub struct Run<T> {
    task: T,
    began: Option<Timestamp>,
    /// How often the present call was repeated.
    repeats: u32,
    /// How often the task began again.
    restarts: u32,
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
    /// Until the task begins again.
    Restarting,
    Done,
}

impl<T: Task> Run<T> {
    pub fn of(task: T) -> Self {
        Run { task, began: None, repeats: 0, restarts: 0, at: At::Start }
    }

    /// The next step, given the answer to the last one.
    pub fn next(&mut self, Reply { answer, now, random }: Reply) -> Step<T::Outcome> {
        self.began.get_or_insert(now);
        match (std::mem::replace(&mut self.at, At::Done), answer) {
            (At::BackingOff(call), Answer::Waited) => self.take(Step::Call(call), now),
            (At::Calling(call), Answer::Failed(failure)) => self.repeat_or_tell(call, failure, now, random),
            (At::Start, Answer::Begin) | (At::Restarting, Answer::Waited) => self.tell(Answer::Begin, now),
            (At::Waiting, Answer::Waited) => self.tell(Answer::Waited, now),
            (At::Calling(Call::Read { .. }), Answer::Found(snapshot)) => self.tell(Answer::Found(snapshot), now),
            (At::Calling(Call::Query { .. }), Answer::Rows(rows)) => self.tell(Answer::Rows(rows), now),
            (At::Calling(Call::Commit { .. }), Answer::Committed) => self.tell(Answer::Committed, now),
            (At::Calling(Call::Publish { .. }), Answer::Published) => self.tell(Answer::Published, now),
            (At::Calling(Call::Append { .. }), Answer::Appended { refused }) => {
                self.tell(Answer::Appended { refused }, now)
            }
            (
                At::Start | At::Calling(_) | At::Waiting | At::BackingOff(_) | At::Restarting | At::Done,
                Answer::Begin
                | Answer::Found(_)
                | Answer::Rows(_)
                | Answer::Committed
                | Answer::Published
                | Answer::Appended { .. }
                | Answer::Waited
                | Answer::Failed(_),
            ) => self.tell(Answer::Failed(Fault::Protocol("an answer to another step")), now),
        }
    }

    fn tell(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<T::Outcome> {
        self.repeats = 0;
        let step = self.task.next(answer, now);
        self.take(step, now)
    }

    /// The step, as far as there is time for it.
    fn take(&mut self, step: Step<T::Outcome>, now: Timestamp) -> Step<T::Outcome> {
        let (at, step) = match (step, self.left_ms(now)) {
            (Step::Done(outcome), _) => (At::Done, Step::Done(outcome)),
            (Step::Call(_) | Step::Wait { .. }, 0) => (At::Done, Step::Done(self.task.out_of_time())),
            (Step::Call(call), left) => (At::Calling(call.clone()), Step::Call(call.within(left))),
            (Step::Wait { ms }, left) => (At::Waiting, Step::Wait { ms: ms.min(left) }),
        };
        self.at = at;
        step
    }

    fn repeat_or_tell(&mut self, call: Call, failure: Failure, now: Timestamp, random: u64) -> Step<T::Outcome> {
        let restarts = failure.class == FailureClass::Raced && call.is_guarded();
        let tries = if restarts { &mut self.restarts } else { &mut self.repeats };
        let ms = deadlines::backoff_ms(*tries, random);
        let is_hopeless = failure.class == FailureClass::Permanent || *tries == deadlines::MAX_REPEATS;
        *tries += 1;
        if is_hopeless || self.passed_ms(now) >= T::LASTS_MS {
            return self.tell(Answer::Failed(Fault::Call { step: call.name(), status: failure.status }), now);
        }
        self.at = if restarts { At::Restarting } else { At::BackingOff(call) };
        Step::Wait { ms }
    }

    fn passed_ms(&self, now: Timestamp) -> u64 {
        self.began.map_or(0, |began| now.ms_since(began))
    }

    fn left_ms(&self, now: Timestamp) -> u32 {
        u32::try_from(T::ENDS_MS.saturating_sub(self.passed_ms(now))).unwrap_or(u32::MAX)
    }
}

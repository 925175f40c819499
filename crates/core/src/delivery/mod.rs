//! The protocol of one delivery, without I/O: it is told the time, chance and what its last step came to, and says the next
//! step. Dropping it at any point is safe: the message comes again, and the inbox knows what was done.
//!
//! 1. `Delivery::new` reads the message.
//! 2. `next(Begin)` says the first step.
//! 3. The host takes that step.
//! 4. It hands the answer to `next`, which says the following step.
//! 5. And so on, until the step is `Done`.

mod arrival;
mod content;
mod decide;
pub mod patience;
mod report;
mod step;

use std::marker::PhantomData;

use self::content::Content;
pub use self::{
    arrival::Arrival,
    report::Report,
    step::{Answer, Failure, FailureClass, GuardedWrite, Reply, Step},
};
use crate::{
    decision::Write,
    document::DocumentPath,
    handler::{Handler, Snapshot},
    outcome::{Fault, Outcome},
    outgoing::Batch,
    timestamp::Timestamp,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Delivery<H: Handler> {
    arrival: Arrival,
    content: Content<H::Fact>,
    began: Option<Timestamp>,
    /// When it first found that something isn't there yet.
    awaits_since: Option<Timestamp>,
    /// The letter is read as well, once it is known that one may be written.
    wants_letter: bool,
    repeats: u32,
    at: At,
    handler: PhantomData<H>,
}

/// Which step was said last.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum At {
    Start,
    Reading,
    Committing(Ending),
    Publishing(Ending),
    /// Until it reads again.
    BackingOff,
    /// Until it publishes again.
    BackingOffPublish(Ending),
    Done,
}

/// What the delivery comes to once its remaining steps are done.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Ending {
    outcome: Outcome,
    reason: Option<String>,
    to_publish: Vec<Batch>,
}

impl Ending {
    fn plain(outcome: Outcome) -> Ending {
        Ending { outcome, reason: None, to_publish: Vec::new() }
    }

    fn because(outcome: Outcome, reason: impl Into<String>) -> Ending {
        Ending { outcome, reason: Some(reason.into()), to_publish: Vec::new() }
    }
}

impl<H: Handler> Delivery<H> {
    pub fn new(arrival: Arrival) -> Self {
        let content = Content::read::<H>(&arrival);
        Delivery::of(arrival, content)
    }

    /// A delivery that broke its instance, taken up in a fresh one: left to redelivery, and filed once it has come too often.
    /// The message isn't read again, for reading may be what broke it.
    pub fn after_trap(arrival: Arrival, panic_text: String) -> Self {
        Delivery::of(arrival, Content::Crashed(panic_text))
    }

    fn of(arrival: Arrival, content: Content<H::Fact>) -> Self {
        let is_replay = arrival.replay_for().is_some();
        Delivery {
            arrival,
            content,
            began: None,
            awaits_since: None,
            wants_letter: is_replay,
            repeats: 0,
            at: At::Start,
            handler: PhantomData,
        }
    }

    /// The next step, given the answer to the last one.
    pub fn next(&mut self, reply: Reply) -> Step {
        let (now, random) = (reply.now, reply.random);
        let began = *self.began.get_or_insert(now);
        if patience::timeout_ms(patience::DELIVERY_MS, began, now).is_none() {
            return self.fault(Fault::OutOfTime);
        }
        match (std::mem::replace(&mut self.at, At::Done), reply.answer) {
            (At::Start, Answer::Begin) => self.start(now),
            (At::Reading, Answer::Found(snapshot)) => {
                self.decide(&snapshot, now, random).unwrap_or_else(|fault| self.fault(fault))
            }
            (At::Reading, Answer::Failed(failure)) => self.read_again_or_give_up("read", failure, now, random),
            (At::Committing(ending), Answer::Committed) => self.publish(ending, now),
            (At::Committing(_), Answer::Failed(failure)) => self.read_again_or_give_up("commit", failure, now, random),
            (At::Publishing(mut ending), Answer::Published) => {
                ending.to_publish.remove(0);
                self.publish(ending, now)
            }
            (At::Publishing(ending), Answer::Failed(failure)) => {
                self.repeat_or_give_up("publish", failure, now, random, At::BackingOffPublish(ending))
            }
            (At::BackingOff, Answer::Waited) => self.read(now),
            (At::BackingOffPublish(ending), Answer::Waited) => self.publish(ending, now),
            (
                At::Start
                | At::Reading
                | At::Committing(_)
                | At::Publishing(_)
                | At::BackingOff
                | At::BackingOffPublish(_)
                | At::Done,
                Answer::Begin
                | Answer::Found(_)
                | Answer::Committed
                | Answer::Published
                | Answer::Waited
                | Answer::Failed(_),
            ) => self.fault(Fault::Protocol("an answer to another step")),
        }
    }

    fn start(&mut self, now: Timestamp) -> Step {
        match &self.content {
            Content::NotForUs(_) | Content::ReplayForAnother => self.done(Ending::plain(Outcome::Passed)),
            Content::Crashed(text) if self.arrival.attempt < patience::CRASHES_TO_FILE => {
                let fault = Fault::Trap(text.clone());
                self.fault(fault)
            }
            Content::Malformed(..) | Content::Crashed(_) => {
                self.wants_letter = true;
                self.read(now)
            }
            Content::Event(_) => self.read(now),
        }
    }

    /// Everything that the decision depends on, in one read: the inbox, the handler's documents, the letter where one may be
    /// written.
    fn read(&mut self, now: Timestamp) -> Step {
        let Some(timeout_ms) = self.time_for(patience::READ_MS, now) else {
            return self.fault(Fault::OutOfTime);
        };
        let mut paths = Vec::new();
        if let Content::Event(event) = &self.content {
            paths.push(DocumentPath::processed_event(H::CONSUMER, event.envelope.id));
            paths.extend(H::read_set(event));
        }
        if self.wants_letter {
            paths.push(self.arrival.letter_path(H::CONSUMER));
        }
        self.at = At::Reading;
        Step::Read { paths, timeout_ms }
    }

    /// One atomic commit, every write guarded by the version that was read.
    fn commit(
        &mut self,
        writes: Vec<Write>,
        ending: Ending,
        snapshot: &Snapshot,
        now: Timestamp,
    ) -> Result<Step, Fault> {
        if writes.is_empty() {
            return Ok(self.publish(ending, now));
        }
        let timeout_ms = self.time_for(patience::COMMIT_MS, now).ok_or(Fault::OutOfTime)?;
        let guard = |write: Write| {
            let expected = snapshot.version(&write.path).ok_or(Fault::Protocol("a write to what was not read"))?;
            Ok(GuardedWrite { path: write.path, changes: write.changes, expected })
        };
        let writes = writes.into_iter().map(guard).collect::<Result<_, Fault>>()?;
        self.at = At::Committing(ending);
        Ok(Step::Commit { writes, timeout_ms })
    }

    /// The state is stored; what it owes to others goes out, in order, and only then is the message acked.
    fn publish(&mut self, ending: Ending, now: Timestamp) -> Step {
        let Some(batch) = ending.to_publish.first().cloned() else {
            return self.done(ending);
        };
        let Some(timeout_ms) = self.time_for(patience::PUBLISH_MS, now) else {
            return self.fault(Fault::OutOfTime);
        };
        self.at = At::Publishing(ending);
        Step::Publish { batch, timeout_ms }
    }

    fn read_again_or_give_up(&mut self, step: &'static str, failure: Failure, now: Timestamp, random: u64) -> Step {
        self.repeat_or_give_up(step, failure, now, random, At::BackingOff)
    }

    fn repeat_or_give_up(
        &mut self,
        step: &'static str,
        failure: Failure,
        now: Timestamp,
        random: u64,
        then: At,
    ) -> Step {
        let hopeless = match failure.class {
            FailureClass::Raced | FailureClass::Unknown => self.repeats == patience::MAX_REPEATS,
            FailureClass::Permanent => true,
        };
        if hopeless {
            return self.fault(Fault::Call { step, status: failure.status });
        }
        let ms = patience::backoff_ms(self.repeats, random);
        self.repeats += 1;
        self.wait(ms, now, then)
    }

    fn wait(&mut self, ms: u32, now: Timestamp, then: At) -> Step {
        let Some(ms) = self.time_for(ms, now) else {
            return self.fault(Fault::OutOfTime);
        };
        self.at = then;
        Step::Wait { ms }
    }

    fn done(&mut self, ending: Ending) -> Step {
        self.finish(Ok(ending.outcome), ending.reason)
    }

    fn fault(&mut self, fault: Fault) -> Step {
        let reason = fault.to_string();
        self.finish(Err(fault), Some(reason))
    }

    fn finish(&mut self, ending: Result<Outcome, Fault>, reason: Option<String>) -> Step {
        self.at = At::Done;
        Step::Done(Report {
            ending,
            reason,
            consumer: H::CONSUMER,
            event: self.content.glimpse(),
            traceparent: self.content.traceparent(),
            attempt: self.arrival.attempt,
            repeats: self.repeats,
        })
    }

    fn time_for(&self, own_ms: u32, now: Timestamp) -> Option<u32> {
        patience::timeout_ms(own_ms, self.began.unwrap_or(now), now)
    }
}

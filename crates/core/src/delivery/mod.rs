//! The protocol of one delivery, without I/O: it is told the time, chance and what its last step came to, and says the next
//! step. Dropping it at any point is safe: the message comes again, and the inbox knows what was done.
//!
//! 1. A [`Function`] meets the message; `Delivery::new` has what it made of it.
//! 2. `next(Begin)` says the first step.
//! 3. The host takes that step.
//! 4. It hands the answer to `next`, which says the following step.
//! 5. And so on, until the step is `Done`.

mod arrival;
mod content;
mod crashed;
mod deciding;
mod letter;
mod mind;
pub mod patience;
mod report;
mod step;

pub use self::{
    arrival::Arrival,
    crashed::Crashed,
    deciding::Deciding,
    mind::{Ending, Function, Mind, Resolution},
    report::Report,
    step::{Answer, Expected, Failure, FailureClass, GuardedWrite, Reply, Step},
};
use crate::{
    dead_letter::Cause,
    decision::Write,
    document::DocumentPath,
    handler::Snapshot,
    outcome::{Fault, Outcome},
    timestamp::Timestamp,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Delivery<M: Mind> {
    arrival: Arrival,
    mind: M,
    began: Option<Timestamp>,
    /// When it first found that something isn't there yet.
    awaits_since: Option<Timestamp>,
    /// The letter is read as well, once it is known that one may be written.
    wants_letter: bool,
    /// What else is read, once something that was read has told of it.
    also: Vec<DocumentPath>,
    repeats: u32,
    at: At,
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

impl<M: Function> Delivery<M> {
    /// The delivery of a message at a function.
    pub fn to(arrival: Arrival) -> Self {
        let mind = M::meet(&arrival);
        Delivery::new(arrival, mind)
    }
}

impl<F: Function> Delivery<Crashed<F>> {
    /// A delivery that broke its instance, taken up in a fresh one.
    pub fn after_trap(arrival: Arrival, panic_text: String) -> Self {
        let mind = Crashed::meet(&arrival, panic_text);
        Delivery::new(arrival, mind)
    }
}

impl<M: Mind> Delivery<M> {
    fn new(arrival: Arrival, mind: M) -> Self {
        let wants_letter = arrival.replay_for().is_some() || mind.will_file();
        Delivery {
            arrival,
            mind,
            began: None,
            awaits_since: None,
            wants_letter,
            also: Vec::new(),
            repeats: 0,
            at: At::Start,
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
                self.resolve(&snapshot, now, random).unwrap_or_else(|fault| self.fault(fault))
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
        match self.mind.at_once() {
            Some(Ok(ending)) => self.done(ending),
            Some(Err(fault)) => self.fault(fault),
            None => self.read(now),
        }
    }

    /// Everything that the resolution depends on, in one read: the inbox, the handler's documents, the letter where one may be
    /// written.
    fn read(&mut self, now: Timestamp) -> Step {
        let Some(timeout_ms) = self.time_for(patience::READ_MS, now) else {
            return self.fault(Fault::OutOfTime);
        };
        let mut paths = self.mind.read_set();
        paths.extend(self.also.iter().cloned());
        if self.wants_letter {
            paths.push(self.letter_path());
        }
        self.at = At::Reading;
        Step::Read { paths, timeout_ms }
    }

    fn resolve(&mut self, snapshot: &Snapshot, now: Timestamp, random: u64) -> Result<Step, Fault> {
        match self.mind.resolve(snapshot, now)? {
            Resolution::Settle { mut writes, ending } => {
                writes.extend(self.letter_settled(snapshot)?);
                self.commit(writes, ending, snapshot, now)
            }
            Resolution::File { writes, outcome, letter } => self.file(writes, outcome, &letter, snapshot, now),
            Resolution::Await(path) => self.wait_for(path, snapshot, now, random),
            Resolution::ReadAlso(path) => self.read_also(path, snapshot, now),
        }
    }

    /// Not that one alone: all that the commit rests on must have been seen at one moment.
    fn read_also(&mut self, path: DocumentPath, snapshot: &Snapshot, now: Timestamp) -> Result<Step, Fault> {
        if snapshot.was_read(&path) || self.also.contains(&path) {
            return Err(Fault::Protocol("it asks for what was read"));
        }
        self.also.push(path);
        Ok(self.read(now))
    }

    /// Rereads for a moment, then lets the message come again, and files it once it is a minute old.
    fn wait_for(
        &mut self,
        path: DocumentPath,
        snapshot: &Snapshot,
        now: Timestamp,
        random: u64,
    ) -> Result<Step, Fault> {
        let letter = Cause::awaits(path);
        if self.arrival.age_ms(now) >= patience::AWAIT_IN_ALL_MS {
            return self.file(Vec::new(), Outcome::Awaited, &letter, snapshot, now);
        }
        let since = *self.awaits_since.get_or_insert(now);
        if now.ms_since(since) >= patience::AWAIT_IN_DELIVERY_MS {
            return Ok(self.done(Ending::because(Outcome::Deferred, letter.reason)));
        }
        Ok(self.wait(patience::reread_ms(random), now, At::BackingOff))
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
        let writes = writes.into_iter().map(|write| guarded(write, snapshot)).collect::<Result<_, Fault>>()?;
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
            consumer: M::FUNCTION,
            event: self.mind.glimpse(),
            traceparent: self.mind.traceparent(),
            attempt: self.arrival.attempt,
            repeats: self.repeats,
        })
    }

    fn time_for(&self, own_ms: u32, now: Timestamp) -> Option<u32> {
        patience::timeout_ms(own_ms, self.began.unwrap_or(now), now)
    }
}

fn guarded(write: Write, snapshot: &Snapshot) -> Result<GuardedWrite, Fault> {
    let expected = match (write.replaces, snapshot.version(&write.path)) {
        (true, _) => Expected::Whatever,
        (false, Some(Some(version))) => Expected::Version(version),
        (false, Some(None)) => Expected::Absent,
        (false, None) => return Err(Fault::Protocol("a write to what was not read")),
    };
    Ok(GuardedWrite { path: write.path, changes: write.changes, expected })
}

//! The protocol of one delivery, without I/O: it is told the time, randomness and the answer to its last step, and names
//! the next one. Dropping it at any point is safe: the message comes again, and the inbox has a record of what was done.
//!
//! 1. A [`Receiver`] parses the message into a [`Processor`].
//! 2. `next(Begin)` says the first step.
//! 3. The host takes that step.
//! 4. It hands the answer to `next`, which says the following step.
//! 5. And so on, until the step is `Done`.

mod awaiting;
mod crashed;
mod event_processor;
mod letter;
mod parsed;
mod processor;
mod received_message;
mod repeat;
mod report;
mod unhandled;

pub use self::{
    crashed::Crashed,
    event_processor::EventProcessor,
    processor::{Disposition, Processor, Receiver, Resolution},
    received_message::{ReceivedMessage, Replay},
    report::DeliveryReport,
    unhandled::Unhandled,
};
use crate::{
    kernel::timestamp::Timestamp,
    protocol::{
        deadlines,
        outcome::{Fault, Outcome},
        step::{Answer, Call, Reply, Step},
    },
    store::{path::DocumentPath, snapshot::Snapshot, write::Write},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Delivery<P: Processor> {
    received: ReceivedMessage,
    processor: P,
    began: Option<Timestamp>,
    /// When it first found that something isn't there yet.
    awaits_since: Option<Timestamp>,
    /// Whether it may wait for that: not any more once its instance has refused.
    may_wait: bool,
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
    Committing(Disposition),
    Publishing(Disposition),
    /// Until it reads again.
    BackingOff,
    /// Until it publishes again.
    BackingOffPublish(Disposition),
    /// For this document, which isn't there.
    Awaiting(DocumentPath),
    /// Whether that has come while the message was filed.
    LookingOnceMore(DocumentPath, Disposition),
    /// Its letter with the others of its customer, of which some wait for the same.
    Comparing(DocumentPath, Disposition),
    /// What older letters wait for.
    LookingForOlder(Disposition),
    Done,
}

impl<P: Receiver> Delivery<P> {
    /// The delivery of a message at a function.
    pub fn to(received: ReceivedMessage) -> Self {
        let processor = P::receive(&received);
        Delivery::new(received, processor)
    }
}

impl<F: Receiver> Delivery<Crashed<F>> {
    /// A delivery that broke its instance, taken up in a fresh one.
    pub fn after_trap(received: ReceivedMessage, panic_text: String) -> Self {
        let processor = Crashed::receive(&received, panic_text);
        Delivery::new(received, processor)
    }
}

impl<P: Processor> Delivery<P> {
    fn new(received: ReceivedMessage, processor: P) -> Self {
        let wants_letter = matches!(received.replay(), Ok(Some(_))) || processor.will_file();
        Delivery {
            received,
            processor,
            began: None,
            awaits_since: None,
            may_wait: true,
            wants_letter,
            also: Vec::new(),
            repeats: 0,
            at: At::Start,
        }
    }

    /// The next step, given the answer to the last one.
    pub fn next(&mut self, reply: Reply) -> Step<DeliveryReport> {
        let (now, random) = (reply.now, reply.random);
        let began = *self.began.get_or_insert(now);
        if deadlines::timeout_ms(deadlines::DELIVERY_MS, began, now).is_none() {
            return self.fault(Fault::OutOfTime);
        }
        match (std::mem::replace(&mut self.at, At::Done), reply.answer) {
            (At::Start, Answer::Begin) => self.start(now),
            (At::Reading, Answer::Found(snapshot)) => {
                self.resolve(&snapshot, now, random).unwrap_or_else(|fault| self.fault(fault))
            }
            (At::Reading, Answer::Failed(failure)) => self.read_again_or_give_up("read", failure, now, random),
            (At::Committing(disposition), Answer::Committed) => self.publish(disposition, now),
            (At::Committing(_), Answer::Failed(failure)) => self.read_again_or_give_up("commit", failure, now, random),
            (At::Publishing(mut disposition), Answer::Published) => {
                disposition.to_publish.remove(0);
                self.publish(disposition, now)
            }
            (At::Publishing(disposition), Answer::Failed(failure)) => {
                self.repeat_or_give_up("publish", failure, now, random, At::BackingOffPublish(disposition))
            }
            (At::BackingOff, Answer::Waited) => self.read(now),
            (At::Awaiting(_), Answer::Waited) => self.reread(now),
            (At::Awaiting(awaited), Answer::Failed(_)) => self.wait_no_longer(awaited, now),
            (At::LookingOnceMore(awaited, disposition), Answer::Found(snapshot)) => {
                self.looked(&awaited, disposition, &snapshot, now)
            }
            (At::Comparing(awaited, disposition), Answer::Rows(rows)) => {
                self.compared(&awaited, disposition, &rows, now)
            }
            (At::LookingForOlder(disposition), Answer::Found(snapshot)) => {
                self.looked_for_older(disposition, &snapshot, now)
            }
            // It is filed. The clock looks for its document, too.
            (
                At::LookingOnceMore(_, disposition) | At::Comparing(_, disposition) | At::LookingForOlder(disposition),
                Answer::Failed(_),
            ) => self.done(disposition),
            (At::BackingOffPublish(disposition), Answer::Waited) => self.publish(disposition, now),
            (
                At::Start
                | At::Reading
                | At::Committing(_)
                | At::Publishing(_)
                | At::BackingOff
                | At::BackingOffPublish(_)
                | At::Awaiting(_)
                | At::LookingOnceMore(..)
                | At::Comparing(..)
                | At::LookingForOlder(_)
                | At::Done,
                Answer::Begin
                | Answer::Found(_)
                | Answer::Rows(_)
                | Answer::Committed
                | Answer::Published
                | Answer::Appended { .. }
                | Answer::Waited
                | Answer::Failed(_),
            ) => self.fault(Fault::Protocol("an answer to another step")),
        }
    }

    fn start(&mut self, now: Timestamp) -> Step<DeliveryReport> {
        match self.processor.at_once() {
            Some(Ok(disposition)) => self.done(disposition),
            Some(Err(fault)) => self.fault(fault),
            None => self.read(now),
        }
    }

    /// Everything that the resolution depends on, in one read: the inbox, the handler's documents, the letter where one may be
    /// written.
    fn read(&mut self, now: Timestamp) -> Step<DeliveryReport> {
        let Some(timeout_ms) = self.time_for(deadlines::READ_MS, now) else {
            return self.fault(Fault::OutOfTime);
        };
        let mut paths = self.processor.read_set();
        paths.extend(self.also.iter().cloned());
        if self.wants_letter {
            paths.push(self.letter_path());
        }
        self.at = At::Reading;
        Step::Call(Call::Read { paths, fields: &[], timeout_ms })
    }

    fn resolve(&mut self, snapshot: &Snapshot, now: Timestamp, random: u64) -> Result<Step<DeliveryReport>, Fault> {
        if let Some(malformed) = self.replay_refusal(snapshot)? {
            return self.replay_refused(&malformed, snapshot, now);
        }
        match self.processor.resolve(snapshot, now)? {
            Resolution::Commit { mut writes, disposition } => {
                writes.extend(self.letter_settled(snapshot, now)?);
                self.commit(writes, disposition, snapshot, now)
            }
            Resolution::DeadLetter { writes, outcome, letter } => self.file(writes, outcome, &letter, snapshot, now),
            Resolution::Await(path) => self.wait_for(path, snapshot, now, random),
            Resolution::ReadAlso(path) => self.read_also(path, snapshot, now),
        }
    }

    /// Not that one alone: all that the commit rests on must have been seen at one moment.
    fn read_also(
        &mut self,
        path: DocumentPath,
        snapshot: &Snapshot,
        now: Timestamp,
    ) -> Result<Step<DeliveryReport>, Fault> {
        if snapshot.was_read(&path) || self.also.contains(&path) {
            return Err(Fault::Protocol("it asks for what was read"));
        }
        self.also.push(path);
        Ok(self.read(now))
    }

    /// One atomic commit, every write guarded by the version that was read.
    fn commit(
        &mut self,
        writes: Vec<Write>,
        disposition: Disposition,
        snapshot: &Snapshot,
        now: Timestamp,
    ) -> Result<Step<DeliveryReport>, Fault> {
        if writes.is_empty() {
            return Ok(self.publish(disposition, now));
        }
        let timeout_ms = self.time_for(deadlines::COMMIT_MS, now).ok_or(Fault::OutOfTime)?;
        let writes = writes.into_iter().map(|write| snapshot.guard(write)).collect::<Option<_>>();
        let writes = writes.ok_or(Fault::Protocol("a write to what was not read"))?;
        self.at = At::Committing(disposition);
        Ok(Step::Call(Call::Commit { writes, timeout_ms }))
    }

    /// The state is stored; what it owes to others goes out, in order, and only then is the message acked.
    fn publish(&mut self, mut disposition: Disposition, now: Timestamp) -> Step<DeliveryReport> {
        let Some(batch) = disposition.to_publish.first().cloned() else {
            return match disposition.awaits.take() {
                Some(awaited) => self.look_once_more(awaited, disposition, now),
                None => self.done(disposition),
            };
        };
        let Some(timeout_ms) = self.time_for(deadlines::PUBLISH_MS, now) else {
            return self.fault(Fault::OutOfTime);
        };
        self.at = At::Publishing(disposition);
        Step::Call(Call::Publish { batch, timeout_ms })
    }

    fn wait(&mut self, ms: u32, now: Timestamp, then: At) -> Step<DeliveryReport> {
        let Some(ms) = self.time_for(ms, now) else {
            return self.fault(Fault::OutOfTime);
        };
        self.at = then;
        Step::Wait { ms }
    }

    fn done(&mut self, disposition: Disposition) -> Step<DeliveryReport> {
        self.finish(Ok(disposition.outcome), disposition.reason)
    }

    fn fault(&mut self, fault: Fault) -> Step<DeliveryReport> {
        let reason = fault.to_string();
        self.finish(Err(fault), Some(reason))
    }

    fn finish(&mut self, outcome: Result<Outcome, Fault>, reason: Option<String>) -> Step<DeliveryReport> {
        self.at = At::Done;
        Step::Done(DeliveryReport {
            outcome,
            reason,
            consumer: P::FUNCTION,
            event: self.processor.partial_envelope(),
            traceparent: self.processor.traceparent(),
            attempt: self.received.attempt,
            repeats: self.repeats,
        })
    }

    fn time_for(&self, own_ms: u32, now: Timestamp) -> Option<u32> {
        deadlines::timeout_ms(own_ms, self.began.unwrap_or(now), now)
    }
}

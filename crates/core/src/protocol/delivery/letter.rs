//! The dead letter of a delivery: in the same commit as the record, so that the two never differ.

use super::{At, Delivery, DeliveryReport, Disposition, Processor, ReceivedMessage, Replay};
use crate::{
    event::{catalog::Topic, subscription::FILES_THE_REST},
    kernel::{malformed::Malformed, timestamp::Timestamp},
    protocol::{
        dead_letter::{self, Cause, Content, Kind},
        deadlines,
        outcome::{Fault, Outcome},
        step::{Call, Step},
    },
    store::{
        document::Unreadable,
        path::DocumentPath,
        snapshot::Snapshot,
        write::{Expected, GuardedWrite, Write},
    },
};

fn filed(outcome: Outcome, letter: &Cause) -> Disposition {
    Disposition { awaits: letter.awaits.clone(), ..Disposition::because(outcome, letter.reason.clone()) }
}

impl<P: Processor> Delivery<P> {
    /// A letter that is already there stays as it is, unless this is its replay. If it wasn't read yet, everything is
    /// read again with it: then all documents behind this commit were read at one moment.
    pub(super) fn file(
        &mut self,
        mut writes: Vec<Write>,
        outcome: Outcome,
        letter: &Cause,
        snapshot: &Snapshot,
        now: Timestamp,
    ) -> Result<Step<DeliveryReport>, Fault> {
        let path = self.letter_path();
        match snapshot.version(&path) {
            None if self.wants_letter => return Err(Fault::Protocol("the letter was not read")),
            None => {
                self.wants_letter = true;
                return Ok(self.read(now));
            }
            Some(None) => writes.push(self.new_letter(letter, now)),
            Some(Some(_)) => writes.extend(self.letter_rewritten(snapshot, Some(letter), now)?),
        }
        self.commit(writes, filed(outcome, letter), snapshot, now)
    }

    /// Unread: the commit fails where the letter is there already, and then all is read with it. So it is for a letter alone, with which
    /// nothing is written that was read.
    pub(super) fn file_unread(&mut self, outcome: Outcome, letter: &Cause, now: Timestamp) -> Step<DeliveryReport> {
        let Some(timeout_ms) = self.time_for(deadlines::COMMIT_MS, now) else { return self.fault(Fault::OutOfTime) };
        let Write { path, changes, .. } = self.new_letter(letter, now);
        self.wants_letter = true;
        self.at = At::Committing(filed(outcome, letter));
        Step::Call(Call::Commit {
            writes: vec![GuardedWrite { path, changes, expected: Expected::Absent }],
            timeout_ms,
        })
    }

    fn new_letter(&self, letter: &Cause, now: Timestamp) -> Write {
        let (consumer, event) = (self.processor.consumer(), self.processor.partial_envelope());
        let ReceivedMessage { body, dropped_bytes, attributes, .. } = &self.received;
        let content = Content { body, dropped_bytes: *dropped_bytes, attributes };
        Write::whole(self.letter_path(), dead_letter::fields(consumer, letter, &event, &content, now))
    }

    /// Done with, if this was its replay.
    pub(super) fn letter_settled(&self, snapshot: &Snapshot, now: Timestamp) -> Result<Option<Write>, Unreadable> {
        self.letter_rewritten(snapshot, None, now)
    }

    /// Only a replay touches a letter that is there.
    fn letter_rewritten(
        &self,
        snapshot: &Snapshot,
        filed_again: Option<&Cause>,
        now: Timestamp,
    ) -> Result<Option<Write>, Unreadable> {
        // Asked first: the path is a hash of the whole message, and every event that is applied comes through here.
        let Ok(Some(replay)) = self.received.replay() else { return Ok(None) };
        let path = self.letter_path();
        match snapshot.get(&path) {
            Some(letter) => {
                let event = self.processor.partial_envelope();
                dead_letter::after_replay(path, letter, replay.number, filed_again, &event, now)
            }
            None => Ok(None),
        }
    }

    /// Why it can't be the replay that it says it is. On `replays` any type may be, so what is there is held against its letter: that
    /// one must be there and be of this very message. It has been replayed as often as it says; a number further on is nobody's, and
    /// would count for all of those between.
    pub(super) fn replay_refusal(&self, snapshot: &Snapshot) -> Result<Option<Malformed>, Unreadable> {
        let Ok(Some(Replay { consumer, number: Some(number) })) = self.received.replay() else { return Ok(None) };
        // One for whom nothing is replayed says so itself.
        if consumer != self.processor.consumer() || consumer == FILES_THE_REST {
            return Ok(None);
        }
        let path = self.letter_path();
        if !self.received.names_letter(&path) {
            return Ok(Some(Malformed::new("attributes.replayOf", "not the letter of this message")));
        }
        let no_such_letter = Malformed::new("attributes.replayOf", "no such letter");
        let replays = match snapshot.get(&path) {
            // Filed for that very reason, by an earlier attempt to say it as a replay.
            Some(letter) if letter.optional_string("reason")? == Some(no_such_letter.reason()) => {
                return Ok(Some(no_such_letter));
            }
            Some(letter) => letter.int("replays")?,
            None if self.received.published_to() == Some(Topic::Replays) => return Ok(Some(no_such_letter)),
            None => 0,
        };
        let is_ahead = number > replays.saturating_add(1);
        Ok(is_ahead.then(|| Malformed::new("attributes.replayNumber", "more than 1 above the replays of its letter")))
    }

    /// Its letter stays as it is. Where there is none, there is one now.
    pub(super) fn replay_refused(
        &mut self,
        malformed: &Malformed,
        snapshot: &Snapshot,
        now: Timestamp,
    ) -> Result<Step<DeliveryReport>, Fault> {
        if snapshot.get(&self.letter_path()).is_some() {
            return Ok(self.done(Disposition::because(Outcome::Malformed, malformed.reason())));
        }
        let cause = Cause::new(Kind::Malformed, malformed.reason().to_owned());
        self.file(Vec::new(), Outcome::Malformed, &cause, snapshot, now)
    }

    pub(super) fn letter_path(&self) -> DocumentPath {
        self.received.letter_path(self.processor.consumer(), self.processor.is_named())
    }
}

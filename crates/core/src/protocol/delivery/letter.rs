//! The dead letter of a delivery: in the same commit as the record, so that the two never differ.

use super::{At, Delivery, DeliveryReport, Disposition, Processor, Replay};
use crate::{
    kernel::{malformed::Malformed, timestamp::Timestamp},
    protocol::{
        dead_letter::{self, Cause, Kind},
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
            Some(Some(_)) => writes.extend(self.letter_rewritten(snapshot, Some(letter))?),
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
        Write::whole(self.letter_path(), dead_letter::fields(consumer, letter, &event, &self.received.body, now))
    }

    /// Done with, if this was its replay.
    pub(super) fn letter_settled(&self, snapshot: &Snapshot) -> Result<Option<Write>, Unreadable> {
        self.letter_rewritten(snapshot, None)
    }

    /// Only a replay touches a letter that is there.
    fn letter_rewritten(&self, snapshot: &Snapshot, filed_again: Option<&Cause>) -> Result<Option<Write>, Unreadable> {
        // Asked first: the path is a hash of the whole message, and every event that is applied comes through here.
        let Ok(Some(replay)) = self.received.replay() else { return Ok(None) };
        let path = self.letter_path();
        match snapshot.get(&path) {
            Some(letter) => {
                dead_letter::after_replay(path, letter, replay.number, filed_again, &self.processor.partial_envelope())
            }
            None => Ok(None),
        }
    }

    /// A letter has been replayed as often as it says; a number further on is nobody's, and would count for all of those between.
    pub(super) fn is_ahead_of_letter(&self, snapshot: &Snapshot) -> Result<bool, Unreadable> {
        let Ok(Some(Replay { number: Some(number), .. })) = self.received.replay() else { return Ok(false) };
        let replays = snapshot.get(&self.letter_path()).map_or(Ok(0), |letter| letter.int("replays"))?;
        Ok(number > replays.saturating_add(1))
    }

    /// Its letter stays as it is. Where there is none, there is one now.
    pub(super) fn replay_refused(
        &mut self,
        snapshot: &Snapshot,
        now: Timestamp,
    ) -> Result<Step<DeliveryReport>, Fault> {
        let malformed = Malformed::new("attributes.replayNumber", "more than 1 above the replays of its letter");
        if snapshot.get(&self.letter_path()).is_some() {
            return Ok(self.done(Disposition::because(Outcome::Malformed, malformed.reason())));
        }
        let cause = Cause::new(Kind::Malformed, malformed.reason().to_owned());
        self.file(Vec::new(), Outcome::Malformed, &cause, snapshot, now)
    }

    pub(super) fn letter_path(&self) -> DocumentPath {
        self.received.letter_path(self.processor.consumer())
    }
}

//! From what was read to what is committed: the inbox, the handler, the letter.

use super::{At, Delivery, Ending, Step, content::Content, patience};
use crate::{
    dead_letter::{self, Cause, Kind},
    decision::{Change, Decision, Effects, Write},
    document::{DocumentPath, Unreadable},
    envelope::Envelope,
    handler::{Handler, Snapshot},
    inbox::{self, Record, Seen},
    outcome::{Fault, Outcome},
    outgoing,
    timestamp::Timestamp,
    value::Map,
};

impl<H: Handler> Delivery<H> {
    /// The order of the checks: parse, inbox, then the handler's own: stale, Await, table.
    pub(super) fn decide(&mut self, snapshot: &Snapshot, now: Timestamp, random: u64) -> Result<Step, Fault> {
        let event = match &self.content {
            Content::Event(event) => event.clone(),
            Content::Malformed(malformed, _) => {
                let reason = malformed.reason().to_owned();
                return self.file(Outcome::Malformed, cause(Kind::Malformed, reason), snapshot, now);
            }
            Content::Crashed(text) => {
                let letter = cause(Kind::Crashed, text.clone());
                return self.file(Outcome::Crashed, letter, snapshot, now);
            }
            Content::NotForUs(_) | Content::ReplayForAnother => return Err(Fault::Protocol("read for nothing")),
        };
        let record = snapshot.get(&DocumentPath::processed_event(H::CONSUMER, event.envelope.id));
        match inbox::look(record, &event.envelope.digest)? {
            // What was refused may have become legal: that is what a replay is for.
            Seen::Duplicate { outcome: Outcome::Refused, .. } if self.is_replay() => {}
            Seen::Duplicate { owed, .. } => {
                let ending = Ending { to_publish: outgoing::batches(owed), ..Ending::plain(Outcome::Duplicate) };
                let letter = self.letter_settled(None, snapshot)?;
                return self.commit(letter.into_iter().collect(), ending, snapshot, now);
            }
            Seen::Conflict => {
                let reason = "id: another event has it".to_owned();
                return self.file(Outcome::Conflict, cause(Kind::Conflict, reason), snapshot, now);
            }
            Seen::New => {}
        }
        match H::decide(&event, snapshot, now)? {
            Decision::Accept(effects) => self.apply(&event.envelope, effects, snapshot, now),
            Decision::Ignore(why) => self.ignore(&event.envelope, why, snapshot, now),
            Decision::Refuse(why) => self.refuse(&event.envelope, why, snapshot, now),
            Decision::Await(path) => self.wait_for(path, snapshot, now, random),
        }
    }

    fn apply(
        &mut self,
        envelope: &Envelope,
        effects: Effects,
        snapshot: &Snapshot,
        now: Timestamp,
    ) -> Result<Step, Fault> {
        let (ids, messages) = outgoing::messages(H::CONSUMER, envelope, &effects.events, now);
        let record = record::<H>(envelope, Outcome::Applied, now);
        let record = Record { outgoing_ids: &ids, outgoing: &messages, ..record };
        let mut writes = effects.writes;
        writes.push(keep(&record, snapshot));
        writes.extend(self.letter_settled(None, snapshot)?);
        let ending = Ending { to_publish: outgoing::batches(messages), ..Ending::plain(Outcome::Applied) };
        self.commit(writes, ending, snapshot, now)
    }

    /// What an IGNORED rests on may be a moment old: it was true when it was read, and it changes nothing.
    fn ignore(
        &mut self,
        envelope: &Envelope,
        why: &'static str,
        snapshot: &Snapshot,
        now: Timestamp,
    ) -> Result<Step, Fault> {
        let record = Record { reason: Some(why), ..record::<H>(envelope, Outcome::Ignored, now) };
        let mut writes = vec![keep(&record, snapshot)];
        writes.extend(self.letter_settled(None, snapshot)?);
        self.commit(writes, Ending::because(Outcome::Ignored, why), snapshot, now)
    }

    /// What a REFUSED rests on may be a moment old, too; a replay decides again.
    fn refuse(&mut self, envelope: &Envelope, why: String, snapshot: &Snapshot, now: Timestamp) -> Result<Step, Fault> {
        let record = Record { reason: Some(&why), ..record::<H>(envelope, Outcome::Refused, now) };
        let write = keep(&record, snapshot);
        let letter = cause(Kind::Refused, why.clone());
        self.commit_with_letter(vec![write], letter, Ending::because(Outcome::Refused, why), snapshot, now)
    }

    /// Rereads for a moment, then lets the message come again, and files it once it is a minute old.
    fn wait_for(
        &mut self,
        path: DocumentPath,
        snapshot: &Snapshot,
        now: Timestamp,
        random: u64,
    ) -> Result<Step, Fault> {
        let reason = format!("awaits {path}");
        if self.arrival.age_ms(now) >= patience::AWAIT_IN_ALL_MS {
            let letter = Cause { awaits: Some(path), ..cause(Kind::Awaited, reason) };
            return self.file(Outcome::Awaited, letter, snapshot, now);
        }
        let since = *self.awaits_since.get_or_insert(now);
        if now.ms_since(since) >= patience::AWAIT_IN_DELIVERY_MS {
            return Ok(self.done(Ending::because(Outcome::Deferred, reason)));
        }
        Ok(self.wait(patience::reread_ms(random), now, At::BackingOff))
    }

    /// Only a letter is written, no record.
    fn file(&mut self, outcome: Outcome, letter: Cause, snapshot: &Snapshot, now: Timestamp) -> Result<Step, Fault> {
        let ending = Ending::because(outcome, letter.reason.clone());
        self.commit_with_letter(Vec::new(), letter, ending, snapshot, now)
    }

    /// A letter that is already there stays as it is, unless this is its replay. If nobody has looked for it yet, everything is read again with it: then
    /// all that this commit rests on was seen at one moment.
    fn commit_with_letter(
        &mut self,
        mut writes: Vec<Write>,
        letter: Cause,
        ending: Ending,
        snapshot: &Snapshot,
        now: Timestamp,
    ) -> Result<Step, Fault> {
        let path = self.arrival.letter_path(H::CONSUMER);
        match snapshot.version(&path) {
            None if self.wants_letter => Err(Fault::Protocol("the letter was not read")),
            None => {
                self.wants_letter = true;
                Ok(self.read(now))
            }
            Some(None) => {
                let fields =
                    dead_letter::fields(H::CONSUMER, &letter, &self.content.glimpse(), &self.arrival.body, now);
                writes.push(create(path, fields));
                self.commit(writes, ending, snapshot, now)
            }
            Some(Some(_)) => {
                writes.extend(self.letter_settled(Some(&letter), snapshot)?);
                self.commit(writes, ending, snapshot, now)
            }
        }
    }

    /// In the same commit as the record, so that a letter never says other than what was done. Only a replay touches one.
    fn letter_settled(&self, still: Option<&Cause>, snapshot: &Snapshot) -> Result<Option<Write>, Unreadable> {
        // Asked first: the path is a hash of the whole message, and every event that is applied comes through here.
        if !self.is_replay() {
            return Ok(None);
        }
        let path = self.arrival.letter_path(H::CONSUMER);
        match snapshot.get(&path) {
            Some(letter) => dead_letter::settled(path, letter, still),
            None => Ok(None),
        }
    }

    fn is_replay(&self) -> bool {
        self.arrival.replay_for().is_some()
    }
}

fn cause(kind: Kind, reason: String) -> Cause {
    Cause { kind, reason, awaits: None }
}

fn record<H: Handler>(envelope: &Envelope, outcome: Outcome, now: Timestamp) -> Record<'_> {
    Record {
        consumer: H::CONSUMER,
        envelope,
        outcome,
        reason: None,
        outgoing_ids: &[],
        outgoing: &[],
        processed_at: now,
    }
}

/// A record; over the one of a refusal where a replay decided again.
fn keep(record: &Record<'_>, snapshot: &Snapshot) -> Write {
    let write = create(record.path(), record.fields());
    let is_over_another = snapshot.get(&write.path).is_some();
    if is_over_another && record.reason.is_none() { write.set_or_clear("reason", None::<&str>) } else { write }
}

fn create(path: DocumentPath, fields: Map) -> Write {
    let changes = fields.into_iter().map(|(name, value)| Change { field: vec![name], value: Some(value) }).collect();
    Write { path, changes }
}

impl From<Unreadable> for Fault {
    fn from(unreadable: Unreadable) -> Fault {
        Fault::Unreadable(unreadable.to_string())
    }
}

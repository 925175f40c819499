//! A changed document becomes a row of the warehouse. What can't be appended now comes again, for a day; what can't be appended at all, or
//! couldn't for nearly as long, is filed as a dead letter, which can be replayed.

use std::mem;

use crate::{
    jobs::warehouse::letter,
    kernel::timestamp::Timestamp,
    protocol::{
        change::{ChangeHandler, ChangeOutcome, DocumentChange},
        dead_letter::{Cause, Kind},
        outcome::Fault,
        step::{Answer, Call, Step},
    },
    store::{
        document::{Unreadable, UpdateTime},
        path::DocumentPath,
        snapshot::{Snapshot, Stored},
    },
    warehouse::{
        change::{Changed, NewRow, row_of},
        row::{Row, Version},
        table::Table,
    },
};

/// Eventarc gives up after 24 hours.
const KEPT_TRYING_MINUTES: u32 = 20 * 60;

/// The source says no more of what it sends.
const NEVER_WRITTEN: UpdateTime = UpdateTime { seconds: 0, nanos: 0 };

#[derive(Clone, Debug)]
pub struct Append {
    told: Told,
    time: Option<Timestamp>,
    at: At,
}

/// What the change says of its document.
#[derive(Clone, Debug)]
enum Told {
    Row(NewRow),
    /// It is as it was.
    Nothing,
    /// It was cut before it said what the document has become: an event may be 512 KiB, and has the document twice.
    Unsaid(&'static Table, DocumentPath),
    Unreadable(Unreadable),
}

#[derive(Clone, Debug)]
enum At {
    Start,
    Reading,
    Appending,
    LookingForLetter(Cause),
    Filing(Cause),
}

impl ChangeHandler for Append {
    const FUNCTION: &'static str = letter::CONSUMER;

    fn receive(change: DocumentChange) -> Self {
        Append { told: told(&change).unwrap_or_else(Told::Unreadable), time: change.time, at: At::Start }
    }

    fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<ChangeOutcome> {
        match (mem::replace(&mut self.at, At::Start), answer) {
            (At::Start, Answer::Begin) => self.append(now),
            (At::Reading, Answer::Found(snapshot)) => {
                self.read(&snapshot, now);
                self.append(now)
            }
            (At::Appending, Answer::Appended { refused }) => match refused.into_iter().next() {
                None => self.appended(),
                Some(row) => self.file(Cause::new(Kind::Refused, row.reason)),
            },
            (At::Appending, Answer::Failed(fault)) if self.is_late(now) => {
                self.file(Cause::new(Kind::Exhausted, format!("not appended within 20 hours: {fault}")))
            }
            (At::LookingForLetter(cause), Answer::Found(snapshot)) => self.write(cause, &snapshot, now),
            (At::Filing(cause), Answer::Committed) => filed(cause),
            // Another delivery of the change was there first.
            (At::Filing(cause), Answer::Begin) => self.file(cause),
            (At::Start | At::Reading | At::Appending | At::LookingForLetter(_) | At::Filing(_), answer) => {
                Step::Done(ChangeOutcome::Faulty(answer.into_fault()))
            }
        }
    }
}

impl Append {
    fn append(&mut self, now: Timestamp) -> Step<ChangeOutcome> {
        match &self.told {
            Told::Unreadable(unreadable) => Step::Done(ChangeOutcome::Unreadable(unreadable.clone())),
            Told::Nothing => Step::Done(ChangeOutcome::Finished),
            Told::Unsaid(_, path) => {
                self.at = At::Reading;
                Step::Call(Call::read(vec![path.clone()]))
            }
            Told::Row(new) => {
                self.at = At::Appending;
                Step::Call(Call::append(vec![new.row.clone()], now))
            }
        }
    }

    /// As the document is now. If it isn't there, it was deleted by the time of the change or later, and comes after all that was written.
    fn read(&mut self, snapshot: &Snapshot, now: Timestamp) {
        let Told::Unsaid(table, path) = &self.told else { return };
        let after = snapshot.stored(path);
        let changed = Changed { table, id: path.id(), before: None, after, time: self.time, trace: None };
        self.told = Told::Row(row_of(&changed).unwrap_or_else(|| {
            let at = self.time.unwrap_or(now);
            let version = Version { micros: at.micros(), is_deleted: true };
            let row = Row::without_document(table, path.id().to_owned(), version, at);
            NewRow { row, unknown_fields: Vec::new() }
        }));
    }

    fn appended(&mut self) -> Step<ChangeOutcome> {
        match mem::replace(&mut self.told, Told::Nothing) {
            Told::Row(new) => Step::Done(ChangeOutcome::Appended { unknown_fields: new.unknown_fields }),
            Told::Nothing | Told::Unsaid(..) | Told::Unreadable(_) => Step::Done(ChangeOutcome::Finished),
        }
    }

    fn is_late(&self, now: Timestamp) -> bool {
        self.time.is_some_and(|time| time < now.minus_minutes(KEPT_TRYING_MINUTES))
    }

    /// Of a letter of its own there is none: it is what would be filed.
    fn file(&mut self, cause: Cause) -> Step<ChangeOutcome> {
        match &self.told {
            Told::Row(new) if !letter::is_own(&new.row) => {
                self.at = At::LookingForLetter(cause);
                Step::Call(Call::read(vec![letter::path(&new.row)]))
            }
            Told::Row(_) | Told::Nothing | Told::Unsaid(..) | Told::Unreadable(_) => {
                Step::Done(ChangeOutcome::Faulty(Fault::Call { step: "append", status: cause.reason }))
            }
        }
    }

    /// A letter that is there stays: the change was filed before.
    fn write(&mut self, cause: Cause, snapshot: &Snapshot, now: Timestamp) -> Step<ChangeOutcome> {
        let Told::Row(new) = &self.told else { return filed(cause) };
        let guarded = snapshot.guard(letter::write(&new.row, &cause, now));
        match guarded {
            Some(write) if snapshot.get(&write.path).is_none() => {
                self.at = At::Filing(cause);
                Step::Call(Call::commit(vec![write]))
            }
            Some(_) | None => filed(cause),
        }
    }
}

fn filed(cause: Cause) -> Step<ChangeOutcome> {
    Step::Done(ChangeOutcome::Filed { kind: cause.kind, reason: cause.reason })
}

fn told(change: &DocumentChange) -> Result<Told, Unreadable> {
    let unreadable = |problem: &str| Unreadable { field: change.path.clone(), problem: problem.to_owned() };
    let (collection, id) = change.path.split_once('/').ok_or_else(|| unreadable("no document's path"))?;
    let table = Table::of(collection).filter(|_| !id.contains('/')).ok_or_else(|| unreadable("of no table"))?;
    if change.is_cut {
        let path = DocumentPath::parse(&change.path).ok_or_else(|| unreadable("too large, and its id isn't ours"))?;
        return Ok(Told::Unsaid(table, path));
    }
    let is_undated = |stored: &Option<Stored>| stored.as_ref().is_some_and(|it| it.updated_at == NEVER_WRITTEN);
    if is_undated(&change.before) || is_undated(&change.after) {
        return Err(unreadable("without its update time"));
    }
    let new = row_of(&Changed {
        table,
        id,
        before: change.before.as_ref(),
        after: change.after.as_ref(),
        time: change.time,
        trace: change.traceparent.as_deref(),
    });
    Ok(new.map_or(Told::Nothing, Told::Row))
}

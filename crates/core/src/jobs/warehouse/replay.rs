//! Appends the rows of the warehouse's open letters once more, and closes the letters of those that were taken. A row that comes twice is
//! the same version of its document, so a run that is broken off, or two at once, do no harm. A row that was too long for its letter is made
//! of the document as it is now; if that is gone, its deletion says all that there is to say.

use std::{collections::BTreeMap, mem};

use serde_json::{Map as JsonMap, Value as Json};

use crate::{
    event::fields::Fields,
    jobs::warehouse::{
        letter::{self, Kept},
        refused::{Apart, apart},
    },
    kernel::{malformed::Malformed, timestamp::Timestamp},
    protocol::{
        dead_letter::{COLLECTION, DAYS_KEPT_AFTER_CLOSING, Status},
        job::{Checkpoint, End, Finding, Job, Severity, Summary},
        outcome::Fault,
        step::{Answer, Call, RefusedRow, Step},
    },
    store::{
        path::DocumentPath,
        query::{Comparison, Cursor, Filter, Query, Row as Letter, is_last_page},
        snapshot::Snapshot,
        write::{GuardedWrite, Write},
    },
    warehouse::{
        change::{Changed, row_of},
        row::Row,
        table::Table,
    },
};

/// Of all of them the bodies, of up to 512 KiB, are in memory.
const PAGE_LETTERS: u32 = 20;

const FIELDS: &[&str] = &["body", "truncated", "attributes", "replays"];

#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// What is left of the present page, a table at a time.
    left: Vec<Vec<(Letter, Row)>>,
    /// Of these the document has to be read first.
    unread: Vec<Unread>,
    /// Where the next page begins; None: there is none.
    next_page: Option<Cursor>,
    found: u64,
    appended: u64,
    findings: Vec<Finding>,
    fault: Option<Fault>,
    at: At,
}

#[derive(Clone, Debug)]
struct Unread {
    letter: Letter,
    table: &'static Table,
    path: DocumentPath,
}

#[derive(Clone, Debug, Default)]
enum At {
    #[default]
    Start,
    Listing,
    Reading(Unread),
    Appending(Vec<(Letter, Row)>),
    Closing(u64),
}

impl Job for Replay {
    const FUNCTION: &'static str = "warehouse-replay";
    const PARAMS: &'static [&'static str] = &[];

    fn from_params(_: &Fields<'_>) -> Result<Self, Malformed> {
        Ok(Replay::default())
    }

    fn keeps_checkpoint(&self) -> bool {
        false
    }

    fn resume_at(&mut self, _: Checkpoint) {}

    fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<End> {
        match (mem::take(&mut self.at), answer) {
            (At::Start, Answer::Begin) => self.list(None),
            (At::Listing, Answer::Rows(letters)) => self.listed(letters, now),
            (At::Reading(unread), Answer::Found(snapshot)) => self.read(unread, &snapshot, now),
            (At::Appending(rows), Answer::Appended { refused }) if refused.is_empty() => {
                self.at = At::Closing(rows.len() as u64);
                close(rows.iter().map(|(letter, _)| letter), now)
            }
            (At::Appending(rows), Answer::Appended { refused }) => self.append_without(rows, &refused, now),
            (At::Closing(count), Answer::Committed) => {
                self.appended += count;
                self.next_table(now)
            }
            // Somebody else has settled one of them. They are appended; the next run closes the others.
            (At::Closing(_), Answer::Begin) => self.next_table(now),
            (At::Appending(rows), Answer::Failed(fault)) if concerns_rows(&fault) => self.part(rows, fault, now),
            (At::Start | At::Listing | At::Reading(_) | At::Appending(_) | At::Closing(_), answer) => {
                self.fault = Some(answer.into_fault());
                Step::Done(End::Finished)
            }
        }
    }

    fn checkpoint(&self) -> Option<Checkpoint> {
        None
    }

    fn summary(&self) -> Summary {
        let answer = [("found", self.found), ("appended", self.appended)];
        Summary {
            answer: answer.into_iter().map(|(name, count)| (name.to_owned(), count.into())).collect(),
            findings: self.findings.clone(),
            faults: self.fault.iter().map(ToString::to_string).collect(),
        }
    }
}

impl Replay {
    fn list(&mut self, after: Option<Cursor>) -> Step<End> {
        self.at = At::Listing;
        let filters = vec![
            Filter::new("consumer", Comparison::Equal, letter::CONSUMER),
            Filter::new("status", Comparison::Equal, Status::Open.name()),
        ];
        let (collection, fields, limit) = (COLLECTION, FIELDS, PAGE_LETTERS);
        Step::Call(Call::query(Query { collection, filters, after, fields, limit, ..Query::default() }))
    }

    fn listed(&mut self, letters: Vec<Letter>, now: Timestamp) -> Step<End> {
        self.found += letters.len() as u64;
        self.next_page = letters.last().filter(|_| !is_last_page(&letters, PAGE_LETTERS)).map(|last| last.cursor(None));
        let mut by_table = BTreeMap::<_, Vec<_>>::new();
        for letter in letters {
            match letter::read(letter.document()) {
                Ok(Kept::Row(row)) => by_table.entry(&row.table.collection).or_default().push((letter, row)),
                Ok(Kept::Name(table, path)) => self.unread.push(Unread { letter, table, path }),
                Err(why) => self.find(&letter, &why),
            }
        }
        self.left = by_table.into_values().collect();
        self.next_table(now)
    }

    fn next_table(&mut self, now: Timestamp) -> Step<End> {
        if let Some(rows) = self.left.pop() {
            return self.append(rows, now);
        }
        if let Some(unread) = self.unread.pop() {
            let paths = vec![unread.path.clone()];
            self.at = At::Reading(unread);
            return Step::Call(Call::read(paths));
        }
        match self.next_page.take() {
            Some(after) => self.list(Some(after)),
            None => Step::Done(End::Finished),
        }
    }

    fn read(&mut self, Unread { letter, table, path }: Unread, snapshot: &Snapshot, now: Timestamp) -> Step<End> {
        let after = snapshot.stored(&path);
        match row_of(&Changed { table, id: path.id(), before: None, after, time: None, trace: None }) {
            Some(new) => self.append(vec![(letter, new.row)], now),
            None => {
                self.at = At::Closing(0);
                close([&letter], now)
            }
        }
    }

    fn append(&mut self, rows: Vec<(Letter, Row)>, now: Timestamp) -> Step<End> {
        if rows.is_empty() {
            return self.next_table(now);
        }
        let call = Call::append(rows.iter().map(|(_, row)| row.clone()).collect(), now);
        self.at = At::Appending(rows);
        Step::Call(call)
    }

    /// What was refused keeps its letter open.
    fn append_without(&mut self, rows: Vec<(Letter, Row)>, refused: &[RefusedRow], now: Timestamp) -> Step<End> {
        let Apart { others, refused } = match apart(rows, refused) {
            Ok(apart) => apart,
            Err(fault) => {
                self.fault = Some(fault);
                return Step::Done(End::Finished);
            }
        };
        for ((letter, _), reason) in refused {
            self.find(&letter, &reason);
        }
        self.append(others, now)
    }

    /// One bad row, or one table, keeps the others from nothing: rows go one by one, and what fails alone stays for the next run.
    fn part(&mut self, rows: Vec<(Letter, Row)>, fault: Fault, now: Timestamp) -> Step<End> {
        if rows.len() > 1 {
            self.left.extend(rows.into_iter().map(|row| vec![row]));
        } else {
            self.fault = Some(fault);
        }
        self.next_table(now)
    }

    fn find(&mut self, letter: &Letter, why: &str) {
        let fields = JsonMap::from_iter([("letter".to_owned(), Json::from(letter.path.id()))]);
        let text = format!("{}: {why}", letter.path.id());
        self.findings.push(Finding { severity: Severity::Error, text, fields });
    }
}

/// Whether it is about what was sent or where to, and not about the service.
fn concerns_rows(fault: &Fault) -> bool {
    let ours = ["INVALID_ARGUMENT", "NOT_FOUND", "PERMISSION_DENIED"];
    matches!(fault, Fault::Call { status, .. } if ours.iter().any(|word| status.starts_with(word)))
}

fn close<'a>(letters: impl IntoIterator<Item = &'a Letter>, now: Timestamp) -> Step<End> {
    Step::Call(Call::commit(letters.into_iter().filter_map(|letter| closed(letter, now)).collect()))
}

fn closed(letter: &Letter, now: Timestamp) -> Option<GuardedWrite> {
    let replays = letter.document().int("replays").unwrap_or(0);
    let mut snapshot = Snapshot::default();
    snapshot.insert(letter.path.clone(), Some(letter.stored.clone()));
    snapshot.guard(
        Write::to(letter.path.clone())
            .set("status", Status::Replayed.name())
            .set("replays", replays.saturating_add(1))
            .set("expireAt", now.plus_days(DAYS_KEPT_AFTER_CLOSING)),
    )
}

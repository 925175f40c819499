//! The letters of one customer that waited for a document, replayed once it is there: the oldest first, and the next when that one is
//! settled. What isn't settled in time is left to the next run.
//!
//! They are listed again after the last one, for another may have been filed meanwhile: a delivery that files a letter whose document
//! has come leaves it to the release of the older ones. And before it, wherever an older letter may have its turn by now: an event that
//! was replayed may have made the document that one waits for, or waits itself for another.

use std::{
    collections::{BTreeSet, VecDeque},
    mem::replace,
};

use crate::{
    event::catalog::EventType,
    jobs::replay::{
        key_replay::{Ended, KeyReplay, Planned},
        letter::Letter,
        outcome::{LetterOutcome, Report},
        refusal::refusal,
        terms::{Choice, Terms},
    },
    kernel::timestamp::Timestamp,
    protocol::{
        dead_letter::{COLLECTION, open_and_awaiting},
        outcome::Fault,
        step::{Answer, Call, Step},
    },
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        query::{Comparison, Cursor, Filter, Query, Row, is_last_page},
        snapshot::Snapshot,
    },
};

const PAGE_LETTERS: u32 = 300;

#[derive(Clone, Debug)]
pub struct CustomerReplay {
    subject: String,
    /// Letters that this run has dealt with, each with what it waited for. One that waits for something else by now is another matter.
    dealt_with: BTreeSet<(DocumentPath, DocumentPath)>,
    at: At,
}

#[derive(Clone, Debug)]
enum At {
    Start,
    Listing(Vec<Awaiting>),
    Looking(Vec<Awaiting>),
    Replaying(KeyReplay),
}

#[derive(Clone, Debug)]
struct Awaiting {
    letter: Letter,
    awaits: DocumentPath,
}

impl CustomerReplay {
    pub fn new(subject: String) -> CustomerReplay {
        CustomerReplay { subject, dealt_with: BTreeSet::new(), at: At::Start }
    }

    pub fn subject(&self) -> &str {
        &self.subject
    }

    pub fn next(&mut self, answer: Answer<Fault>, now: Timestamp, report: &mut impl Report) -> Step<Ended> {
        match (replace(&mut self.at, At::Start), answer) {
            (At::Start, Answer::Begin) => self.list(Vec::new(), None),
            (At::Listing(letters), Answer::Rows(rows)) => self.listed(letters, &rows, report),
            (At::Looking(letters), Answer::Found(snapshot)) => {
                let left = up_to_unresponsive(self.turn(letters, &snapshot, now, report), report);
                if left.is_empty() {
                    return Step::Done(Ended::Through);
                }
                self.replay(KeyReplay::new(Terms::Unattended, left), Answer::Begin, now, report)
            }
            (At::Replaying(replay), answer) => self.replay(replay, answer, now, report),
            (At::Start | At::Listing(_) | At::Looking(_), answer) => Step::Done(Ended::Unseen(answer.into_fault())),
        }
    }

    fn list(&mut self, letters: Vec<Awaiting>, after: Option<Cursor>) -> Step<Ended> {
        self.at = At::Listing(letters);
        let mut filters = open_and_awaiting();
        filters.push(Filter::new("subject", Comparison::Equal, self.subject.as_str()));
        let (collection, fields) = (COLLECTION, Awaiting::FIELDS);
        Step::Call(Call::query(Query { collection, filters, after, fields, limit: PAGE_LETTERS, ..Query::default() }))
    }

    fn listed(&mut self, mut letters: Vec<Awaiting>, rows: &[Row], report: &mut impl Report) -> Step<Ended> {
        for row in rows {
            match Awaiting::read(&row.path, row.document()) {
                Ok(waiting) => letters.push(waiting),
                Err(unreadable) => report.letter(&row.path, LetterOutcome::Refused(unreadable.to_string())),
            }
        }
        if let Some(last) = rows.last().filter(|_| !is_last_page(rows, PAGE_LETTERS)) {
            return self.list(letters, Some(last.cursor(None)));
        }
        letters.sort_by(|a, b| a.letter.order().cmp(&b.letter.order()));
        let awaited: BTreeSet<_> = letters.iter().map(|waiting| waiting.awaits.clone()).collect();
        if awaited.is_empty() {
            return Step::Done(Ended::Through);
        }
        self.at = At::Looking(letters);
        Step::Call(Call::read(awaited.into_iter().collect()))
    }

    /// The oldest letters that may go one after the other. Behind one that waits for what isn't there yet a single letter goes, and then
    /// all are looked at again.
    fn turn(
        &mut self,
        letters: Vec<Awaiting>,
        snapshot: &Snapshot,
        now: Timestamp,
        report: &mut impl Report,
    ) -> VecDeque<Planned> {
        let mut turn = VecDeque::new();
        let mut passes_an_older_one = false;
        for waiting in letters {
            if snapshot.get(&waiting.awaits).is_none() {
                passes_an_older_one = true;
            } else if passes_an_older_one && !turn.is_empty() {
                break;
            } else if self.dealt_with.insert((waiting.letter.path.clone(), waiting.awaits.clone())) {
                turn.extend(waiting.planned(now, report));
            }
        }
        turn
    }

    fn replay(
        &mut self,
        mut replay: KeyReplay,
        answer: Answer<Fault>,
        now: Timestamp,
        report: &mut impl Report,
    ) -> Step<Ended> {
        let step = replay.next(answer, now, report);
        match step {
            Step::Done(Ended::Through) => {
                for Planned { path, awaits } in replay.left() {
                    self.dealt_with.retain(|(letter, awaited)| letter != path || Some(awaited) != awaits.as_ref());
                }
                return self.list(Vec::new(), None);
            }
            Step::Done(Ended::Unseen(_)) => replay.hold_back(report),
            Step::Done(Ended::Unsettled | Ended::Unsent(_)) | Step::Call(_) | Step::Wait { .. } => {}
        }
        self.at = At::Replaying(replay);
        step
    }
}

/// A letter that nobody settles would be waited for, customer by customer; and those behind it must not pass it.
fn up_to_unresponsive(mut left: VecDeque<Planned>, report: &mut impl Report) -> VecDeque<Planned> {
    let is_left = |planned: &Planned| report.is_unresponsive(planned.path.letter_consumer());
    let held = left.iter().position(is_left).map_or_else(VecDeque::new, |first| left.split_off(first));
    for planned in held {
        report.letter(&planned.path, LetterOutcome::Held);
    }
    left
}

impl Awaiting {
    const FIELDS: &'static [&'static str] =
        &["consumer", "kind", "status", "type", "subject", "awaits", "receivedAt", "replays", "truncated", "reason"];

    /// A letter that waits has a type that is known and the time of its receipt.
    fn read(path: &DocumentPath, document: &Document) -> Result<Awaiting, Unreadable> {
        document.word("type", EventType::from_name)?;
        let awaits = document.word("awaits", DocumentPath::parse)?;
        document.timestamp("receivedAt")?;
        Ok(Awaiting { letter: Letter::read(path, document)?, awaits })
    }

    fn planned(self, now: Timestamp, report: &mut impl Report) -> Option<Planned> {
        let Awaiting { letter, awaits } = self;
        if let Some(refusal) = refusal(&letter, Choice::ByFilter, now) {
            report.letter(&letter.path, LetterOutcome::Refused(refusal.to_string()));
            return None;
        }
        Some(Planned { path: letter.path, awaits: Some(awaits) })
    }
}

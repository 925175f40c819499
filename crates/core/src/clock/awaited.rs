//! Letters that wait for a document: once it is there, they are replayed.

use std::{
    collections::{BTreeSet, VecDeque},
    mem,
};

use super::{FAILURES_TO_GIVE_UP, PAGE_DOCUMENTS, Tally, give_up, is_last_page, lane::Lane};
use crate::{
    dead_letter::{Kind, Status},
    document::{Document, DocumentPath, Unreadable},
    handler::Snapshot,
    outcome::Fault,
    sweep::{Ask, Comparison, Cursor, Filter, Heard, Query, Row},
    timestamp::Timestamp,
};

pub(super) const COLLECTION: &str = "dead_letters";

/// Page by page in no order that means anything, for letters are named by hashes. But where one can be replayed, all those of its
/// customer are looked up, so that they go in theirs.
#[derive(Clone, Debug, Default)]
pub(super) struct Awaited {
    /// Up to where everything is done.
    pub(super) after: Option<Cursor>,
    /// The customers whose letters this run has been through.
    seen: BTreeSet<String>,
    failures_in_a_row: u32,
    at: At,
}

#[derive(Clone, Debug, Default)]
enum At {
    #[default]
    Start,
    Paging,
    Reading(Page),
    Replaying(Page, Box<Lane>),
}

#[derive(Clone, Debug)]
struct Page {
    waiting: Vec<(String, DocumentPath)>,
    /// Customers of whom a letter can be replayed.
    ready: VecDeque<String>,
    end: Cursor,
    is_last: bool,
}

impl Awaited {
    pub(super) fn next(&mut self, heard: Heard, now: Timestamp, tally: &mut Tally) -> Ask {
        match (mem::take(&mut self.at), heard) {
            (At::Start, Heard::Begin) => self.page(),
            (At::Paging, Heard::Rows(rows)) => self.read(&rows, now, tally),
            (At::Reading(page), Heard::Found(snapshot)) => self.decide(page, &snapshot, now, tally),
            (At::Replaying(page, mut lane), heard) => {
                let fault = if let Heard::Failed(fault) = &heard { Some(fault.clone()) } else { None };
                match lane.next(heard, now, tally) {
                    Ask::Finish => self.after_lane(page, fault, now, tally),
                    ask @ (Ask::Query(_) | Ask::Read(_) | Ask::Publish(_) | Ask::Pause { .. } | Ask::Stop) => {
                        self.at = At::Replaying(page, lane);
                        ask
                    }
                }
            }
            (At::Start | At::Paging | At::Reading(_), Heard::Failed(fault)) => give_up(COLLECTION, &fault, tally),
            (
                At::Start | At::Paging | At::Reading(_),
                Heard::Begin | Heard::Rows(_) | Heard::Found(_) | Heard::Published | Heard::Paused,
            ) => give_up(COLLECTION, &Fault::Protocol("an answer to another question"), tally),
        }
    }

    fn page(&mut self) -> Ask {
        self.at = At::Paging;
        let (after, fields) = (self.after.clone(), &["subject", "awaits"]);
        let filters = open_and_awaiting();
        Ask::Query(Query { collection: COLLECTION, filters, order_by: None, after, fields, limit: PAGE_DOCUMENTS })
    }

    fn read(&mut self, rows: &[Row], now: Timestamp, tally: &mut Tally) -> Ask {
        tally.page(rows.len());
        let Some(last) = rows.last() else { return Ask::Finish };
        let (waiting, ready) = (Vec::new(), VecDeque::new());
        let mut page = Page { waiting, ready, end: last.cursor(None), is_last: is_last_page(rows) };
        for row in rows {
            match awaits(row.document()) {
                Ok(waiting) => page.waiting.push(waiting),
                Err(unreadable) => tally.skip(&row.path, unreadable),
            }
        }
        let paths: BTreeSet<_> = page.waiting.iter().map(|(_, path)| path.clone()).collect();
        if paths.is_empty() {
            return self.replay(page, now, tally);
        }
        self.at = At::Reading(page);
        Ask::Read(paths.into_iter().collect())
    }

    fn decide(&mut self, mut page: Page, snapshot: &Snapshot, now: Timestamp, tally: &mut Tally) -> Ask {
        for (subject, path) in mem::take(&mut page.waiting) {
            if snapshot.get(&path).is_none() {
                tally.waiting += 1;
            } else if self.seen.insert(subject.clone()) {
                page.ready.push_back(subject);
            }
        }
        self.replay(page, now, tally)
    }

    fn after_lane(&mut self, page: Page, fault: Option<Fault>, now: Timestamp, tally: &mut Tally) -> Ask {
        self.failures_in_a_row = if fault.is_some() { self.failures_in_a_row + 1 } else { 0 };
        match fault {
            Some(fault) if self.failures_in_a_row == FAILURES_TO_GIVE_UP => give_up(COLLECTION, &fault, tally),
            Some(_) | None => self.replay(page, now, tally),
        }
    }

    /// The next customer's letters; after the last of this page, the next page.
    fn replay(&mut self, mut page: Page, now: Timestamp, tally: &mut Tally) -> Ask {
        if let Some(subject) = page.ready.pop_front() {
            let mut lane = Box::new(Lane::new(subject));
            let ask = lane.next(Heard::Begin, now, tally);
            self.at = At::Replaying(page, lane);
            return ask;
        }
        self.after = Some(page.end);
        if page.is_last { Ask::Finish } else { self.page() }
    }
}

/// Equalities alone: they are answered from the indexes that every field has by itself.
pub(super) fn open_and_awaiting() -> Vec<Filter> {
    vec![
        Filter::new("kind", Comparison::Equal, Kind::Awaited.name()),
        Filter::new("status", Comparison::Equal, Status::Open.name()),
    ]
}

/// Whose letter it is, and what it waits for.
fn awaits(letter: &Document) -> Result<(String, DocumentPath), Unreadable> {
    Ok((letter.string("subject")?.to_owned(), letter.word("awaits", DocumentPath::parse)?))
}

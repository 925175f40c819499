//! Letters that wait for a document: once it is there, they are replayed.

use std::{
    collections::{BTreeSet, VecDeque},
    mem,
};

use super::{
    Tally,
    letters::{COLLECTION, open_and_awaiting},
    paging::{FAILURES_TO_GIVE_UP, PAGE_DOCUMENTS, give_up, is_last_page},
};
use crate::{
    jobs::clock::customer_replay::CustomerReplay,
    kernel::timestamp::Timestamp,
    protocol::{
        job::End,
        outcome::Fault,
        step::{Answer, Call, Step},
    },
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        query::{Cursor, Query, Row},
        snapshot::Snapshot,
    },
};

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
    Replaying(Page, Box<CustomerReplay>),
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
    pub(super) fn next(&mut self, answer: Answer<Fault>, now: Timestamp, tally: &mut Tally) -> Step<End> {
        match (mem::take(&mut self.at), answer) {
            (At::Start, Answer::Begin) => self.page(),
            (At::Paging, Answer::Rows(rows)) => self.read(&rows, now, tally),
            (At::Reading(page), Answer::Found(snapshot)) => self.decide(page, &snapshot, now, tally),
            (At::Replaying(page, mut replay), answer) => {
                let fault = if let Answer::Failed(fault) = &answer { Some(fault.clone()) } else { None };
                match replay.next(answer, now, tally) {
                    Step::Done(End::Finished) => self.after_lane(page, fault, now, tally),
                    step @ (Step::Call(_) | Step::Wait { .. } | Step::Done(End::Stopped)) => {
                        self.at = At::Replaying(page, replay);
                        step
                    }
                }
            }
            (At::Start | At::Paging | At::Reading(_), Answer::Failed(fault)) => give_up(COLLECTION, &fault, tally),
            (
                At::Start | At::Paging | At::Reading(_),
                Answer::Begin
                | Answer::Rows(_)
                | Answer::Found(_)
                | Answer::Committed
                | Answer::Published
                | Answer::Waited,
            ) => give_up(COLLECTION, &Fault::Protocol("an answer to another question"), tally),
        }
    }

    fn page(&mut self) -> Step<End> {
        self.at = At::Paging;
        let (after, fields) = (self.after.clone(), &["subject", "awaits"]);
        let filters = open_and_awaiting();
        Step::Call(Call::query(Query {
            collection: COLLECTION,
            filters,
            order_by: None,
            after,
            fields,
            limit: PAGE_DOCUMENTS,
        }))
    }

    fn read(&mut self, rows: &[Row], now: Timestamp, tally: &mut Tally) -> Step<End> {
        tally.page(rows.len());
        let Some(last) = rows.last() else { return Step::Done(End::Finished) };
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
        Step::Call(Call::read(paths.into_iter().collect()))
    }

    fn decide(&mut self, mut page: Page, snapshot: &Snapshot, now: Timestamp, tally: &mut Tally) -> Step<End> {
        for (subject, path) in mem::take(&mut page.waiting) {
            if snapshot.get(&path).is_none() {
                tally.waiting += 1;
            } else if self.seen.insert(subject.clone()) {
                page.ready.push_back(subject);
            }
        }
        self.replay(page, now, tally)
    }

    fn after_lane(&mut self, page: Page, fault: Option<Fault>, now: Timestamp, tally: &mut Tally) -> Step<End> {
        self.failures_in_a_row = if fault.is_some() { self.failures_in_a_row + 1 } else { 0 };
        match fault {
            Some(fault) if self.failures_in_a_row == FAILURES_TO_GIVE_UP => give_up(COLLECTION, &fault, tally),
            Some(_) | None => self.replay(page, now, tally),
        }
    }

    /// The next customer's letters; after the last of this page, the next page.
    fn replay(&mut self, mut page: Page, now: Timestamp, tally: &mut Tally) -> Step<End> {
        if let Some(subject) = page.ready.pop_front() {
            let mut replay = Box::new(CustomerReplay::new(subject));
            let step = replay.next(Answer::Begin, now, tally);
            self.at = At::Replaying(page, replay);
            return step;
        }
        self.after = Some(page.end);
        if page.is_last { Step::Done(End::Finished) } else { self.page() }
    }
}

/// Whose letter it is, and what it waits for.
fn awaits(letter: &Document) -> Result<(String, DocumentPath), Unreadable> {
    Ok((letter.string("subject")?.to_owned(), letter.word("awaits", DocumentPath::parse)?))
}

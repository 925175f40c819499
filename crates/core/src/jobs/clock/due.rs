//! Documents whose time has come, by the field that says when.

use std::{collections::VecDeque, fmt, mem};

use super::{
    Tally,
    paging::{FAILURES_TO_GIVE_UP, PAGE_DOCUMENTS, give_up, is_last_page},
};
use crate::{
    event::{
        catalog::EventType,
        outbox::{self, Batch, Message, NewEvent},
    },
    kernel::timestamp::Timestamp,
    protocol::{
        job::End,
        outcome::Fault,
        step::{Answer, Call, Step},
    },
    store::{
        document::Unreadable,
        path::DocumentPath,
        query::{Comparison, Cursor, Filter, Query, Row},
        snapshot::Snapshot,
    },
};

/// A collection in which a field says when time ends a document's state.
#[derive(Debug)]
pub struct Due {
    pub collection: &'static str,
    pub field: &'static str,
    /// All that the event rests on, read at one moment.
    pub reads: fn(&DocumentPath) -> Result<Vec<DocumentPath>, Anomaly>,
    /// What has ended; None if nothing has, or nothing any more.
    pub expiry: fn(&DocumentPath, &Snapshot, Timestamp) -> Result<Option<Expiry>, Anomaly>,
}

/// What time has brought about.
#[derive(Clone, Debug, PartialEq)]
pub struct Expiry {
    pub event: NewEvent,
    /// What this is, and nothing else ever will be: `KycExpired/{userId}/{kycVersion}`.
    pub name: String,
    /// When it came about, whenever that was noticed.
    pub at: Timestamp,
}

/// Why a document that the query found can't be handled: never a customer's doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anomaly(pub String);

impl fmt::Display for Anomaly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Unreadable> for Anomaly {
    fn from(unreadable: Unreadable) -> Anomaly {
        Anomaly(unreadable.to_string())
    }
}

#[derive(Clone, Debug)]
pub(super) struct DueRun {
    function: &'static str,
    due: &'static Due,
    /// Up to where everything is done.
    pub(super) after: Option<Cursor>,
    failures_in_a_row: u32,
    at: At,
}

#[derive(Clone, Debug)]
enum At {
    Start,
    Paging,
    Reading(Page),
    Publishing(Page, VecDeque<Ready>),
}

#[derive(Clone, Debug)]
struct Page {
    rows: Vec<(Cursor, DocumentPath)>,
    end: Cursor,
    is_last: bool,
}

#[derive(Clone, Debug)]
struct Ready {
    cursor: Cursor,
    event_type: EventType,
    message: Message,
}

impl DueRun {
    pub(super) fn new(function: &'static str, due: &'static Due) -> DueRun {
        DueRun { function, due, after: None, failures_in_a_row: 0, at: At::Start }
    }

    pub(super) fn collection(&self) -> &'static str {
        self.due.collection
    }

    pub(super) fn next(&mut self, answer: Answer<Fault>, now: Timestamp, tally: &mut Tally) -> Step<End> {
        match (mem::replace(&mut self.at, At::Start), answer) {
            (At::Start, Answer::Begin) => self.page(now),
            (At::Paging, Answer::Rows(rows)) => self.read(&rows, now, tally),
            (At::Reading(page), Answer::Found(snapshot)) => self.decide(page, &snapshot, now, tally),
            (At::Publishing(page, mut left), Answer::Published) => {
                if let Some(ready) = left.pop_front() {
                    tally.event(ready.event_type.name());
                    self.after = Some(ready.cursor);
                }
                self.failures_in_a_row = 0;
                self.publish(page, left, now)
            }
            (At::Publishing(page, mut left), Answer::Failed(fault)) => {
                self.failures_in_a_row += 1;
                if self.failures_in_a_row == FAILURES_TO_GIVE_UP {
                    return give_up(self.due.collection, &fault, tally);
                }
                if let Some(ready) = left.pop_front() {
                    tally.fault(format!("{}: {fault}", ready.cursor.path));
                }
                self.publish(page, left, now)
            }
            (At::Start | At::Paging | At::Reading(_), Answer::Failed(fault)) => {
                give_up(self.due.collection, &fault, tally)
            }
            (
                At::Start | At::Paging | At::Reading(_) | At::Publishing(..),
                Answer::Begin
                | Answer::Rows(_)
                | Answer::Found(_)
                | Answer::Committed
                | Answer::Published
                | Answer::Waited,
            ) => give_up(self.due.collection, &Fault::Protocol("an answer to another question"), tally),
        }
    }

    fn page(&mut self, now: Timestamp) -> Step<End> {
        self.at = At::Paging;
        Step::Call(Call::query(Query {
            collection: self.due.collection,
            filters: vec![Filter::new(self.due.field, Comparison::AtMost, now)],
            order_by: Some(self.due.field),
            after: self.after.clone(),
            fields: std::slice::from_ref(&self.due.field),
            limit: PAGE_DOCUMENTS,
        }))
    }

    fn read(&mut self, rows: &[Row], now: Timestamp, tally: &mut Tally) -> Step<End> {
        tally.page(rows.len());
        let Some(last) = rows.last() else { return Step::Done(End::Finished) };
        let is_last = is_last_page(rows);
        let mut page = Page { rows: Vec::new(), end: last.cursor(Some(self.due.field)), is_last };
        let mut paths = Vec::new();
        for row in rows {
            match (self.due.reads)(&row.path) {
                Ok(needed) => {
                    paths.extend(needed);
                    page.rows.push((row.cursor(Some(self.due.field)), row.path.clone()));
                }
                Err(anomaly) => tally.skip(&row.path, anomaly),
            }
        }
        if paths.is_empty() {
            return self.publish(page, VecDeque::new(), now);
        }
        paths.sort();
        paths.dedup();
        self.at = At::Reading(page);
        Step::Call(Call::read(paths))
    }

    fn decide(&mut self, page: Page, snapshot: &Snapshot, now: Timestamp, tally: &mut Tally) -> Step<End> {
        let mut left = VecDeque::new();
        for (cursor, path) in &page.rows {
            match (self.due.expiry)(path, snapshot, now) {
                Ok(Some(expiry)) => left.push_back(self.ready(cursor.clone(), &expiry)),
                Ok(None) => tally.stale += 1,
                Err(anomaly) => tally.skip(path, anomaly),
            }
        }
        self.publish(page, left, now)
    }

    fn ready(&self, cursor: Cursor, Expiry { event, name, at }: &Expiry) -> Ready {
        let name = format!("{}/{name}", self.function);
        Ready { cursor, event_type: event.event_type, message: outbox::due(self.function, &name, event, *at) }
    }

    /// One at a time: each customer is an ordering key, and a call takes one key. After the last, the next page.
    fn publish(&mut self, page: Page, left: VecDeque<Ready>, now: Timestamp) -> Step<End> {
        if let Some(Ready { message, .. }) = left.front() {
            let batch = Batch { topic: message.topic, key: message.key.clone(), messages: vec![message.clone()] };
            self.at = At::Publishing(page, left);
            return Step::Call(Call::publish(batch));
        }
        self.after = Some(page.end);
        if page.is_last { Step::Done(End::Finished) } else { self.page(now) }
    }
}

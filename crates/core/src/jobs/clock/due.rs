//! Documents whose time has come, by the field that says when.

use std::{collections::VecDeque, fmt, mem};

use super::{Tally, paging::Pages};
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
        query::{Comparison, Cursor, Filter, Row},
        snapshot::Snapshot,
    },
};

/// A collection in which a field says when time ends a document's state.
#[derive(Debug)]
pub struct Due {
    pub collection: &'static str,
    pub field: &'static str,
    /// How long after that moment it is said: a consumer whose clock is behind would refuse what hasn't ended by it.
    pub delay_minutes: u32,
    /// All that the event rests on, read at one moment.
    pub reads: fn(&DocumentPath) -> Result<Vec<DocumentPath>, Anomaly>,
    /// What has ended; None if nothing has, or nothing any more.
    pub expiry: fn(&DocumentPath, &Snapshot, Timestamp) -> Result<Option<Expiry>, Anomaly>,
}

impl Due {
    /// The latest moment that is told now.
    fn latest(&self, now: Timestamp) -> Timestamp {
        now.minus_minutes(self.delay_minutes)
    }
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
    pub(super) pages: Pages,
    at: At,
}

#[derive(Clone, Debug)]
enum At {
    Start,
    Paging,
    Reading(Vec<(Cursor, DocumentPath)>),
    Publishing(VecDeque<Ready>),
}

#[derive(Clone, Debug)]
struct Ready {
    cursor: Cursor,
    event_type: EventType,
    message: Message,
}

impl DueRun {
    pub(super) fn new(function: &'static str, due: &'static Due) -> DueRun {
        let pages = Pages::of(due.collection, Some(due.field), std::slice::from_ref(&due.field));
        DueRun { function, due, pages, at: At::Start }
    }

    pub(super) fn next(&mut self, answer: Answer<Fault>, now: Timestamp, tally: &mut Tally) -> Step<End> {
        match (mem::replace(&mut self.at, At::Start), answer) {
            (At::Start, Answer::Begin) => self.page(now),
            (At::Paging, Answer::Rows(rows)) => self.read(&rows, now, tally),
            (At::Reading(found), Answer::Found(snapshot)) => self.decide(&found, &snapshot, now, tally),
            (At::Publishing(mut left), Answer::Published) => {
                if let Some(ready) = left.pop_front() {
                    tally.event(ready.event_type.name());
                    self.pages.after = Some(ready.cursor);
                }
                self.pages.went_well();
                self.publish(left, now)
            }
            (At::Publishing(mut left), Answer::Failed(fault)) => {
                if self.pages.failed() {
                    return self.pages.give_up(&fault, tally);
                }
                if let Some(ready) = left.pop_front() {
                    tally.fault(format!("{}: {fault}", ready.cursor.path));
                }
                self.publish(left, now)
            }
            (At::Start | At::Paging | At::Reading(_) | At::Publishing(_), answer) => {
                self.pages.give_up(&answer.into_fault(), tally)
            }
        }
    }

    fn page(&mut self, now: Timestamp) -> Step<End> {
        self.at = At::Paging;
        self.pages.query(vec![Filter::new(self.due.field, Comparison::AtMost, self.due.latest(now))])
    }

    fn read(&mut self, rows: &[Row], now: Timestamp, tally: &mut Tally) -> Step<End> {
        self.pages.begin(rows, tally);
        let (mut found, mut paths) = (Vec::new(), Vec::new());
        for row in rows {
            match (self.due.reads)(&row.path) {
                Ok(needed) => {
                    paths.extend(needed);
                    found.push((self.pages.cursor(row), row.path.clone()));
                }
                Err(anomaly) => tally.skip(&row.path, anomaly),
            }
        }
        if paths.is_empty() {
            return self.publish(VecDeque::new(), now);
        }
        paths.sort();
        paths.dedup();
        self.at = At::Reading(found);
        Step::Call(Call::read(paths))
    }

    fn decide(
        &mut self,
        found: &[(Cursor, DocumentPath)],
        snapshot: &Snapshot,
        now: Timestamp,
        tally: &mut Tally,
    ) -> Step<End> {
        let mut left = VecDeque::new();
        for (cursor, path) in found {
            match (self.due.expiry)(path, snapshot, self.due.latest(now)) {
                Ok(Some(expiry)) => left.push_back(self.ready(cursor.clone(), &expiry)),
                Ok(None) => tally.stale += 1,
                Err(anomaly) => tally.skip(path, anomaly),
            }
        }
        self.publish(left, now)
    }

    fn ready(&self, cursor: Cursor, Expiry { event, name, at }: &Expiry) -> Ready {
        let name = format!("{}/{name}", self.function);
        Ready { cursor, event_type: event.event_type, message: outbox::due(self.function, &name, event, *at) }
    }

    /// One at a time: each customer is an ordering key, and a call takes one key. After the last, the next page.
    fn publish(&mut self, left: VecDeque<Ready>, now: Timestamp) -> Step<End> {
        if let Some(Ready { message, .. }) = left.front() {
            let batch = Batch { topic: message.topic, key: message.key.clone(), messages: vec![message.clone()] };
            self.at = At::Publishing(left);
            return Step::Call(Call::publish(batch));
        }
        if self.pages.end() { self.page(now) } else { Step::Done(End::Finished) }
    }
}

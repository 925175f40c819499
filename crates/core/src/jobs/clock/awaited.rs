//! Letters that wait for a document: once it is there, they are replayed.

use std::{
    collections::{BTreeSet, VecDeque},
    mem,
};

use super::{Tally, paging::Pages};
use crate::{
    jobs::replay::{customer_replay::CustomerReplay, key_replay::Ended},
    kernel::timestamp::Timestamp,
    protocol::{
        dead_letter::{COLLECTION, open_and_awaiting},
        job::End,
        outcome::Fault,
        step::{Answer, Call, Step},
    },
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        query::Row,
        snapshot::Snapshot,
    },
};

/// A letter that is older waits for something that doesn't come by itself: somebody is told.
const OVERDUE_AFTER_MS: u64 = 3_600_000;

/// Page by page in no order that means anything, for letters are named by hashes. But where one can be replayed, all those of its
/// customer are looked up, so that they go in theirs; and of a page's customers the one whose letter waits longest is the first.
#[derive(Clone, Debug)]
pub(super) struct Awaited {
    pub(super) pages: Pages,
    /// The customers whose letters this run has been through.
    seen: BTreeSet<String>,
    at: At,
}

#[derive(Clone, Debug)]
enum At {
    Start,
    Paging,
    Reading(Vec<Waiting>),
    /// And the customers of whom a letter can be replayed.
    Replaying(Box<CustomerReplay>, VecDeque<String>),
}

#[derive(Clone, Debug)]
struct Waiting {
    since: Timestamp,
    subject: String,
    awaits: DocumentPath,
}

impl Awaited {
    pub(super) fn new() -> Awaited {
        let pages = Pages::of(COLLECTION, None, &["subject", "awaits", "receivedAt"]);
        Awaited { pages, seen: BTreeSet::new(), at: At::Start }
    }

    pub(super) fn next(&mut self, answer: Answer<Fault>, now: Timestamp, tally: &mut Tally) -> Step<End> {
        match (mem::replace(&mut self.at, At::Start), answer) {
            (At::Start, Answer::Begin) => self.page(),
            (At::Paging, Answer::Rows(rows)) => self.read(&rows, now, tally),
            (At::Reading(waiting), Answer::Found(snapshot)) => self.decide(waiting, &snapshot, now, tally),
            (At::Replaying(replay, ready), answer) => self.go_on(replay, ready, answer, now, tally),
            (At::Start | At::Paging | At::Reading(_), answer) => self.pages.give_up(&answer.into_fault(), tally),
        }
    }

    fn page(&mut self) -> Step<End> {
        self.at = At::Paging;
        self.pages.query(open_and_awaiting())
    }

    fn read(&mut self, rows: &[Row], now: Timestamp, tally: &mut Tally) -> Step<End> {
        self.pages.begin(rows, tally);
        let mut waiting = Vec::new();
        for row in rows {
            match Waiting::read(row.document()) {
                Ok(letter) => {
                    tally.overdue += u64::from(now.ms_since(letter.since) > OVERDUE_AFTER_MS);
                    waiting.push(letter);
                }
                Err(unreadable) => tally.skip(&row.path, unreadable),
            }
        }
        waiting.sort_by_key(|letter| letter.since);
        let paths: BTreeSet<_> = waiting.iter().map(|letter| letter.awaits.clone()).collect();
        if paths.is_empty() {
            return self.replay(VecDeque::new(), now, tally);
        }
        self.at = At::Reading(waiting);
        Step::Call(Call::read(paths.into_iter().collect()))
    }

    fn decide(&mut self, waiting: Vec<Waiting>, snapshot: &Snapshot, now: Timestamp, tally: &mut Tally) -> Step<End> {
        let mut ready = VecDeque::new();
        for Waiting { subject, awaits, .. } in waiting {
            if snapshot.get(&awaits).is_none() {
                tally.waiting += 1;
            } else if self.seen.insert(subject.clone()) {
                ready.push_back(subject);
            }
        }
        self.replay(ready, now, tally)
    }

    /// The next customer's letters; after the last of this page, the next page.
    fn replay(&mut self, mut ready: VecDeque<String>, now: Timestamp, tally: &mut Tally) -> Step<End> {
        match ready.pop_front() {
            Some(subject) => self.go_on(Box::new(CustomerReplay::new(subject)), ready, Answer::Begin, now, tally),
            None if self.pages.end() => self.page(),
            None => Step::Done(End::Finished),
        }
    }

    fn go_on(
        &mut self,
        mut replay: Box<CustomerReplay>,
        ready: VecDeque<String>,
        answer: Answer<Fault>,
        now: Timestamp,
        tally: &mut Tally,
    ) -> Step<End> {
        match replay.next(answer, now, tally) {
            Step::Call(call) => {
                self.at = At::Replaying(replay, ready);
                Step::Call(call)
            }
            Step::Wait { ms } => {
                self.at = At::Replaying(replay, ready);
                Step::Wait { ms }
            }
            Step::Done(Ended::Through | Ended::Unsettled) => {
                self.pages.went_well();
                self.replay(ready, now, tally)
            }
            Step::Done(Ended::Unsent(fault) | Ended::Unseen(fault)) => {
                tally.fault(format!("letters of {}: {fault}", replay.subject()));
                if self.pages.failed() {
                    return self.pages.give_up(&fault, tally);
                }
                self.replay(ready, now, tally)
            }
        }
    }
}

impl Waiting {
    fn read(letter: &Document) -> Result<Waiting, Unreadable> {
        Ok(Waiting {
            since: letter.timestamp("receivedAt")?,
            subject: letter.string("subject")?.to_owned(),
            awaits: letter.word("awaits", DocumentPath::parse)?,
        })
    }
}

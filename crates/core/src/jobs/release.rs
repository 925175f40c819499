//! What waited for a document is released when the document is created: its letters are replayed, customer by customer, each customer's
//! in their order. What isn't settled in time, and what no trigger told of, is left to the clock.

use std::{
    collections::{BTreeMap, VecDeque},
    marker::PhantomData,
    mem::{replace, take},
};

use crate::{
    jobs::replay::{
        customer_replay::CustomerReplay,
        key_replay::Ended,
        outcome::{LetterOutcome, Report},
    },
    kernel::timestamp::Timestamp,
    protocol::{
        change::{ChangeHandler, ChangeOutcome, DocumentChange},
        dead_letter::{COLLECTION, open_and_awaiting},
        outcome::Fault,
        step::{Answer, Call, Step},
    },
    store::{
        document::Document,
        path::DocumentPath,
        query::{Comparison, Cursor, Filter, Query, Row, is_last_page},
    },
};

const PAGE_LETTERS: u32 = 300;

/// A function that hears of created documents.
pub trait Releasing {
    const FUNCTION: &'static str;

    /// The document at this path of its trigger. None: not one that an event waits for.
    fn awaited(path: &str) -> Option<DocumentPath>;
}

#[derive(Clone, Debug)]
pub struct Release<R> {
    /// None: not a document that letters wait for.
    created: Option<DocumentPath>,
    /// Whose letters wait for it, and since when the oldest of each.
    customers: BTreeMap<String, Timestamp>,
    left: VecDeque<String>,
    /// The first failure. The change comes again, and with it what wasn't released.
    fault: Option<Fault>,
    at: At,
    function: PhantomData<R>,
}

#[derive(Clone, Debug)]
enum At {
    Start,
    Listing,
    Replaying(Box<CustomerReplay>),
}

impl<R: Releasing> ChangeHandler for Release<R> {
    const FUNCTION: &'static str = R::FUNCTION;

    fn receive(change: DocumentChange) -> Self {
        let is_created = change.before.is_none() && change.after.is_some();
        // Of an event that was too large to be read nothing but the path is known: looking costs a query.
        let created = R::awaited(&change.path).filter(|_| is_created || change.is_cut);
        let (customers, left) = (BTreeMap::new(), VecDeque::new());
        Release { created, customers, left, fault: None, at: At::Start, function: PhantomData }
    }

    fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<ChangeOutcome> {
        match (replace(&mut self.at, At::Start), answer) {
            (At::Start, Answer::Begin) => self.list(None),
            (At::Listing, Answer::Rows(rows)) => self.listed(&rows, now),
            (At::Replaying(replay), answer) => self.replay(replay, answer, now),
            (At::Start | At::Listing, answer) => Step::Done(ChangeOutcome::Faulty(answer.into_fault())),
        }
    }
}

impl<R: Releasing> Release<R> {
    fn list(&mut self, after: Option<Cursor>) -> Step<ChangeOutcome> {
        let Some(created) = &self.created else { return Step::Done(ChangeOutcome::Finished) };
        let mut filters = open_and_awaiting();
        filters.push(Filter::new("awaits", Comparison::Equal, created.to_string()));
        self.at = At::Listing;
        let (collection, fields) = (COLLECTION, &["subject", "receivedAt"]);
        Step::Call(Call::query(Query { collection, filters, after, fields, limit: PAGE_LETTERS, ..Query::default() }))
    }

    fn listed(&mut self, rows: &[Row], now: Timestamp) -> Step<ChangeOutcome> {
        for row in rows {
            // A letter without a subject is no customer's. The clock names it.
            let Some((subject, received_at)) = waiting(row.document()) else { continue };
            let oldest = self.customers.entry(subject.to_owned()).or_insert(received_at);
            *oldest = received_at.min(*oldest);
        }
        if let Some(last) = rows.last().filter(|_| !is_last_page(rows, PAGE_LETTERS)) {
            return self.list(Some(last.cursor(None)));
        }
        let mut customers: Vec<_> = take(&mut self.customers).into_iter().collect();
        // Several customers may wait for one lead: it is the first one's.
        customers.sort_by_key(|(_, since)| *since);
        self.left = customers.into_iter().map(|(subject, _)| subject).collect();
        self.next_customer(now)
    }

    fn next_customer(&mut self, now: Timestamp) -> Step<ChangeOutcome> {
        match self.left.pop_front() {
            Some(subject) => self.replay(Box::new(CustomerReplay::new(subject)), Answer::Begin, now),
            None => Step::Done(self.fault.take().map_or(ChangeOutcome::Finished, ChangeOutcome::Faulty)),
        }
    }

    fn replay(
        &mut self,
        mut replay: Box<CustomerReplay>,
        answer: Answer<Fault>,
        now: Timestamp,
    ) -> Step<ChangeOutcome> {
        match replay.next(answer, now, &mut Unheard) {
            Step::Call(call) => {
                self.at = At::Replaying(replay);
                Step::Call(call)
            }
            Step::Wait { ms } => {
                self.at = At::Replaying(replay);
                Step::Wait { ms }
            }
            Step::Done(Ended::Through | Ended::Unsettled) => self.next_customer(now),
            Step::Done(Ended::Unsent(fault) | Ended::Unseen(fault)) => {
                self.fault.get_or_insert(fault);
                self.next_customer(now)
            }
        }
    }
}

/// Whose letter it is, and since when it waits.
fn waiting(letter: &Document) -> Option<(&str, Timestamp)> {
    Some((letter.string("subject").ok()?, letter.timestamp("receivedAt").ok()?))
}

/// Of a replay its own consumer tells. A letter that can't be replayed is named by the clock, run after run.
struct Unheard;

impl Report for Unheard {
    fn letter(&mut self, _: &DocumentPath, _: LetterOutcome) {}
}

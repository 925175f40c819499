//! The trial balance: every customer's balances, added up again from the postings of the customer's transactions.
//!
//! Payments go on meanwhile. What posts to a balance writes the customer's document in the same commit; so where that document is
//! the same version before and after the transactions were read, they belong together. Where it isn't, this customer is looked
//! at again, and whoever never comes to rest is named as such, not as wrong.

mod findings;
mod stretch;
mod sums;

use std::{collections::VecDeque, marker::PhantomData, mem};

pub use self::sums::{Account, Balances, Books, Posting};
use self::{
    findings::Findings,
    stretch::{Bounds, Seen, Stretch},
};
use crate::{
    document::DocumentPath,
    fields::Fields,
    handler::Snapshot,
    ids::UserId,
    malformed::Malformed,
    outcome::Fault,
    sweep::{self, Ask, Chore, Cursor, Heard, Place, Query, Row},
    timestamp::Timestamp,
};

const PAGE_USERS: u32 = 100;
const MAX_TRIES: u32 = 5;
const FIRST_PAUSE_MS: u32 = 20;
const TASK: &str = "users";

#[derive(Clone, Debug)]
pub struct TrialBalance<B> {
    /// The customer up to whom everything is compared.
    after: Option<String>,
    /// Pages of customers that are still wanted; None: as many as there are.
    pages_left: Option<i64>,
    /// Whoever calls says where to begin.
    is_directed: bool,
    /// The last customer of the present page, if others may follow.
    page_end: Option<String>,
    again: VecDeque<Stretch>,
    findings: Findings,
    at: At,
    books: PhantomData<B>,
}

#[derive(Clone, Debug)]
enum At {
    Start,
    Users,
    Transactions(Stretch),
    ReadingAgain(Stretch),
    Pausing(Stretch),
}

impl<B: Books> Chore for TrialBalance<B> {
    const FUNCTION: &'static str = B::FUNCTION;
    const ORDERS: &'static [&'static str] = &["after", "pages"];

    fn ordered(orders: &Fields<'_>) -> Result<Self, Malformed> {
        let after = orders.optional_id::<UserId>("after")?.map(|id| id.to_string());
        let pages_left = orders.optional_integer("pages", 1, i64::MAX, "not an integer above 0")?;
        let is_directed = after.is_some() || pages_left.is_some();
        let (again, findings, page_end) = (VecDeque::new(), Findings::default(), None);
        Ok(TrialBalance {
            after,
            pages_left,
            is_directed,
            page_end,
            again,
            findings,
            at: At::Start,
            books: PhantomData,
        })
    }

    fn keeps_place(&self) -> bool {
        !self.is_directed
    }

    fn go_on_at(&mut self, place: Place) {
        self.after = place.after.map(|cursor| cursor.path.id().to_owned());
    }

    fn next(&mut self, heard: Heard, _: Timestamp) -> Ask {
        match (mem::replace(&mut self.at, At::Start), heard) {
            (At::Start, Heard::Begin) => self.users(),
            (At::Users, Heard::Rows(rows)) => self.begin(&rows),
            (At::Transactions(mut stretch), Heard::Rows(rows)) => {
                self.findings.transactions += rows.len();
                if !stretch.add::<B>(&rows) {
                    return self.transactions(stretch);
                }
                self.read_again(stretch)
            }
            (At::ReadingAgain(stretch), Heard::Found(snapshot)) => self.compare(stretch, &snapshot),
            (At::Pausing(stretch), Heard::Paused) => self.transactions(stretch),
            (At::Start | At::Users | At::Transactions(_) | At::ReadingAgain(_) | At::Pausing(_), heard) => {
                let unexpected = Fault::Protocol("an answer to another question");
                self.findings.fault = Some(if let Heard::Failed(fault) = heard { fault } else { unexpected });
                Ask::Finish
            }
        }
    }

    fn place(&self) -> Option<Place> {
        let path = self.after.as_ref().and_then(|user| DocumentPath::parse(&format!("{TASK}/{user}")));
        Some(Place { task: TASK.to_owned(), after: path.map(|path| Cursor { value: None, path }) })
    }

    fn account(&self) -> sweep::Account {
        self.findings.account()
    }
}

impl<B: Books> TrialBalance<B> {
    fn users(&mut self) -> Ask {
        if self.pages_left == Some(0) || self.findings.is_full() {
            return Ask::Stop;
        }
        self.at = At::Users;
        let path = self.after.as_ref().and_then(|user| DocumentPath::parse(&format!("{TASK}/{user}")));
        let after = path.map(|path| Cursor { value: None, path });
        let (filters, fields) = (Vec::new(), &["balances"]);
        Ask::Query(Query { collection: TASK, filters, order_by: None, after, fields, limit: PAGE_USERS })
    }

    /// The last stretch has no upper bound: whoever is named only by transactions belongs to one, too.
    fn begin(&mut self, rows: &[Row]) -> Ask {
        self.findings.pages += 1;
        self.findings.users += rows.len();
        self.pages_left = self.pages_left.map(|left| left - 1);
        let is_full = u32::try_from(rows.len()).is_ok_and(|count| count == PAGE_USERS);
        self.page_end = rows.last().filter(|_| is_full).map(|row| row.path.id().to_owned());
        let bounds = Bounds { above: self.after.clone(), up_to: self.page_end.clone(), only: None };
        self.transactions(Stretch::of(rows, bounds))
    }

    fn transactions(&mut self, stretch: Stretch) -> Ask {
        let query = stretch.query();
        self.at = At::Transactions(stretch);
        Ask::Query(query)
    }

    fn read_again(&mut self, stretch: Stretch) -> Ask {
        let paths = stretch.paths();
        if paths.is_empty() {
            return self.compare(stretch, &Snapshot::default());
        }
        self.at = At::ReadingAgain(stretch);
        Ask::Read(paths)
    }

    fn compare(&mut self, stretch: Stretch, snapshot: &Snapshot) -> Ask {
        self.findings.unbalanced.extend(stretch.unbalanced);
        for (user, before) in stretch.users {
            let recomputed = stretch.recomputed.get(&user).cloned().unwrap_or_default();
            let path = DocumentPath::parse(&format!("{TASK}/{user}"));
            let now = path.and_then(|path| Some((snapshot.get(&path)?, snapshot.version(&path)??)));
            match (before, now) {
                (Some(before), Some((_, updated_at))) if before.updated_at == updated_at => {
                    self.findings.compare::<B>(&user, &before.document, &recomputed);
                }
                (_, Some(_)) if stretch.tries == MAX_TRIES => self.findings.unsettled.push(user),
                (_, Some((document, updated_at))) => {
                    let seen = Seen { document: document.clone(), updated_at };
                    self.again.push_back(Stretch::again(user, seen, stretch.tries + 1));
                }
                (_, None) => self.findings.missing.push(user),
            }
        }
        self.next_stretch()
    }

    /// Whoever changed, once more; then the next page.
    fn next_stretch(&mut self) -> Ask {
        if let Some(stretch) = self.again.pop_front() {
            let ms = FIRST_PAUSE_MS << stretch.tries;
            self.at = At::Pausing(stretch);
            return Ask::Pause { ms };
        }
        match self.page_end.take() {
            None => Ask::Finish,
            Some(user) => {
                self.after = Some(user);
                self.users()
            }
        }
    }
}

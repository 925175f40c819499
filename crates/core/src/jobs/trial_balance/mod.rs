//! The trial balance: every customer's balances, added up again from the postings of the customer's transactions.
//!
//! Payments go on meanwhile. A commit that posts to a balance writes the customer's document, too; so where that document is
//! the same version before and after the transactions were read, they belong together. Where it isn't, this customer is looked
//! at again, and a customer who never comes to rest is named as such, not as wrong.

mod findings;
mod sums;
mod user_range;

use std::{collections::VecDeque, marker::PhantomData, mem};

use self::findings::Findings;
pub use self::sums::{Account, BalanceReader, Balances, Posting};
use crate::{
    event::fields::Fields,
    jobs::trial_balance::user_range::{Bounds, Seen, UserRange, path_of},
    kernel::{ids::UserId, malformed::Malformed, timestamp::Timestamp},
    protocol::{
        job::{Checkpoint, End, Job, Summary},
        outcome::Fault,
        step::{Answer, Call, Step},
    },
    store::{
        path::DocumentPath,
        query::{Cursor, Query, Row, is_last_page},
        snapshot::Snapshot,
    },
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
    /// The caller says where to begin.
    is_directed: bool,
    /// The last customer of the present page, if others may follow.
    page_end: Option<String>,
    again: VecDeque<UserRange>,
    findings: Findings,
    at: At,
    reader: PhantomData<B>,
}

#[derive(Clone, Debug)]
enum At {
    Start,
    Users,
    Transactions(UserRange),
    ReadingAgain(UserRange),
    Pausing(UserRange),
}

impl<B: BalanceReader> Job for TrialBalance<B> {
    const FUNCTION: &'static str = B::FUNCTION;
    const PARAMS: &'static [&'static str] = &["after", "pages"];

    fn from_params(params: &Fields<'_>) -> Result<Self, Malformed> {
        let after = params.optional_id::<UserId>("after")?.map(|id| id.to_string());
        let pages_left = params.optional_integer("pages", 1, i64::MAX, "not an integer above 0")?;
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
            reader: PhantomData,
        })
    }

    fn keeps_checkpoint(&self) -> bool {
        !self.is_directed
    }

    fn resume_at(&mut self, checkpoint: Checkpoint) {
        self.after = checkpoint.after.map(|cursor| cursor.path.id().to_owned());
    }

    fn next(&mut self, answer: Answer<Fault>, _: Timestamp) -> Step<End> {
        match (mem::replace(&mut self.at, At::Start), answer) {
            (At::Start, Answer::Begin) => self.users(),
            (At::Users, Answer::Rows(rows)) => self.begin(&rows),
            (At::Transactions(mut range), Answer::Rows(rows)) => {
                self.findings.transactions += rows.len();
                if !range.add::<B>(&rows) {
                    return self.transactions(range);
                }
                self.read_again(range)
            }
            (At::ReadingAgain(range), Answer::Found(snapshot)) => self.compare(range, &snapshot),
            (At::Pausing(range), Answer::Waited) => self.transactions(range),
            (At::Start | At::Users | At::Transactions(_) | At::ReadingAgain(_) | At::Pausing(_), answer) => {
                self.findings.fault = Some(answer.into_fault());
                Step::Done(End::Finished)
            }
        }
    }

    fn checkpoint(&self) -> Option<Checkpoint> {
        let path = self.after.as_deref().and_then(DocumentPath::named_user);
        Some(Checkpoint { task: TASK.to_owned(), after: path.map(|path| Cursor { value: None, path }) })
    }

    fn summary(&self) -> Summary {
        self.findings.summary()
    }
}

impl<B: BalanceReader> TrialBalance<B> {
    fn users(&mut self) -> Step<End> {
        if self.pages_left == Some(0) || self.findings.is_full() {
            return Step::Done(End::Stopped);
        }
        self.at = At::Users;
        let path = self.after.as_deref().and_then(DocumentPath::named_user);
        let after = path.map(|path| Cursor { value: None, path });
        let (filters, fields) = (Vec::new(), &["balances"]);
        Step::Call(Call::query(Query {
            collection: TASK,
            filters,
            after,
            fields,
            limit: PAGE_USERS,
            ..Query::default()
        }))
    }

    /// The last range has no upper bound: customers whom only transactions name belong to one, too.
    fn begin(&mut self, rows: &[Row]) -> Step<End> {
        self.findings.pages += 1;
        self.findings.users += rows.len();
        self.pages_left = self.pages_left.map(|left| left - 1);
        let is_full = !is_last_page(rows, PAGE_USERS);
        self.page_end = rows.last().filter(|_| is_full).map(|row| row.path.id().to_owned());
        let bounds = Bounds { above: self.after.clone(), up_to: self.page_end.clone(), only: None };
        self.transactions(UserRange::of(rows, bounds))
    }

    fn transactions(&mut self, range: UserRange) -> Step<End> {
        let query = range.query();
        self.at = At::Transactions(range);
        Step::Call(Call::query(query))
    }

    fn read_again(&mut self, range: UserRange) -> Step<End> {
        let paths = range.paths();
        if paths.is_empty() {
            return self.compare(range, &Snapshot::default());
        }
        self.at = At::ReadingAgain(range);
        Step::Call(Call::read(paths))
    }

    fn compare(&mut self, range: UserRange, snapshot: &Snapshot) -> Step<End> {
        self.findings.unbalanced.extend(range.unbalanced);
        for (user, before) in range.users {
            let recomputed = range.recomputed.get(&user).cloned().unwrap_or_default();
            let path = path_of(&user, before.as_ref());
            let now = path.and_then(|path| Some((snapshot.get(&path)?, snapshot.version(&path)??)));
            match (before, now) {
                (Some(before), Some((_, updated_at))) if before.updated_at == updated_at => {
                    self.findings.compare::<B>(&user, &before.document, &recomputed);
                }
                (_, Some(_)) if range.tries == MAX_TRIES => self.findings.unsettled.push(user),
                (_, Some((document, updated_at))) => {
                    let seen = Seen { document: document.clone(), updated_at };
                    self.again.push_back(UserRange::again(user, seen, range.tries + 1));
                }
                (_, None) => self.findings.missing.push(user),
            }
        }
        self.next_range()
    }

    /// Customers who changed, once more; then the next page.
    fn next_range(&mut self) -> Step<End> {
        if let Some(range) = self.again.pop_front() {
            let ms = FIRST_PAUSE_MS << range.tries;
            self.at = At::Pausing(range);
            return Step::Wait { ms };
        }
        match self.page_end.take() {
            None => Step::Done(End::Finished),
            Some(user) => {
                self.after = Some(user);
                self.users()
            }
        }
    }
}

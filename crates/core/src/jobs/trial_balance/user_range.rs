//! Some customers in the order of their ids, with all transactions between the first and the last: what is compared at a time.

use std::collections::BTreeMap;

use super::sums::{self, BalanceReader, Balances};
use crate::store::{
    document::{Document, UpdateTime},
    path::DocumentPath,
    query::{Comparison, Cursor, Filter, Query, Row, is_last_page},
};

pub(super) const PAGE_TRANSACTIONS: u32 = 1_000;

#[derive(Clone, Debug, Default)]
pub(super) struct UserRange {
    /// The customers by id, each as read before the transactions; None: one whom only transactions name.
    pub(super) users: BTreeMap<String, Option<Seen>>,
    pub(super) recomputed: BTreeMap<String, Balances>,
    pub(super) bounds: Bounds,
    /// How often these customers were looked at before.
    pub(super) tries: u32,
    /// Transactions that are wrong by themselves, and why.
    pub(super) unbalanced: BTreeMap<String, String>,
    after: Option<Cursor>,
}

#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) document: Document,
    pub(super) updated_at: UpdateTime,
}

/// Of the customers' ids: above one, up to another.
#[derive(Clone, Debug, Default)]
pub(super) struct Bounds {
    pub(super) above: Option<String>,
    pub(super) up_to: Option<String>,
    /// One customer alone.
    pub(super) only: Option<String>,
}

impl UserRange {
    pub(super) fn of(users: &[Row], bounds: Bounds) -> UserRange {
        let seen = |row: &Row| {
            let seen = Seen { document: row.document().clone(), updated_at: row.stored.updated_at };
            (row.path.id().to_owned(), Some(seen))
        };
        UserRange { users: users.iter().map(seen).collect(), bounds, ..UserRange::default() }
    }

    /// One customer who changed while the transactions were read, as seen then.
    pub(super) fn again(user: String, seen: Seen, tries: u32) -> UserRange {
        let bounds = Bounds { only: Some(user.clone()), ..Bounds::default() };
        UserRange { users: BTreeMap::from([(user, Some(seen))]), bounds, tries, ..UserRange::default() }
    }

    pub(super) fn query(&self) -> Query {
        let Bounds { above, up_to, only } = &self.bounds;
        let filter = |is, value: &Option<String>| Some(Filter::new("userId", is, value.as_deref()?));
        let filters = [(Comparison::Above, above), (Comparison::AtMost, up_to), (Comparison::Equal, only)];
        Query {
            collection: "transactions",
            filters: filters.into_iter().filter_map(|(is, value)| filter(is, value)).collect(),
            order_by: self.order_by(),
            after: self.after.clone(),
            fields: &["userId", "currency", "postings"],
            limit: PAGE_TRANSACTIONS,
            ..Query::default()
        }
    }

    /// One customer's transactions are equal in it: to order by it as well would ask for an index that there isn't.
    fn order_by(&self) -> Option<&'static str> {
        self.bounds.only.is_none().then_some("userId")
    }

    /// Adds a page of transactions. Whether it was the last.
    pub(super) fn add<B: BalanceReader>(&mut self, rows: &[Row]) -> bool {
        for row in rows {
            let transaction = row.document();
            let Ok(user) = transaction.string("userId") else {
                self.wrong(row, "its userId is no string");
                continue;
            };
            self.users.entry(user.to_owned()).or_default();
            let recomputed = self.recomputed.entry(user.to_owned()).or_default();
            match B::postings(transaction).map(|postings| sums::add(recomputed, postings)) {
                Err(unreadable) => self.wrong(row, &unreadable.to_string()),
                Ok(sums) => {
                    for (currency, sum) in sums.into_iter().filter(|(_, sum)| *sum != 0) {
                        self.wrong(row, &format!("its postings in {currency} sum to {sum}"));
                    }
                }
            }
        }
        self.after = rows.last().map(|row| row.cursor(self.order_by()));
        is_last_page(rows, PAGE_TRANSACTIONS)
    }

    fn wrong(&mut self, row: &Row, why: &str) {
        self.unbalanced.insert(row.path.to_string(), why.to_owned());
    }

    /// Everybody in it, to be read again.
    pub(super) fn paths(&self) -> Vec<DocumentPath> {
        self.users.iter().filter_map(|(user, seen)| path_of(user, seen.as_ref())).collect()
    }
}

/// Of one whom only transactions name the id may be no document's: then there is nothing to be read, and nobody.
pub(super) fn path_of(user: &str, seen: Option<&Seen>) -> Option<DocumentPath> {
    if seen.is_some() { DocumentPath::named_user(user) } else { DocumentPath::parse_user(user) }
}

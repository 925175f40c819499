//! The newest changes of one kind, each document once.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use crate::kernel::timestamp::Timestamp;

const MOST: usize = 20;

/// A change of one document. The order is by time first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) at: Timestamp,
    pub(super) id: String,
    pub(super) details: BTreeMap<&'static str, Detail>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Detail {
    Text(String),
    Number(i64),
}

/// The newest first. Of two that are put together, the newest are among the newest of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Newest(Vec<Entry>);

impl Newest {
    pub(super) fn of(entry: Option<Entry>) -> Newest {
        Newest(entry.into_iter().collect())
    }

    pub(super) fn add(&mut self, other: &Newest) {
        if other.0.is_empty() {
            return;
        }
        self.0.extend_from_slice(&other.0);
        self.0.sort_by_cached_key(|entry| Reverse(entry.clone()));
        let mut seen = BTreeSet::new();
        self.0.retain(|entry| seen.insert(entry.id.clone()));
        self.0.truncate(MOST);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter()
    }
}

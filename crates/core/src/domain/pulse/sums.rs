//! Sums of changes.

use std::collections::BTreeMap;

use crate::domain::pulse::newest::Newest;

/// What some changes add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Collection -> how many of its documents changed.
    pub(super) changes: BTreeMap<&'static str, i64>,
    /// `transactions.SETTLED` -> how many changed to that status.
    pub(super) statuses: BTreeMap<String, i64>,
    /// Kind -> currency -> minor units, of the transactions that became SETTLED.
    pub(super) amounts: BTreeMap<String, BTreeMap<String, i64>>,
    pub(super) transactions: Newest,
    pub(super) kyc: Newest,
    pub(super) letters: Newest,
}

impl Sums {
    /// These and the others. A number that is too large stays the largest.
    pub fn add(&mut self, other: &Sums) {
        added(&mut self.changes, &other.changes);
        added(&mut self.statuses, &other.statuses);
        for (kind, of_currency) in &other.amounts {
            added(self.amounts.entry(kind.clone()).or_default(), of_currency);
        }
        self.transactions.add(&other.transactions);
        self.kyc.add(&other.kyc);
        self.letters.add(&other.letters);
    }
}

fn added<K: Ord + Clone>(to: &mut BTreeMap<K, i64>, from: &BTreeMap<K, i64>) {
    for (name, number) in from {
        let sum = to.entry(name.clone()).or_default();
        *sum = sum.saturating_add(*number);
    }
}

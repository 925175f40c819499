//! What a customer may withdraw, and what was withdrawn of late.

use std::collections::BTreeMap;

use crate::kernel::{ids::TransactionId, money::Money, timestamp::Timestamp};

/// In minor units of the currency; None where there is no such limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Limit {
    pub per_withdrawal: Option<i64>,
    pub per_day: Option<i64>,
}

/// A customer's withdrawals of late that are authorized or settled, by currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Window {
    pub entries: BTreeMap<String, Vec<Entry>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    pub transaction: TransactionId,
    pub amount: i64,
    /// When it was decided. Never the event's own time: a sender could write one that is far from all others.
    pub at: Timestamp,
}

const DAY_MICROS: i64 = 86_400_000_000;
/// Of one currency: the record stays small, whatever a customer does.
const MOST_ENTRIES: usize = 500;

impl Window {
    /// Whether the limit leaves room for this withdrawal within the last 24 hours. Whose window is full may not have more
    /// while there is a limit, or small withdrawals could push a large one out of sight.
    pub fn leaves_room(&self, limit: Limit, money: Money, now: Timestamp) -> bool {
        let window = self.as_of(now);
        let entries = window.entries.get(money.currency().code()).map_or(&[][..], Vec::as_slice);
        let with_this = entries.iter().fold(money.minor(), |sum, entry| sum.saturating_add(entry.amount));
        limit.per_withdrawal.is_none_or(|most| money.minor() <= most)
            && limit.per_day.is_none_or(|most| with_this <= most && entries.len() < MOST_ENTRIES)
    }

    /// With this withdrawal, once.
    pub fn with(&self, transaction: TransactionId, money: Money, now: Timestamp) -> Window {
        let mut window = self.without(transaction, now);
        let entries = window.entries.entry(money.currency().code().to_owned()).or_default();
        if entries.len() >= MOST_ENTRIES {
            entries.remove(0);
        }
        entries.push(Entry { transaction, amount: money.minor(), at: now });
        window
    }

    /// What came to nothing no longer counts.
    pub fn without(&self, transaction: TransactionId, now: Timestamp) -> Window {
        let mut window = self.as_of(now);
        window.retain(|entry| entry.transaction != transaction);
        window
    }

    /// Without what is too old to count. An entry after now, by another host's clock or by the event's time as earlier
    /// releases kept it, counts as of now.
    fn as_of(&self, now: Timestamp) -> Window {
        let mut window = self.clone();
        window.entries.values_mut().flatten().for_each(|entry| entry.at = entry.at.min(now));
        window.retain(|entry| now.micros() - entry.at.micros() < DAY_MICROS);
        window
    }

    fn retain(&mut self, counts: impl Fn(&Entry) -> bool) {
        self.entries.values_mut().for_each(|entries| entries.retain(&counts));
        self.entries.retain(|_, entries| !entries.is_empty());
    }
}

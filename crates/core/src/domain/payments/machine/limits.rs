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
    pub at: Timestamp,
}

const HOUR_MICROS: i64 = 3_600_000_000;
const DAY_MICROS: i64 = 24 * HOUR_MICROS;
/// So that a request which comes a day late still finds the others of its day.
const KEPT_MICROS: i64 = 2 * DAY_MICROS;
/// Of one currency: the record stays small, whatever a customer does.
const MOST_ENTRIES: usize = 500;

impl Window {
    /// Whether the limit leaves room for this withdrawal. The day is rolling: whatever is less than 24 hours apart from it,
    /// before or after, by the events' own times. Whose window is full may not have more while there is a limit, or small
    /// withdrawals could push a large one out of sight.
    pub fn leaves_room(&self, limit: Limit, money: Money, at: Timestamp) -> bool {
        let entries = self.entries.get(money.currency().code()).map_or(&[][..], Vec::as_slice);
        let of_the_day = entries.iter().filter(|entry| (entry.at.micros() - at.micros()).abs() < DAY_MICROS);
        let with_this = of_the_day.fold(money.minor(), |sum, entry| sum.saturating_add(entry.amount));
        limit.per_withdrawal.is_none_or(|most| money.minor() <= most)
            && limit.per_day.is_none_or(|most| with_this <= most && entries.len() < MOST_ENTRIES)
    }

    /// With this withdrawal, and without what is too old to count. A time in the future makes nothing old.
    pub fn with(&self, transaction: TransactionId, money: Money, at: Timestamp, now: Timestamp) -> Window {
        let mut window = self.clone();
        let oldest = at.min(now).micros() - KEPT_MICROS;
        window.retain(|entry| entry.at.micros() >= oldest);
        let entries = window.entries.entry(money.currency().code().to_owned()).or_default();
        if entries.len() >= MOST_ENTRIES {
            entries.remove(0);
        }
        entries.push(Entry { transaction, amount: money.minor(), at });
        window
    }

    /// What came to nothing no longer counts.
    pub fn without(&self, transaction: TransactionId) -> Window {
        let mut window = self.clone();
        window.retain(|entry| entry.transaction != transaction);
        window
    }

    fn retain(&mut self, counts: impl Fn(&Entry) -> bool) {
        self.entries.values_mut().for_each(|entries| entries.retain(&counts));
        self.entries.retain(|_, entries| !entries.is_empty());
    }
}

//! Which alerts a price meets.

use std::{collections::BTreeMap, fmt};

use crate::{
    domain::market::facts::{Alert, Direction, MOST_ALERTS},
    kernel::{ids::AlertId, price::Price, timestamp::Timestamp},
};

/// What a market said last.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Quote {
    pub price: Price,
    pub at: Timestamp,
}

/// The open alerts of a symbol.
pub type Alerts = BTreeMap<AlertId, Alert>;

/// So that nobody takes the place of all others.
pub const MOST_OF_ONE_CUSTOMER: usize = 10;

/// So many customers are told in one delivery; the rest in a next one.
pub const MOST_AT_ONCE: usize = 50;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    AlreadySet,
    TooManyAlerts,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refusal::AlreadySet => "AlreadySet",
            Refusal::TooManyAlerts => "TooManyAlerts",
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Move {
    /// The market's price is of a later time.
    Stale,
    /// To this price, which meets these alerts.
    To(Quote, Vec<Alert>),
}

/// None stands for a market of which nothing was heard yet. A time that no event of today can have was applied by an earlier
/// release, which took any: the price stands, and whatever comes is newer.
pub fn moved(last: Option<&Quote>, new: Quote, open: &Alerts, now: Timestamp) -> Move {
    if last.is_some_and(|last| new.at < last.at && !last.at.is_in_the_future(now)) {
        return Move::Stale;
    }
    let met = open.values().filter(|alert| is_met_by_the_move(alert, last.map(|last| &last.price), &new.price));
    let met = met.cloned().collect();
    Move::To(new, met)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Setting {
    New,
    /// The same alert is open.
    Stale,
}

pub fn set(open: &Alerts, alert: &Alert) -> Result<Setting, Refusal> {
    let of_the_customer = || open.values().filter(|other| other.user == alert.user).count();
    match open.get(&alert.id) {
        Some(known) if known.says_again(alert) => Ok(Setting::Stale),
        Some(_) => Err(Refusal::AlreadySet),
        None if open.len() >= MOST_ALERTS || of_the_customer() >= MOST_OF_ONE_CUSTOMER => Err(Refusal::TooManyAlerts),
        None => Ok(Setting::New),
    }
}

/// The price has come to the threshold or passed it. Where it was there before, as the alert was set, it must leave and come
/// again: only moves meet alerts. The first price of a market comes from nowhere.
fn is_met_by_the_move(alert: &Alert, last: Option<&Price>, new: &Price) -> bool {
    is_met(alert, new) && !last.is_some_and(|last| is_met(alert, last))
}

fn is_met(alert: &Alert, price: &Price) -> bool {
    match alert.direction {
        Direction::Above => !price.is_below(&alert.threshold),
        Direction::Below => !alert.threshold.is_below(price),
    }
}

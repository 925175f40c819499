//! Which alerts a price meets.

use std::{collections::BTreeMap, fmt};

use crate::{
    domain::market::facts::{Alert, Direction},
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

/// One document holds all of a symbol, and stays well under 200 KiB with so many.
pub const MOST_ALERTS: usize = 500;

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

/// None stands for a market of which nothing was heard yet.
pub fn moved(last: Option<&Quote>, new: Quote, open: &Alerts) -> Move {
    if last.is_some_and(|last| new.at < last.at) {
        return Move::Stale;
    }
    let met = open.values().filter(|alert| is_met_by_the_move(alert, last.map(|last| &last.price), &new.price));
    let met = met.cloned().collect();
    Move::To(new, met)
}

pub fn may_set(open: &Alerts, id: AlertId) -> Result<(), Refusal> {
    if open.contains_key(&id) {
        Err(Refusal::AlreadySet)
    } else if open.len() >= MOST_ALERTS {
        Err(Refusal::TooManyAlerts)
    } else {
        Ok(())
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

//! Price moves, and alerts on them.

use std::cmp::Ordering;

use serde_json::{Value as Json, json};

use crate::{
    event::{
        catalog::EventType::{self, PriceAlertCanceled, PriceAlertSet, PriceAlertsDue, PriceMoved},
        envelope::{Envelope, Subject},
        fields::Fields,
        outbox::{self, NewEvent},
        reader::Reader,
    },
    kernel::{
        ids::{AlertId, UserId},
        malformed::Malformed,
        names::names,
        price::Price,
    },
};

names! {
    /// On which side of its threshold the price meets an alert.
    Direction {
        Above = "ABOVE",
        Below = "BELOW",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Alert {
    pub id: AlertId,
    pub user: UserId,
    pub direction: Direction,
    pub threshold: Price,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MarketFact {
    Moved {
        price: Price,
    },
    /// The rest of a move that met too many alerts for one delivery: these customers haven't been told yet.
    Due {
        price: Price,
        alerts: Vec<Alert>,
    },
    AlertSet(Alert),
    AlertCanceled(AlertId),
}

pub const FACTS: &[(EventType, Reader<MarketFact>)] = &[
    (PriceMoved, moved),
    (PriceAlertsDue, |envelope| due(envelope, "alerts")),
    (PriceAlertSet, |envelope| alert(&envelope.data()).map(MarketFact::AlertSet)),
    (PriceAlertCanceled, |envelope| envelope.data().id("alertId").map(MarketFact::AlertCanceled)),
];

/// One document holds all alerts of a symbol, and one message all that a price has met; both stay well under 200 KiB with so
/// many.
pub const MOST_ALERTS: usize = 500;

/// The consumer that publishes the rest of a move.
pub const CONSUMER: &str = "price-alerts";

fn moved(envelope: &Envelope) -> Result<MarketFact, Malformed> {
    // The first edition published the rest as a PriceMoved of its own. Since then nobody has, whatever a message calls its source; and a
    // field of that name from anybody else is one that we don't know.
    if envelope.origin.admits_first_form() && envelope.source == outbox::source(CONSUMER) {
        return due(envelope, "met");
    }
    Ok(MarketFact::Moved { price: envelope.data().price("price")? })
}

fn due(envelope: &Envelope, alerts: &str) -> Result<MarketFact, Malformed> {
    let data = envelope.data();
    Ok(MarketFact::Due { price: data.price("price")?, alerts: data.each_up_to(alerts, MOST_ALERTS, alert)? })
}

/// All is asked before anything is missed: of an object in a list, that is how a contract learns of its fields.
fn alert(fields: &Fields<'_>) -> Result<Alert, Malformed> {
    let (id, user) = (fields.id("alertId"), fields.id("userId"));
    let direction = fields.one_of("direction", Direction::ALL, Direction::name);
    let threshold = fields.price("threshold");
    Ok(Alert { id: id?, user: user?, direction: direction?, threshold: threshold? })
}

/// The rest of a move, in which at most [`MOST_ALERTS`] are.
pub fn alerts_due(market: Subject, price: &Price, alerts: &[Alert]) -> NewEvent {
    let alerts: Vec<_> = alerts.iter().map(Alert::to_json).collect();
    NewEvent::new(PriceAlertsDue, market).with("price", price.to_string()).with("alerts", alerts)
}

impl Alert {
    /// Whether the other one says the same again, however it writes the threshold.
    pub fn says_again(&self, other: &Alert) -> bool {
        let Alert { id, user, direction, threshold } = other;
        let is_for_the_same = (self.id, self.user, self.direction) == (*id, *user, *direction);
        is_for_the_same && self.threshold.compare(threshold) == Ordering::Equal
    }

    /// As it is read.
    fn to_json(&self) -> Json {
        json!({
            "alertId": self.id.to_string(),
            "userId": self.user.to_string(),
            "direction": self.direction.name(),
            "threshold": self.threshold.to_string(),
        })
    }
}

//! Price moves, and alerts on them.

use serde_json::{Value as Json, json};

use crate::{
    event::{
        catalog::EventType::{self, PriceAlertCanceled, PriceAlertSet, PriceMoved},
        envelope::Envelope,
        fields::Fields,
        outbox,
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
    MetBefore {
        price: Price,
        alerts: Vec<Alert>,
    },
    AlertSet(Alert),
    AlertCanceled(AlertId),
}

pub const FACTS: &[(EventType, Reader<MarketFact>)] = &[
    (PriceMoved, moved),
    (PriceAlertSet, |envelope| alert(envelope.data()).map(MarketFact::AlertSet)),
    (PriceAlertCanceled, |envelope| envelope.data().id("alertId").map(MarketFact::AlertCanceled)),
];

/// The consumer that publishes the rest of a move, as a PriceMoved of its own.
pub const CONTINUED_BY: &str = "price-alerts";

fn moved(envelope: &Envelope) -> Result<MarketFact, Malformed> {
    let data = envelope.data();
    let price = data.price("price")?;
    // A field of that name from anybody else is one that we don't know.
    if envelope.source == outbox::source(CONTINUED_BY) {
        return Ok(MarketFact::MetBefore { price, alerts: data.each("met", alert)? });
    }
    Ok(MarketFact::Moved { price })
}

fn alert(fields: Fields<'_>) -> Result<Alert, Malformed> {
    Ok(Alert {
        id: fields.id("alertId")?,
        user: fields.id("userId")?,
        direction: fields.one_of("direction", Direction::ALL, Direction::name)?,
        threshold: fields.price("threshold")?,
    })
}

impl Alert {
    /// As it is read.
    pub fn to_json(&self) -> Json {
        json!({
            "alertId": self.id.to_string(),
            "userId": self.user.to_string(),
            "direction": self.direction.name(),
            "threshold": self.threshold.to_string(),
        })
    }
}

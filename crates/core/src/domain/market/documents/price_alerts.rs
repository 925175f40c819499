//! price_alerts/{symbol}: a map `alerts`, by the alert's id, so that one is written without the others.

use crate::{
    domain::market::{
        facts::{Alert, Direction},
        machine::Alerts,
    },
    kernel::{
        ids::{AlertId, Id, Symbol, UserId},
        price::Price,
    },
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        value::{Map, map},
        write::Write,
    },
};

pub fn read(document: &Document) -> Result<Alerts, Unreadable> {
    let keys = document.optional_map("alerts")?.into_iter().flat_map(Map::keys);
    keys.map(|key| read_one(document, key)).collect()
}

fn read_one(document: &Document, key: &str) -> Result<(AlertId, Alert), Unreadable> {
    let field = |name: &str| format!("alerts.{key}.{name}");
    let id = AlertId::parse_stored(key).map_err(|rule| Unreadable::new("alerts", rule))?;
    let alert = Alert {
        id,
        user: document.word(&field("userId"), |id| UserId::parse_stored(id).ok())?,
        direction: document.word(&field("direction"), Direction::from_name)?,
        threshold: document.word(&field("threshold"), |text| Price::parse(text).ok())?,
    };
    Ok((id, alert))
}

pub fn with(symbol: &Symbol, alert: &Alert) -> Write {
    let fields = map([
        ("userId", alert.user.to_string().into()),
        ("direction", alert.direction.name().into()),
        ("threshold", alert.threshold.to_string().into()),
    ]);
    Write::to(DocumentPath::price_alerts(symbol)).set(&field_of(alert.id), fields)
}

pub fn without(symbol: &Symbol, alerts: impl IntoIterator<Item = AlertId>) -> Write {
    let write = Write::to(DocumentPath::price_alerts(symbol));
    alerts.into_iter().fold(write, |write, id| write.set_or_clear(&field_of(id), None::<Map>))
}

fn field_of(id: AlertId) -> String {
    format!("alerts.{id}")
}

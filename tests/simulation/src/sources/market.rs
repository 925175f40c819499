//! Prices, and the alerts that customers set on them.

use serde_json::json;

use super::Author;
use crate::plan::FaultKind;

/// Few symbols, so that customers share them.
const SYMBOLS: &[&str] = &["ACME", "BOMA", "CZG.PR"];
/// More alerts than one delivery handles.
const CROWD: u64 = 55;

pub(super) fn watches(author: &mut Author<'_>, mut at_ms: u64, user: &str) {
    if author.number == 0 && author.chance.one_in(20) {
        is_crowded(author, at_ms, user);
    }
    let mut alert = author.chance.uuid();
    for _ in 0..author.chance.between(0, 6) {
        at_ms = author.later(at_ms);
        let symbol = *author.chance.pick(SYMBOLS);
        match author.chance.below(5) {
            0..2 => {
                let (took_place_ms, price) = (author.earlier(at_ms), price(author));
                author.publish_past(at_ms, took_place_ms, "PriceMoved", symbol, json!({ "price": price }));
            }
            2 if !author.hits(FaultKind::Illegal) => {
                author.publish(at_ms, "PriceAlertCanceled", symbol, json!({ "alertId": alert }));
            }
            _ => {
                if !author.hits(FaultKind::Illegal) {
                    alert = author.chance.uuid();
                }
                let direction = *author.chance.pick(&["ABOVE", "BELOW"]);
                let threshold = price(author);
                let data = json!({ "alertId": alert, "userId": user, "direction": direction, "threshold": threshold });
                author.publish(at_ms, "PriceAlertSet", symbol, data);
            }
        }
    }
}

/// Many alerts on one price, which then comes.
fn is_crowded(author: &mut Author<'_>, at_ms: u64, user: &str) {
    for _ in 0..CROWD {
        let alert = author.chance.uuid();
        let data = json!({ "alertId": alert, "userId": user, "direction": "ABOVE", "threshold": "200.0" });
        author.publish(at_ms, "PriceAlertSet", "CROWD", data);
    }
    let at_ms = author.later(at_ms);
    author.publish(at_ms, "PriceMoved", "CROWD", json!({ "price": "200.5" }));
}

/// In a range in which thresholds are reached.
fn price(author: &mut Author<'_>) -> String {
    let tenths = author.chance.between(1, 1_000);
    format!("{}.{}", tenths / 10, tenths % 10)
}

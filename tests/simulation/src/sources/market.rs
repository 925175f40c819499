//! Prices, and the alerts that customers set on them.

use serde_json::json;

use super::Author;
use crate::plan::FaultKind;

/// Few symbols, so that customers share them.
const SYMBOLS: &[&str] = &["ACME", "BOMA", "CZG.PR"];
/// More alerts than two deliveries handle.
const CROWD: u64 = 121;
/// One more than one customer may have on a symbol.
const OF_ONE_CUSTOMER: u64 = 11;

pub(super) fn watches(author: &mut Author<'_>, mut at_ms: u64, user: &str) {
    if author.number == 0 && author.chance.one_in(20) {
        is_crowded(author, at_ms);
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

/// Many customers' alerts on one price, which then comes, and goes back.
fn is_crowded(author: &mut Author<'_>, at_ms: u64) {
    let mut user = author.user.clone();
    for number in 0..CROWD {
        if number % OF_ONE_CUSTOMER == 0 && number > 0 {
            user = author.chance.uuid();
        }
        let alert = author.chance.uuid();
        let data = json!({ "alertId": alert, "userId": user, "direction": "ABOVE", "threshold": "200.0" });
        author.publish(at_ms, "PriceAlertSet", "CROWD", data);
    }
    let at_ms = author.later(at_ms);
    author.publish(at_ms, "PriceMoved", "CROWD", json!({ "price": "200.5" }));
    let at_ms = author.later(at_ms);
    author.publish(at_ms, "PriceMoved", "CROWD", json!({ "price": "-1.5" }));
}

/// In a range in which thresholds are reached, on both sides of zero.
fn price(author: &mut Author<'_>) -> String {
    let sign = if author.chance.one_in(4) { "-" } else { "" };
    let tenths = author.chance.between(0, 1_000);
    format!("{sign}{}.{}", tenths / 10, tenths % 10)
}

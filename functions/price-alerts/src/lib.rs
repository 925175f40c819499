//! Keeps the prices of markets, and tells customers whose alerts they meet.

use boma_core::{
    domain::{
        market::{
            documents::{market, price_alerts},
            facts::{Alert, CONSUMER, FACTS, MarketFact, alerts_due},
            machine::{Alerts, MOST_AT_ONCE, Move, Quote, Setting, moved, set},
        },
        notifications::facts::{Template, request},
    },
    event::envelope::Envelope,
    kernel::{ids::UserId, price::Price},
    prelude::*,
};
use serde_json::json;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PriceAlertsHandler;

pub const FUNCTION: Function = Function::of_handler::<PriceAlertsHandler>();

impl Handler for PriceAlertsHandler {
    type Fact = MarketFact;
    const CONSUMER: &'static str = CONSUMER;
    const HEARS: &'static [(EventType, Reader<MarketFact>)] = FACTS;

    fn read_set(event: &Event<MarketFact>) -> Vec<DocumentPath> {
        let symbol = event.envelope.symbol();
        match event.fact {
            MarketFact::Moved { .. } => vec![DocumentPath::market(symbol), DocumentPath::price_alerts(symbol)],
            MarketFact::Due { .. } => Vec::new(),
            MarketFact::AlertSet(_) | MarketFact::AlertCanceled(_) => vec![DocumentPath::price_alerts(symbol)],
        }
    }

    /// Setting an alert is an act of a customer; a price move isn't.
    fn customer(event: &Event<MarketFact>) -> Option<UserId> {
        match &event.fact {
            MarketFact::AlertSet(alert) => Some(alert.user),
            MarketFact::Moved { .. } | MarketFact::Due { .. } | MarketFact::AlertCanceled(_) => None,
        }
    }

    fn decide(event: &Event<MarketFact>, snapshot: &Snapshot, now: Timestamp) -> Result<Decision, Unreadable> {
        let envelope = &event.envelope;
        let symbol = envelope.symbol();
        let open = snapshot.read(&DocumentPath::price_alerts(symbol), price_alerts::read)?;
        let open = open.unwrap_or_default();
        Ok(match &event.fact {
            MarketFact::Moved { price } => {
                let last = snapshot.read(&DocumentPath::market(symbol), market::read)?;
                on_move(envelope, last.as_ref(), price, &open, now)
            }
            MarketFact::Due { price, alerts } => {
                Decision::Accept(Effects { events: told(envelope, price, alerts), ..Effects::default() })
            }
            MarketFact::AlertSet(alert) => match set(&open, alert) {
                Ok(Setting::Stale) => Decision::Ignore("Stale"),
                Ok(Setting::New) => Decision::write(price_alerts::with(symbol, alert)),
                Err(refusal) => Decision::Refuse(refusal.to_string()),
            },
            MarketFact::AlertCanceled(id) if open.contains_key(id) => {
                Decision::write(price_alerts::without(symbol, [*id]))
            }
            // It may just have been met, and is gone either way.
            MarketFact::AlertCanceled(_) => Decision::Ignore("NoSuchAlert"),
        })
    }
}

/// All alerts that are met are removed at once, so that setting or canceling one needn't know which customers have been told yet.
fn on_move(envelope: &Envelope, last: Option<&Quote>, price: &Price, open: &Alerts, now: Timestamp) -> Decision {
    let symbol = envelope.symbol();
    match moved(last, Quote { price: price.clone(), at: envelope.time }, open, now) {
        Move::Stale => Decision::Ignore("Stale"),
        Move::To(quote, met) => {
            let mut writes = vec![market::write(symbol, &quote)];
            if !met.is_empty() {
                writes.push(price_alerts::without(symbol, met.iter().map(|alert| alert.id)));
            }
            Decision::Accept(Effects { writes, events: told(envelope, &quote.price, &met), ..Effects::default() })
        }
    }
}

/// A notification for each of the first, and for the rest a message to ourselves, which carries them.
fn told(envelope: &Envelope, price: &Price, met: &[Alert]) -> Vec<NewEvent> {
    let (now, later) = met.split_at(met.len().min(MOST_AT_ONCE));
    let mut events: Vec<_> = now.iter().map(|alert| notification(envelope, price, alert)).collect();
    if !later.is_empty() {
        events.push(alerts_due(envelope.subject.clone(), price, later));
    }
    events
}

fn notification(envelope: &Envelope, price: &Price, alert: &Alert) -> NewEvent {
    let params = json!({
        "alertId": alert.id.to_string(),
        "symbol": envelope.symbol().to_string(),
        "direction": alert.direction.name(),
        "threshold": alert.threshold.to_string(),
        "price": price.to_string(),
    });
    request(alert.user, Template::PriceAlert, params)
}

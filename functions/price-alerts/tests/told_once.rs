//! Over any prices and any alerts: each alert is told exactly once, when a price first meets it, and of that price; never more than
//! fifty in one delivery, however the messages to ourselves fall between the prices.

use std::collections::{BTreeMap, VecDeque};

use boma_core::{
    event::{catalog::EventType, envelope::Envelope, origin::Origin, outbox, reader::Event},
    kernel::timestamp::Timestamp,
    protocol::{
        decision::{Decision, Effects},
        handler::Handler,
    },
    store::snapshot::Snapshot,
};
use in_memory_store::InMemoryStore;
use price_alerts::PriceAlertsHandler;
use property::check_some;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// Each has hundreds of alerts.
const HISTORIES: u32 = 100;
const MOST_AT_ONCE: usize = 50;

#[derive(Clone, Debug)]
enum What {
    /// So many alerts on one threshold, each of another customer.
    Set {
        is_above: bool,
        threshold: i32,
        count: usize,
    },
    Canceled {
        number: usize,
    },
    /// So many seconds before or after the last one.
    Moved {
        price: i32,
        later_s: i64,
    },
    /// One of the messages to ourselves comes.
    Due,
}

fn any_event() -> impl Strategy<Value = What> {
    let price = || -20..20i32;
    prop_oneof![
        3 => (any::<bool>(), price(), prop_oneof![1..4usize, 40..90usize])
            .prop_map(|(is_above, threshold, count)| What::Set { is_above, threshold, count }),
        1 => (0..400usize).prop_map(|number| What::Canceled { number }),
        4 => (price(), -1..3i64).prop_map(|(price, later_s)| What::Moved { price, later_s }),
        2 => Just(What::Due),
    ]
}

/// What an alert should have come to, by other means than the function's.
#[derive(Clone, Debug)]
struct Watch {
    is_above: bool,
    threshold: i32,
    is_open: bool,
    met_at: Option<String>,
}

#[derive(Default)]
struct Market {
    store: InMemoryStore,
    events: usize,
    due: VecDeque<Json>,
    watches: Vec<Watch>,
    last: Option<(i32, i64)>,
    /// The prices of the notifications, by the alert's id.
    told: BTreeMap<String, Vec<String>>,
}

fn alert_id(number: usize) -> String {
    format!("d0000000-0000-4000-8000-{number:012}")
}

/// Tenths, so that a decimal's sign and fraction matter.
fn decimal(tenths: i32) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
}

fn at(seconds: i64) -> Timestamp {
    let first = Timestamp::parse("2026-03-01T00:00:00Z").expect("a time");
    Timestamp::from_micros(first.micros() + seconds * 1_000_000).expect("in range")
}

impl Market {
    fn happens(&mut self, what: &What) {
        match what {
            What::Set { is_above, threshold, count } => {
                for _ in 0..*count {
                    self.sets(*is_above, *threshold);
                }
            }
            What::Canceled { number } => {
                let Some(watch) = self.watches.get_mut(*number) else { return };
                watch.is_open = false;
                self.publish("PriceAlertCanceled", 0, json!({ "alertId": alert_id(*number) }));
            }
            What::Moved { price, later_s } => self.moves(*price, *later_s),
            What::Due => {
                if let Some(event) = self.due.pop_front() {
                    self.deliver(&event);
                }
            }
        }
    }

    fn sets(&mut self, is_above: bool, threshold: i32) {
        let number = self.watches.len();
        let is_open = self.watches.iter().filter(|watch| watch.is_open).count() < 500;
        self.watches.push(Watch { is_above, threshold, is_open, met_at: None });
        let direction = if is_above { "ABOVE" } else { "BELOW" };
        let user = format!("a0000000-0000-4000-8000-{number:012}");
        let data = json!({ "alertId": alert_id(number), "userId": user, "direction": direction, "threshold": decimal(threshold) });
        self.publish("PriceAlertSet", 0, data);
    }

    fn moves(&mut self, price: i32, later_s: i64) {
        let seconds = self.last.map_or(100, |(_, seconds)| seconds + later_s);
        if self.last.is_none_or(|(_, last_s)| seconds >= last_s) {
            for watch in self.watches.iter_mut().filter(|watch| watch.is_open) {
                let is_met =
                    |price: i32| if watch.is_above { price >= watch.threshold } else { price <= watch.threshold };
                if is_met(price) && !self.last.is_some_and(|(last, _)| is_met(last)) {
                    (watch.is_open, watch.met_at) = (false, Some(decimal(price)));
                }
            }
            self.last = Some((price, seconds));
        }
        self.publish("PriceMoved", seconds, json!({ "price": decimal(price) }));
    }

    fn publish(&mut self, kind: &str, seconds: i64, data: Json) {
        self.events += 1;
        let id = format!("e0000000-0000-4000-8000-{:012}", self.events);
        let time = at(seconds).to_string();
        self.deliver(&json!({
            "specversion": "1.0", "id": id, "source": "//market", "type": kind, "subject": "ACME", "time": time, "data": data,
        }));
    }

    fn deliver(&mut self, event: &Json) {
        let envelope = Envelope::parse(event.to_string().as_bytes(), Origin::Anywhere).expect("an event");
        let reader =
            PriceAlertsHandler::HEARS.iter().find(|(heard, _)| *heard == envelope.event_type).expect("heard").1;
        let event = Event { fact: reader(&envelope).expect("its data"), envelope };
        let snapshot = self.store.snapshot(PriceAlertsHandler::read_set(&event));
        let now = at(1_000_000);
        let decided = PriceAlertsHandler::decide(&event, &snapshot, now).expect("readable documents");
        if let Decision::Accept(effects) = decided {
            self.commits(&event.envelope, effects, &snapshot, now);
        }
    }

    fn commits(&mut self, cause: &Envelope, effects: Effects, snapshot: &Snapshot, now: Timestamp) {
        let writes: Vec<_> =
            effects.writes.into_iter().map(|write| snapshot.guard(write).expect("it was read")).collect();
        self.store.commit(&writes).expect("nobody else writes");
        let (_, messages) = outbox::messages(PriceAlertsHandler::CONSUMER, cause, &effects.events, now);
        let told = effects.events.iter().filter(|event| event.event_type == EventType::NotificationRequested).count();
        assert!(told <= MOST_AT_ONCE, "{told} told in one delivery");
        for message in messages {
            let event: Json = serde_json::from_slice(&message.data).expect("JSON");
            if event["type"] == "PriceAlertsDue" {
                self.due.push_back(event);
            } else {
                let text = |name: &str| event["data"]["params"][name].as_str().expect("a text").to_owned();
                self.told.entry(text("alertId")).or_default().push(text("price"));
            }
        }
    }
}

#[test]
fn each_alert_is_told_once_when_it_is_first_met_and_fifty_at_most_in_one_delivery() {
    check_some(HISTORIES, prop::collection::vec(any_event(), 1..25), |history| {
        let mut market = Market::default();
        history.iter().for_each(|what| market.happens(what));
        while !market.due.is_empty() {
            market.happens(&What::Due);
        }
        for (number, watch) in market.watches.iter().enumerate() {
            let told = market.told.remove(&alert_id(number)).unwrap_or_default();
            let should: Vec<_> = watch.met_at.clone().into_iter().collect();
            prop_assert_eq!(told, should, "alert {}: {:?}", number, watch);
        }
        prop_assert!(market.told.is_empty(), "told of what was never set: {:?}", market.told);
        Ok(())
    });
}

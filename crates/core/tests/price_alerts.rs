//! Comparison of prices, triggered alerts, and the size of their documents.

use std::cmp::Ordering;

use boma_core::{
    domain::market::{
        documents::price_alerts,
        facts::{Alert, Direction},
        machine::{Alerts, MOST_ALERTS, MOST_AT_ONCE, Move, Quote, Refusal, may_set, moved},
    },
    event::{
        catalog::{EventType, Topic},
        envelope::{Envelope, Subject},
        outbox::{self, NewEvent},
    },
    kernel::{
        ids::{AlertId, Id, Symbol, UserId},
        price::Price,
        timestamp::Timestamp,
    },
    store::value::Value,
};
use property::check;
use proptest::prelude::*;
use serde_json::json;

/// The most for a document with a trigger.
const MOST_BYTES: usize = 200 * 1024;

fn price(text: &str) -> Price {
    Price::parse(text).expect(text)
}

fn alert(number: usize, direction: Direction, threshold: &str) -> Alert {
    let id = AlertId::parse(&format!("d0000000-0000-4000-8000-{number:012}")).expect("an id");
    let user = UserId::parse("a0000000-0000-4000-8000-000000000001").expect("an id");
    Alert { id, user, direction, threshold: price(threshold) }
}

fn quote(text: &str, micros: i64) -> Quote {
    Quote { price: price(text), at: Timestamp::from_micros(micros).expect("in range") }
}

fn open(alerts: impl IntoIterator<Item = Alert>) -> Alerts {
    alerts.into_iter().map(|alert| (alert.id, alert)).collect()
}

#[test]
fn what_is_no_plain_decimal_number_is_no_price() {
    for text in ["", ".", "1.", ".5", "-1", "+1", "01", "00", "1e5", "1,5", " 1", "1 ", "NaN", "0x1", "1.12345678901"] {
        assert!(Price::parse(text).is_err(), "{text:?}");
    }
    assert!(Price::parse("1234567890123456789").is_err());
    for text in ["0", "0.0", "1", "1.10", "999999999999999999.9999999999"] {
        assert_eq!(price(text).to_string(), text);
    }
}

#[test]
fn prices_are_compared_as_numbers_to_the_last_decimal() {
    let digits = || ("0|[1-9][0-9]{0,17}", "[0-9]{10}");
    check((digits(), digits()), |(one, other)| {
        let text = |(whole, fraction): &(String, String)| format!("{whole}.{fraction}");
        // With all decimals written out, the longer number is the larger, and of two as long the later in the alphabet.
        let as_text = (text(&one).len(), text(&one)).cmp(&(text(&other).len(), text(&other)));
        let (one, other) = (price(&text(&one)), price(&text(&other)));
        prop_assert_eq!(one.is_below(&other), as_text == Ordering::Less);
        prop_assert_eq!(other.is_below(&one), as_text == Ordering::Greater);
        Ok(())
    });
}

#[test]
fn trailing_zeros_make_no_difference() {
    assert!(!price("1.5").is_below(&price("1.5000000000")) && !price("1.50").is_below(&price("1.5")));
}

#[test]
fn an_older_price_is_stale_and_one_of_the_same_time_is_not() {
    let last = quote("10", 5);
    assert_eq!(moved(Some(&last), quote("20", 4), &open([alert(1, Direction::Above, "15")])), Move::Stale);
    assert_ne!(moved(Some(&last), quote("20", 5), &Alerts::new()), Move::Stale);
}

#[test]
fn along_any_path_an_alert_is_met_when_the_price_first_comes_to_its_side() {
    let path = prop::collection::vec(0..8u8, 1..20);
    check((path, 0..8u8, any::<bool>()), |(path, threshold, is_above)| {
        let direction = if is_above { Direction::Above } else { Direction::Below };
        let alerts = open([alert(1, direction, &threshold.to_string())]);
        let is_beyond = |price: u8| if is_above { price >= threshold } else { price <= threshold };
        let mut last: Option<u8> = None;
        for new in path {
            let before = last.map(|price| quote(&price.to_string(), 1));
            let is_met = match moved(before.as_ref(), quote(&new.to_string(), 1), &alerts) {
                Move::To(_, met) => met.len() == 1,
                Move::Stale => return Err(TestCaseError::fail("stale")),
            };
            prop_assert_eq!(is_met, is_beyond(new) && !last.is_some_and(is_beyond), "{:?} to {}", last, new);
            last = Some(new);
        }
        Ok(())
    });
}

#[test]
fn the_same_alert_is_refused_before_one_too_many_is() {
    let full = open((0..MOST_ALERTS).map(|number| alert(number, Direction::Above, "1")));
    assert_eq!(may_set(&full, alert(MOST_ALERTS, Direction::Above, "1").id), Err(Refusal::TooManyAlerts));
    assert_eq!(may_set(&full, alert(7, Direction::Above, "1").id), Err(Refusal::AlreadySet));
    let not_full = open((1..MOST_ALERTS).map(|number| alert(number, Direction::Above, "1")));
    assert_eq!(may_set(&not_full, alert(0, Direction::Above, "1").id), Ok(()));
}

/// As Firestore counts: a text's bytes and one more, names included.
fn stored_bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 1,
        Value::Map(map) => map.iter().map(|(name, value)| name.len() + 1 + stored_bytes(value)).sum(),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Timestamp(_)
        | Value::Bytes(_)
        | Value::Array(_)
        | Value::Foreign(_) => panic!("alerts have no {}", value.kind()),
    }
}

const LONGEST: &str = "999999999999999999.9999999999";

#[test]
fn a_full_document_of_the_longest_alerts_stays_under_200_kib() {
    let symbol = Symbol::parse("A").expect("a symbol");
    let one = price_alerts::with(&symbol, &alert(1, Direction::Above, LONGEST));
    let names: usize = one.changes[0].field.iter().map(|name| name.len() + 1).sum();
    let bytes = MOST_ALERTS * (names + stored_bytes(one.changes[0].value.as_ref().expect("a value")));
    assert!(bytes < MOST_BYTES, "{bytes} bytes");
}

#[test]
fn what_a_move_leaves_over_at_most_fits_into_one_message_and_one_record() {
    let cause = json!({
        "specversion": "1.0", "id": "e0000000-0000-4000-8000-000000000001", "source": "//market", "type": "PriceMoved",
        "subject": "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", "time": "2026-03-01T09:00:00Z", "data": { "price": LONGEST },
        "correlationid": "c".repeat(1024), "traceparent": "t".repeat(1024),
    });
    let cause = Envelope::parse(cause.to_string().as_bytes(), &[Topic::MarketData]).expect("an event");
    let rest: Vec<_> =
        (MOST_AT_ONCE..MOST_ALERTS).map(|number| alert(number, Direction::Above, LONGEST).to_json()).collect();
    let continued =
        NewEvent::new(EventType::PriceMoved, cause.subject.clone()).with("price", LONGEST).with("met", rest);
    let told = NewEvent::new(EventType::NotificationRequested, Subject::Symbol(cause.symbol().clone()))
        .with("params", "p".repeat(300));
    let mut events = vec![told; MOST_AT_ONCE];
    events.push(continued);
    let (_, messages) = outbox::messages("price-alerts", &cause, &events, Timestamp::MAX);
    let longest = messages.iter().map(|message| message.data.len()).max().expect("messages");
    assert!(longest < MOST_BYTES, "{longest} bytes in one message");
    let record = outbox::to_record(&messages).len();
    assert!(record < 300 * 1024, "{record} bytes in the record, of the 1 MiB that a document may have");
}

//! Comparison of prices, triggered alerts, and the size of their documents.

use std::cmp::Ordering;

use boma_core::{
    domain::market::{
        documents::price_alerts,
        facts::{Alert, Direction, MOST_ALERTS, alerts_due},
        machine::{Alerts, MOST_AT_ONCE, MOST_OF_ONE_CUSTOMER, Move, Quote, Refusal, Setting, moved, set},
    },
    event::{
        catalog::EventType,
        envelope::{Envelope, Subject},
        origin::Origin,
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

/// Ten of each customer.
fn alert(number: usize, direction: Direction, threshold: &str) -> Alert {
    let id = AlertId::parse(&format!("d0000000-0000-4000-8000-{number:012}")).expect("an id");
    let customer = number / MOST_OF_ONE_CUSTOMER;
    let user = UserId::parse(&format!("a0000000-0000-4000-8000-{customer:012}")).expect("an id");
    Alert { id, user, direction, threshold: price(threshold) }
}

fn quote(text: &str, micros: i64) -> Quote {
    Quote { price: price(text), at: at(micros) }
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).expect("in range")
}

fn open(alerts: impl IntoIterator<Item = Alert>) -> Alerts {
    alerts.into_iter().map(|alert| (alert.id, alert)).collect()
}

#[test]
fn what_is_no_plain_decimal_number_is_no_price() {
    for text in
        ["", ".", "1.", ".5", "-", "-.5", "--1", "+1", "01", "-01", "00", "1e5", "1,5", " 1", "1 ", "- 1", "NaN", "0x1"]
    {
        assert!(Price::parse(text).is_err(), "{text:?}");
    }
    assert!(Price::parse("1.1234567890123456789").is_err());
    assert!(Price::parse(&"1".repeat(39)).is_err());
    for text in ["0", "-0", "0.0", "1", "1.10", "-1", "-37.63", "-0.000000000000000001", LONGEST] {
        assert_eq!(price(text).to_string(), text);
    }
}

#[test]
fn prices_are_compared_as_numbers_to_the_last_decimal() {
    let digits = || ("-?", prop_oneof!["0|[1-9][0-9]{0,37}", "[0-9]"], prop_oneof!["[0-9]{18}", "0{17}[0-9]"]);
    check((digits(), digits()), |(one, other)| {
        // With all decimals written out, the longer number is the further from zero, and of two as long the later in the alphabet.
        let far = |(_, whole, fraction): &(String, String, String)| {
            let text = format!("{whole}.{fraction}");
            (text.len(), text)
        };
        let is_zero = |digits: &(String, String, String)| !far(digits).1.contains(|it| ('1'..='9').contains(&it));
        let sign = |digits: &(String, String, String)| {
            if is_zero(digits) {
                0
            } else if digits.0 == "-" {
                -1
            } else {
                1
            }
        };
        let as_text = match (sign(&one), sign(&other)) {
            (-1, -1) => far(&other).cmp(&far(&one)),
            (1, 1) => far(&one).cmp(&far(&other)),
            (of_one, of_other) => of_one.cmp(&of_other),
        };
        let of = |(sign, whole, fraction): &(String, String, String)| price(&format!("{sign}{whole}.{fraction}"));
        prop_assert_eq!(of(&one).compare(&of(&other)), as_text);
        prop_assert_eq!(of(&other).is_below(&of(&one)), as_text == Ordering::Greater);
        Ok(())
    });
}

#[test]
fn trailing_zeros_make_no_difference() {
    for (one, same) in [("1.5", "1.500000000000000000"), ("-2", "-2.00"), ("0", "-0.0")] {
        assert_eq!(price(one).compare(&price(same)), Ordering::Equal, "{one} and {same}");
    }
}

#[test]
fn an_older_price_is_stale_and_one_of_the_same_time_is_not() {
    let last = quote("10", 5);
    let alerts = open([alert(1, Direction::Above, "15")]);
    assert_eq!(moved(Some(&last), quote("20", 4), &alerts, at(5)), Move::Stale);
    assert_ne!(moved(Some(&last), quote("20", 5), &Alerts::new(), at(5)), Move::Stale);
}

#[test]
fn a_time_that_is_still_to_come_makes_nothing_stale_and_its_price_stands() {
    let (now, five_minutes) = (at(1_000), 300_000_000);
    let alerts = open([alert(1, Direction::Above, "15"), alert(2, Direction::Above, "5")]);
    let far = quote("10", 1_000 + five_minutes + 1);
    let Move::To(_, met) = moved(Some(&far), quote("20", 1), &alerts, now) else { panic!("stale") };
    assert_eq!(met, [alert(1, Direction::Above, "15")]);
    let near = quote("10", 1_000 + five_minutes);
    assert_eq!(moved(Some(&near), quote("20", 1), &alerts, now), Move::Stale);
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
            let is_met = match moved(before.as_ref(), quote(&new.to_string(), 1), &alerts, at(1)) {
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
    assert_eq!(set(&full, &alert(MOST_ALERTS, Direction::Above, "1")), Err(Refusal::TooManyAlerts));
    assert_eq!(set(&full, &alert(7, Direction::Above, "2")), Err(Refusal::AlreadySet));
    assert_eq!(set(&full, &alert(7, Direction::Above, "1.0")), Ok(Setting::Stale));
    let not_full = open((1..MOST_ALERTS).map(|number| alert(number, Direction::Above, "1")));
    assert_eq!(set(&not_full, &alert(0, Direction::Above, "1")), Ok(Setting::New));
}

#[test]
fn ten_alerts_of_a_symbol_are_one_customers_and_an_eleventh_is_refused() {
    let ten = open((0..MOST_OF_ONE_CUSTOMER).map(|number| alert(number, Direction::Below, "1")));
    let eleventh =
        Alert { user: alert(0, Direction::Below, "1").user, ..alert(MOST_OF_ONE_CUSTOMER, Direction::Below, "1") };
    assert_eq!(set(&ten, &eleventh), Err(Refusal::TooManyAlerts));
    let of_another = alert(MOST_OF_ONE_CUSTOMER, Direction::Below, "1");
    assert_eq!(set(&ten, &of_another), Ok(Setting::New));
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

const LONGEST: &str = "-99999999999999999999999999999999999999.999999999999999999";

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
    let cause = Envelope::parse(cause.to_string().as_bytes(), Origin::Anywhere).expect("an event");
    let rest: Vec<_> = (MOST_AT_ONCE..MOST_ALERTS).map(|number| alert(number, Direction::Above, LONGEST)).collect();
    let continued = alerts_due(cause.subject.clone(), &price(LONGEST), &rest);
    let told = NewEvent::new(EventType::NotificationRequested, Subject::Symbol(cause.symbol().clone()))
        .with("params", "p".repeat(400));
    let mut events = vec![told; MOST_AT_ONCE];
    events.push(continued);
    let (_, messages) = outbox::messages("price-alerts", &cause, &events, Timestamp::MAX);
    let longest = messages.iter().map(|message| message.data.len()).max().expect("messages");
    assert!(longest < MOST_BYTES, "{longest} bytes in one message");
    let record = outbox::to_record(&messages).len();
    assert!(record < 300 * 1024, "{record} bytes in the record, of the 1 MiB that a document may have");
}

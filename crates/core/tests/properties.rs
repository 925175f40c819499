//! Properties of money, ids, timestamps and canonical JSON, 10,000 cases each.

use boma_core::kernel::{
    digest::{Digest, canonical},
    ids::{EventId, Id, Symbol},
    json,
    money::{Currency, Money, decimal},
    timestamp::Timestamp,
};
use property::check;
use proptest::prelude::*;
use serde_json::{Map, Value as Json};

fn currency() -> impl Strategy<Value = Currency> {
    prop::sample::select(vec!["CZK", "EUR", "JPY", "BHD", "CLF", "ISK"])
        .prop_map(|code| Currency::parse(code).expect("a currency"))
}

#[test]
fn every_amount_is_read_back_from_its_own_spelling() {
    check((1..=Money::MAX_MINOR, currency()), |(minor, currency)| {
        let text = decimal(minor, currency);
        let money = Money::parse(&text, currency).map_err(TestCaseError::fail)?;
        prop_assert_eq!(money.minor(), minor);
        prop_assert_eq!(money.to_string(), text);
        Ok(())
    });
}

#[test]
fn an_amount_has_one_spelling_and_everything_else_is_refused() {
    check(("[-+ ]?[0-9]{0,17}[.,e]?[0-9]{0,4}", currency()), |(text, currency)| {
        if let Ok(money) = Money::parse(&text, currency) {
            prop_assert_eq!(money.to_string(), text);
            prop_assert!((1..=Money::MAX_MINOR).contains(&money.minor()));
        }
        Ok(())
    });
}

#[test]
fn an_id_has_one_spelling() {
    check("[{]?(urn:uuid:)?[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}[}]?", |text| {
        let well_formed =
            text.len() == 36 && text.bytes().all(|b| b == b'-' || b.is_ascii_digit() || b.is_ascii_lowercase());
        prop_assert_eq!(EventId::parse(&text).is_ok(), well_formed);
        if let Ok(id) = EventId::parse(&text) {
            prop_assert_eq!(id.to_string(), text);
        }
        Ok(())
    });
}

#[test]
fn a_symbol_is_never_a_path() {
    check(".{0,40}", |text| {
        if Symbol::parse(&text).is_ok() {
            prop_assert!(!text.contains('/') && text != "." && text != ".." && text.len() <= 32);
        }
        Ok(())
    });
}

#[test]
fn follow_ups_have_ids_of_their_own_and_always_the_same() {
    check((any::<u128>(), 0..50usize, 0..50usize), |(bits, one, other)| {
        let id = EventId::parse(&uuid::Uuid::from_u128(bits).to_string()).map_err(TestCaseError::fail)?;
        prop_assert_eq!(id.follow_up("kyc", one) == id.follow_up("kyc", other), one == other);
        prop_assert_ne!(id.follow_up("kyc", one), id.follow_up("leads", one));
        Ok(())
    });
}

#[test]
fn a_moment_is_read_back_from_its_own_spelling() {
    check(Timestamp::MIN.micros()..=Timestamp::MAX.micros(), |micros| {
        let at = Timestamp::from_micros(micros).expect("in range");
        prop_assert_eq!(Timestamp::parse(&at.to_string()), Ok(at));
        Ok(())
    });
}

fn text(longest: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(any::<char>(), 0..=longest).prop_map(|chars| chars.into_iter().collect())
}

fn json_tree() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        (-9_007_199_254_740_991..=9_007_199_254_740_991i64).prop_map(Json::from),
        text(12).prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::from),
            prop::collection::btree_map(text(8), inner, 0..6).prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

fn object() -> impl Strategy<Value = Map<String, Json>> {
    prop::collection::btree_map(text(8), json_tree(), 0..6).prop_map(|map| map.into_iter().collect())
}

#[test]
fn white_space_and_key_order_do_not_change_the_digest() {
    check(object(), |data| {
        let pretty = serde_json::to_string_pretty(&data).expect("JSON");
        let backwards: Vec<_> =
            data.iter().rev().map(|(key, value)| format!("{}:{value}", Json::from(key.as_str()))).collect();
        for text in [pretty, format!("{{ {} }}", backwards.join(" , "))] {
            let read = json::parse_object(text.as_bytes()).map_err(|it| TestCaseError::fail(it.reason().to_owned()))?;
            prop_assert_eq!(Digest::of("T", "s", &read), Digest::of("T", "s", &data));
        }
        Ok(())
    });
}

#[test]
fn another_value_has_another_digest() {
    check((object(), object()), |(one, other)| {
        prop_assert_eq!(Digest::of("T", "s", &one) == Digest::of("T", "s", &other), one == other);
        Ok(())
    });
}

#[test]
fn canonical_json_reads_back_as_itself() {
    check(object(), |data| {
        let tree = Json::Object(data);
        let bytes = canonical(&tree);
        let again: Json = serde_json::from_slice(&bytes).expect("JSON");
        prop_assert_eq!(canonical(&again), bytes);
        prop_assert_eq!(again, tree);
        Ok(())
    });
}

#[test]
fn no_bytes_make_the_reader_panic() {
    check(prop::collection::vec(any::<u8>(), 0..200), |bytes| {
        let _ = json::parse_object(&bytes);
        Ok(())
    });
    check("[\\[\\]{}\":,0-9eE.+a-z\\\\u-]{0,60}", |text| {
        if let Ok(object) = json::parse_object(text.as_bytes()) {
            // serde_json accepts the same text, with the same value.
            prop_assert_eq!(serde_json::from_str::<Json>(&text).ok(), Some(Json::Object(object)));
        }
        Ok(())
    });
}

#[test]
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "what a double makes of an integer")]
fn an_integer_is_taken_exactly_where_a_double_holds_it() {
    let near = (0_u32..64, -3_i64..=3).prop_map(|(power, more)| (1_i64 << power.min(62)).saturating_add(more));
    check((prop_oneof![any::<i64>(), near], any::<bool>()), |(integer, is_below)| {
        let integer = if is_below { integer.saturating_neg() } else { integer };
        let is_held = integer as f64 as i128 == i128::from(integer);
        let text = format!(r#"{{"n": [0, "7\"8", {integer}]}}"#);
        prop_assert_eq!(json::parse_object(text.as_bytes()).is_ok(), is_held, "{}", integer);
        Ok(())
    });
}

#[test]
fn a_fraction_is_taken_as_programs_write_it() {
    check((-1_000_000_000_000.0..1_000_000_000_000.0_f64, -300_i32..0), |(double, power)| {
        for text in [format!("{double}"), format!("{double:e}"), format!("1.5e{power}"), format!("0.{}", power.abs())] {
            let object = format!(r#"{{"n": {text}}}"#);
            prop_assert!(json::parse_object(object.as_bytes()).is_ok(), "{}", text);
        }
        Ok(())
    });
}

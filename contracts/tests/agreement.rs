//! The schema and the reader are of one mind: what the one accepts, the other accepts.

mod validator;

use std::cell::Cell;

use boma_core::{
    EventType,
    malformed::Malformed,
    questions::{Kind, Question},
};
use contracts::{
    amounts,
    contract::{self, Contract},
};
use proptest::{prelude::*, sample::select};
use serde_json::{Map, Value as Json, json};
use validator::Validator;

fn read(contract: &Contract, event: &Json) -> Result<(), Malformed> {
    contract.read(event.to_string().as_bytes())
}

#[derive(Clone, Debug)]
enum Edit {
    /// The numbers say which field, of as many as there are.
    Remove(usize),
    Replace(usize, Json),
    Add(Json),
}

/// Of the envelope and of the data: every field that is there, by its path.
fn apply(edit: Edit, event: &mut Map<String, Json>) {
    let data: Vec<_> = event
        .get("data")
        .and_then(Json::as_object)
        .into_iter()
        .flatten()
        .map(|(name, _)| (true, name.clone()))
        .collect();
    let fields: Vec<_> = event.keys().map(|name| (false, name.clone())).chain(data).collect();
    let field = |number: usize| fields[number % fields.len()].clone();
    let (is_in_data, name, value) = match edit {
        Edit::Remove(number) => (field(number).0, field(number).1, None),
        Edit::Replace(number, value) => (field(number).0, field(number).1, Some(value)),
        Edit::Add(value) => (true, "nobodyKnowsIt".to_owned(), Some(value)),
    };
    let object = match event.get_mut("data") {
        Some(Json::Object(data)) if is_in_data => data,
        _ => event,
    };
    match value {
        Some(value) => object.insert(name, value),
        None => object.remove(&name),
    };
}

/// Right for some field, wrong for most.
fn any_value() -> impl Strategy<Value = Json> {
    let texts = [
        "",
        " ",
        "text",
        "1.0",
        "APPROVED",
        "RESUBMIT",
        "CARD",
        "ABOVE",
        "LOGIN",
        "CZ",
        "cz",
        "CZE",
        "CZK",
        "JPY",
        "BHD",
        "XAU",
        "czk",
        "5e998ab3-f3c1-5777-bb3d-8fa73bad18bf",
        "5E998AB3-F3C1-5777-BB3D-8FA73BAD18BF",
        "5e998ab3f3c15777bb3d8fa73bad18bf",
        "5e998ab3-f3c1-5777-bb3d-8fa73bad18bf ",
        "00000000-0000-0000-0000-000000000000",
        "BTC-EUR",
        "-._",
        "btc",
        "A B",
        "2026-03-01T10:00:00Z",
        "2026-03-01t10:00:00.123456789z",
        "2026-03-01T10:00:00+01:00",
        "2026-03-01 10:00:00Z",
        "2026-02-29T10:00:00Z",
        "2024-02-29T10:00:00Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T10:00:00",
        "2026-03-01",
        "0000-01-02T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2026-03-01T10:00:00+24:00",
        "2026-03-01T10:00:00+0100",
        "2026-03-01T10:00:00,5Z",
        "2026-13-01T10:00:00Z",
        "0",
        "7",
        "700",
        "700.0",
        "700.00",
        "1.500",
        "-700.00",
        "+1.00",
        "0.00",
        "00.10",
        "1e3",
        ".5",
        "1.",
        "90071992547409.91",
        "90071992547409.92",
        "9007199254740991",
        "9007199254740992",
        "9007199254740.992",
        "0.0000000001",
        "0.00000000001",
    ];
    let others = [
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(2),
        json!(-1),
        json!(100),
        json!(101),
        json!(0.5),
        json!(i64::MAX),
        json!(u64::MAX),
        json!([]),
        json!(["a"]),
        json!([1]),
        json!(["a", null]),
        json!({}),
        json!({ "a": "b" }),
        json!({ "a": 1 }),
        json!({ "a": null }),
    ];
    let all: Vec<Json> = texts.into_iter().map(Json::from).chain(others).collect();
    select(all)
}

fn any_edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        1 => (0..1_000_usize).prop_map(Edit::Remove),
        4 => (0..1_000_usize, any_value()).prop_map(|(number, value)| Edit::Replace(number, value)),
        1 => any_value().prop_map(Edit::Add),
    ]
}

#[test]
fn whatever_the_schema_accepts_the_reader_accepts_and_the_other_way_round() {
    let contracts: Vec<_> =
        contract::all().into_iter().map(|contract| (Validator::of(&contract.schema()), contract)).collect();
    let (accepted, refused) = (Cell::new(0), Cell::new(0));
    let edits = proptest::collection::vec(any_edit(), 1..4);
    property::check((0..contracts.len(), edits), |(number, edits)| {
        let (validator, contract) = &contracts[number];
        let mut event = contract.description.example.clone();
        edits.into_iter().for_each(|edit| apply(edit, &mut event));
        let event = Json::Object(event);
        // That two fields are the same is more than a schema can say.
        let repeats_subject =
            |it: &Question| matches!(it.kind, Kind::Subject(_)) && event["data"][&it.field] != event["subject"];
        prop_assume!(!contract.description.data.questions.iter().any(repeats_subject));
        let (by_schema, by_reader) = (validator.complaint(&event).is_none(), read(contract, &event));
        prop_assert_eq!(by_schema, by_reader.is_ok(), "{}: {:?} of {}", contract.event_type(), by_reader, event);
        let count = if by_schema { &accepted } else { &refused };
        count.set(count.get() + 1);
        Ok(())
    });
    assert!(accepted.get() > 500 && refused.get() > 500, "{} accepted, {} refused", accepted.get(), refused.get());
}

#[test]
fn every_example_is_accepted_by_the_schema_and_by_the_reader() {
    for contract in contract::all() {
        let example = Json::Object(contract.description.example.clone());
        assert_eq!(read(&contract, &example), Ok(()), "{}", contract.event_type());
        assert_eq!(Validator::of(&contract.schema()).complaint(&example), None, "{}", contract.event_type());
    }
}

#[test]
fn the_examples_of_the_document_are_read() {
    let document = include_str!("../../docs/events.md");
    let contracts = contract::all();
    let mut read_types = Vec::new();
    for block in document.split("```json\n").skip(1) {
        let event = block.split("```").next().expect("a block");
        let parsed: Json = serde_json::from_str(event).expect("JSON");
        let contract = contracts.iter().find(|it| parsed["type"] == it.event_type().name()).expect("a known type");
        assert_eq!(contract.read(event.as_bytes()), Ok(()), "{event}");
        read_types.push(contract.event_type());
    }
    assert_eq!(read_types.len(), contracts.len(), "each type has its example: {read_types:?}");
}

#[test]
fn an_amounts_pattern_takes_what_the_reader_takes() {
    use boma_core::money::{Currency, Money};
    let digits =
        ["0", "1", "9", "10", "42", "9007199254740990", "9007199254740991", "9007199254740992", "9007199254741000"];
    let more = ["8999999999999999", "9007199254740909", "10000000000000000", "09", "00", "7"];
    for decimals in amounts::all_decimals() {
        let validator = Validator::of(&amounts::schema(decimals));
        let currency = Currency::parse(amounts::codes_with(decimals)[0]).expect("a currency");
        let mut accepted = 0;
        for digits in digits.iter().chain(&more) {
            for point in 0..=5.min(digits.len()) {
                let (whole, fraction) = digits.split_at(digits.len() - point);
                for text in [
                    format!("{whole}.{fraction}"),
                    format!("0.{digits}"),
                    (*digits).to_owned(),
                    format!("{whole}{fraction}."),
                ] {
                    let is_amount = Money::parse(&text, currency).is_ok();
                    assert_eq!(validator.complaint(&json!(text)).is_none(), is_amount, "{text} {}", currency.code());
                    accepted += usize::from(is_amount);
                }
            }
        }
        assert!(accepted > 3, "only {accepted} with {decimals} decimals");
    }
}

#[test]
fn every_type_has_a_contract() {
    let described: Vec<_> = contract::all().iter().map(Contract::event_type).collect();
    assert_eq!(described, EventType::ALL);
}

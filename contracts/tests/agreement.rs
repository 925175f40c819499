//! The schema and the reader are of one mind: what the one accepts, the other accepts.

mod validator;

use std::{cell::Cell, collections::BTreeSet};

use boma_core::{
    event::{
        catalog::{EventType, Topic},
        shape::{FieldSpec, FieldType},
    },
    kernel::malformed::Malformed,
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

/// Each right for some field, and wrong for most.
fn values() -> Vec<Json> {
    serde_json::from_str(include_str!("values.json")).expect("a list")
}

fn any_value() -> impl Strategy<Value = Json> {
    select(values())
}

fn any_edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        1 => (0..1_000_usize).prop_map(Edit::Remove),
        4 => (0..1_000_usize, any_value()).prop_map(|(number, value)| Edit::Replace(number, value)),
        1 => any_value().prop_map(Edit::Add),
    ]
}

/// Whether both accept it, where they must agree: that two fields are the same is more than a schema can say.
fn verdict((validator, contract): &(Validator, Contract), event: &Json) -> Result<Option<bool>, String> {
    let repeats_subject =
        |it: &FieldSpec| matches!(it.kind, FieldType::Subject(_)) && event["data"][&it.field] != event["subject"];
    if contract.description.data.specs.iter().any(repeats_subject) {
        return Ok(None);
    }
    // Nor that two are different.
    if event["data"]["approvedBy"].is_string() && event["data"]["approvedBy"] == event["data"]["operator"] {
        return Ok(None);
    }
    let (complaint, read) = (validator.complaint(event), read(contract, event));
    if complaint.is_none() == read.is_ok() {
        return Ok(Some(read.is_ok()));
    }
    Err(format!("{}: the reader says {read:?}, the schema {complaint:?}, of {event}", contract.event_type()))
}

fn with_validators() -> Vec<(Validator, Contract)> {
    contract::all().into_iter().map(|contract| (Validator::of(&contract.schema()), contract)).collect()
}

#[test]
fn of_each_field_with_each_value_schema_and_reader_say_the_same() {
    let (values, mut envelopes, mut accepted, mut refused) = (values(), BTreeSet::new(), 0, 0);
    for both in with_validators() {
        let example = &both.1.description.example;
        let in_data = example["data"].as_object().expect("an object").keys().map(|name| format!("/data/{name}"));
        // The envelope is the same for all types with the same kind of subject.
        let is_first = envelopes.insert(format!("{:?}", both.1.event_type().subject_kind()));
        let in_envelope = example.keys().filter(|_| is_first).map(|name| format!("/{name}"));
        for field in in_envelope.chain(in_data) {
            for value in &values {
                let mut event = Json::Object(example.clone());
                *event.pointer_mut(&field).expect("a field") = value.clone();
                match verdict(&both, &event) {
                    Ok(Some(true)) => accepted += 1,
                    Ok(Some(false)) => refused += 1,
                    Ok(None) => {}
                    Err(difference) => panic!("{field}: {difference}"),
                }
            }
        }
    }
    assert!(accepted > 1_000 && refused > 1_000, "{accepted} accepted, {refused} refused");
}

#[test]
fn whatever_the_schema_accepts_the_reader_accepts_and_the_other_way_round() {
    let contracts = with_validators();
    let (accepted, refused) = (Cell::new(0), Cell::new(0));
    let edits = proptest::collection::vec(any_edit(), 1..4);
    property::check((0..contracts.len(), edits), |(number, edits)| {
        let mut event = contracts[number].1.description.example.clone();
        edits.into_iter().for_each(|edit| apply(edit, &mut event));
        match verdict(&contracts[number], &Json::Object(event)) {
            Ok(Some(true)) => accepted.set(accepted.get() + 1),
            Ok(Some(false)) => refused.set(refused.get() + 1),
            Ok(None) => {}
            Err(difference) => prop_assert!(false, "{difference}"),
        }
        Ok(())
    });
    assert!(accepted.get() > 500 && refused.get() > 500, "{} accepted, {} refused", accepted.get(), refused.get());
}

#[test]
fn every_example_is_accepted_by_the_schema_and_by_the_reader() {
    for contract in contract::all() {
        let schema = contract.schema();
        let shown = schema["examples"].as_array().expect("a list").iter().cloned();
        for example in shown.chain([Json::Object(contract.description.example.clone())]) {
            assert_eq!(read(&contract, &example), Ok(()), "{}", contract.event_type());
            assert_eq!(Validator::of(&schema).complaint(&example), None, "{}", contract.event_type());
        }
    }
}

/// The one difference by field: what an IPv6 address is would be a long pattern.
#[test]
fn what_only_the_reader_knows_of_an_ipv6_address_stands_at_the_head_of_the_documentation() {
    let contract =
        contract::all().into_iter().find(|it| it.event_type() == EventType::UserRegistered).expect("a contract");
    let mut event = Json::Object(contract.description.example.clone());
    event["data"]["email"] = json!("a@[IPv6:1]");
    assert_eq!(Validator::of(&contract.schema()).complaint(&event), None);
    let malformed = read(&contract, &event).expect_err("no address");
    assert!(malformed.reason().starts_with("data.email: "), "{}", malformed.reason());
    let documentation = &contracts::files()["docs/events.md"];
    let (head, _) = documentation.split_once("\n## ").expect("a head");
    assert!(head.contains("an IPv6 address behind an email's `IPv6:`"), "{head}");
}

#[test]
fn an_amounts_pattern_takes_what_the_reader_takes() {
    use boma_core::kernel::money::{Currency, Money};
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

/// The timeline names an operator by that.
#[test]
fn the_types_that_declare_an_operator_are_those_of_operations() {
    for contract in contract::all() {
        let declares = contract.description.data.specs.iter().any(|spec| spec.field == "operator");
        assert_eq!(declares, contract.event_type().topic() == Topic::Operations, "{}", contract.event_type());
    }
}

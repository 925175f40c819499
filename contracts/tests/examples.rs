//! The examples of docs/events.md, pasted as they stand, from the top to the bottom, into the functions themselves.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use boma_core::event::catalog::EventType;
use case_runner::{
    case::{Case, Then, When},
    run,
};
use contracts::{
    contract::{self, Contract},
    examples,
};
use serde_json::{Map, Value as Json, json};

/// After all that the examples date in the past.
const NOW: &str = "2026-02-01T00:00:00Z";
const DOCUMENT: &str = include_str!("../../docs/events.md");

fn blocks() -> impl Iterator<Item = &'static str> {
    DOCUMENT.split("```json\n").skip(1).map(|block| block.split("```").next().expect("a block"))
}

fn type_of(event: &Json) -> EventType {
    event["type"].as_str().and_then(EventType::from_name).expect("a known type")
}

/// Documents that one function after the other changes.
struct World {
    documents: BTreeMap<String, Map<String, Json>>,
    contracts: Vec<Contract>,
}

impl World {
    fn consumers(&self, event: &Json) -> Vec<&'static str> {
        self.contracts.iter().find(|it| it.event_type() == type_of(event)).expect("a contract").consumers()
    }

    /// What a function makes of it.
    fn given_to(&mut self, function: &str, event: &Json) -> Then {
        let when: When = serde_json::from_value(json!({ "now": NOW, "event": event })).expect("a message");
        let (name, given) = (function.to_owned(), self.documents.clone());
        let (then, _) = run::run(&Case { name: name.clone(), function: name, given, when, then: Then::default() });
        self.documents.extend(then.changed.clone());
        then
    }

    /// Brings what follows from it to those who hear that.
    fn settle(&mut self, published: Vec<Json>) {
        let mut follow_ups: VecDeque<_> = published.into();
        while let Some(message) = follow_ups.pop_front() {
            for function in self.consumers(&message["event"]) {
                let then = self.given_to(function, &message["event"]);
                assert_eq!(then.outcome, "APPLIED", "{function}, of the follow-up {message}: {:?}", then.reason);
                follow_ups.extend(then.published);
            }
        }
    }
}

#[test]
fn each_example_is_applied_after_those_above_it() {
    let mut world = World { documents: BTreeMap::new(), contracts: contract::all() };
    let mut applied = 0;
    for block in blocks() {
        let event: Json = serde_json::from_str(block).expect("JSON");
        for function in world.consumers(&event) {
            let then = world.given_to(function, &event);
            // Of a customer who wasn't a lead there is nothing to convert.
            let is_no_lead = function == "leads" && event["data"].get("leadId").is_none();
            let due = if is_no_lead { "IGNORED" } else { "APPLIED" };
            assert_eq!(then.outcome, due, "{function}: {:?}, of {event}", then.reason);
            applied += usize::from(!is_no_lead);
            world.settle(then.published);
        }
    }
    assert!(applied > 60, "only {applied}");
    let letters: Vec<_> = world.documents.keys().filter(|path| path.starts_with("dead_letters/")).collect();
    assert_eq!(letters, Vec::<&String>::new());
}

#[test]
fn the_document_has_the_examples_and_each_type_but_one_has_some() {
    let shown: Vec<Json> = blocks().map(|block| serde_json::from_str(block).expect("JSON")).collect();
    let listed: Vec<Json> = examples::all().into_iter().map(Json::Object).collect();
    assert_eq!(shown, listed, "and in the same order");
    let types: BTreeSet<_> = shown.iter().map(type_of).collect();
    let without: Vec<_> = EventType::ALL.iter().filter(|it| !types.contains(it)).collect();
    assert_eq!(without, [&EventType::WithdrawalExpired]);
}

#[test]
fn each_is_another_event_of_another_time_and_can_stand_between_quotes() {
    let all = examples::all();
    let ids: BTreeSet<_> = all.iter().map(|example| example["id"].to_string()).collect();
    assert_eq!(ids.len(), all.len());
    assert!(all.is_sorted_by_key(|example| example["time"].to_string()));
    assert!(all.iter().all(|example| !Json::Object(example.clone()).to_string().contains('\'')));
}

#[test]
fn the_first_example_of_a_type_shows_each_field_that_it_may_have() {
    let all = examples::all();
    for contract in contract::all() {
        let name = contract.event_type().name();
        let Some(example) = all.iter().find(|example| example["type"] == name) else { continue };
        let fields: BTreeSet<_> = contract.description.data.specs.iter().map(|spec| spec.field.as_str()).collect();
        let shown: BTreeSet<_> = example["data"].as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(shown, fields, "{name}");
    }
}

//! The examples: events in an order in which each of them is applied, which is the order of docs/events.md.

use boma_core::event::catalog::{EventType, Topic};
use serde_json::{Map, Value as Json};

/// A file of events like any other, so that it can be replayed as it is.
const FILE: &str = include_str!("../examples.ndjson");

/// The type that has none, and why: what is said of a withdrawal before its time is refused.
pub(crate) const WITHOUT: (EventType, &str) = (
    EventType::WithdrawalExpired,
    "It comes about by itself, a minute after the `expiresAt` of a withdrawal, which is seven days after its request. One that comes \
     earlier is refused, so there is no example to paste; `contracts/schemas/WithdrawalExpired.json` has one to look at.",
);

pub type Example = Map<String, Json>;

/// # Panics
/// If a line isn't an object.
pub fn all() -> Vec<Example> {
    FILE.lines().map(|line| serde_json::from_str(line).expect("an object")).collect()
}

pub(crate) fn of(event_type: EventType) -> Vec<Example> {
    all().into_iter().filter(|example| example["type"] == event_type.name()).collect()
}

/// Where a topic and a type come first. A type without an example is the last of its topic.
pub(crate) fn place(event_type: EventType, examples: &[Example]) -> (Option<usize>, usize) {
    let topic_of = |example: &Example| example["type"].as_str().and_then(EventType::from_name).map(EventType::topic);
    let first = |is_it: &dyn Fn(&Example) -> bool| examples.iter().position(is_it);
    let of_topic: Option<Topic> = Some(event_type.topic());
    let of_type = first(&|example| example["type"] == event_type.name());
    (first(&|example| topic_of(example) == of_topic), of_type.unwrap_or(examples.len()))
}

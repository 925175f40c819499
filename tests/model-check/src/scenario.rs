//! What is published, what is there, and how patient Pub/Sub is.

use boma_core::{
    event::{
        catalog::EventType,
        outbox::{CONTENT_TYPE, Message},
    },
    kernel::{
        ids::{Id as _, UserId},
        timestamp::Timestamp,
    },
    store::{
        document::Document,
        path::DocumentPath,
        value::{Map, Value, map},
    },
};
use serde_json::{Value as Json, json};

use crate::{queue::LaneName, store::Store};

#[derive(Clone, Debug)]
pub struct Scenario {
    pub name: &'static str,
    pub looks_at: LaneName,
    /// In the order of publication.
    pub events: Vec<Message>,
    pub given: Vec<(DocumentPath, Document)>,
    /// What comes to be there at any time.
    pub given_later: Vec<(DocumentPath, Document)>,
    /// Whether access hears the follow-ups; else it is looked no further than that they were published.
    pub has_access: bool,
    /// The event that breaks every instance that decides it.
    pub breaks_its_instance: Option<usize>,
    /// After so many deliveries a message is handed to the topic of dead letters.
    pub gives_up_after: Option<u8>,
    /// How many letters an operator publishes again.
    pub replays: u8,
    /// How much later each delivery of a message begins than the one before.
    pub redelivery_ms: u32,
    /// Deliveries are counted up to this.
    pub most_attempts: u8,
    /// At every moment: the state is what the recorded facts make of it.
    pub adds_up: fn(&Store) -> bool,
    /// Once all is at rest.
    pub ends_well: fn(&Store) -> bool,
    /// Whether states are told apart by what has happened before, to find examples.
    pub remembers: bool,
}

const USER: &str = "a158d2ce-5e11-5035-81bf-299f0e0d6b56";

pub fn user() -> DocumentPath {
    DocumentPath::user(user_id())
}

pub fn user_id() -> UserId {
    UserId::parse(USER).expect("an id")
}

/// As `profile` creates it.
pub fn registered() -> (DocumentPath, Document) {
    let at = Timestamp::parse("2026-01-01T00:00:00Z").expect("a time");
    let fields = map([
        ("profileData", map([("country", "CZ".into())]).into()),
        ("kycStatus", "PENDING".into()),
        ("kycVersion", Value::Int(0)),
        ("tradingEnabled", false.into()),
        ("accessVersion", Value::Int(0)),
        ("balances", Map::new().into()),
        ("createdAt", at.into()),
        ("updatedAt", at.into()),
    ]);
    (user(), Document { fields })
}

/// An event about the customer; `number` is the end of its id.
pub fn event(number: usize, event_type: EventType, data: Json) -> Message {
    let cloud_event = json!({
        "specversion": "1.0",
        "id": event_id(number),
        "source": "//model-check",
        "type": event_type.name(),
        "subject": USER,
        "time": "2026-03-01T09:59:58Z",
        "data": data,
    });
    let attributes = [("type", event_type.name()), ("content-type", CONTENT_TYPE)];
    Message {
        topic: event_type.topic(),
        key: USER.to_owned(),
        attributes: attributes.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        data: cloud_event.to_string(),
    }
}

pub fn event_id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

impl Scenario {
    pub fn new(name: &'static str, looks_at: LaneName, events: Vec<Message>) -> Scenario {
        Scenario {
            name,
            looks_at,
            events,
            given: vec![registered()],
            given_later: Vec::new(),
            has_access: false,
            breaks_its_instance: None,
            gives_up_after: None,
            replays: 0,
            redelivery_ms: 10_000,
            most_attempts: 2,
            adds_up: |_| true,
            ends_well: |_| true,
            remembers: false,
        }
    }

    pub fn remembering(self) -> Scenario {
        Scenario { remembers: true, ..self }
    }
}

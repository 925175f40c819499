//! A scenario: the events published, the documents there, and how often Pub/Sub delivers a message.

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
use in_memory_store::InMemoryStore;
use serde_json::{Value as Json, json};

use crate::consumer::Consumer;

#[derive(Clone, Debug)]
pub struct Scenario {
    pub name: &'static str,
    pub looks_at: Consumer,
    /// In the order of publication.
    pub events: Vec<Message>,
    pub given: Vec<(DocumentPath, Document)>,
    /// Documents that are created at any later time.
    pub given_later: Vec<(DocumentPath, Document)>,
    /// Whether access consumes the follow-ups of kyc. Without it they are only published.
    pub has_access: bool,
    /// The event that breaks every instance that decides it.
    pub breaks_its_instance: Option<usize>,
    /// After so many deliveries a message is handed to the topic of dead letters.
    pub gives_up_after: Option<u8>,
    /// Whether the function `release` is told of what is created later.
    pub has_release: bool,
    /// How many letters an operator publishes again.
    pub replays: u8,
    /// The time from each delivery of a message to the next.
    pub redelivery_ms: u32,
    /// Deliveries are counted up to this.
    pub most_attempts: u8,
    /// Holds in every state: the documents are what the recorded events make of them.
    pub adds_up: fn(&InMemoryStore) -> bool,
    /// Holds once nothing is left to do.
    pub ends_well: fn(&InMemoryStore) -> bool,
    /// Whether states keep what has happened before (`Seen`), to find examples.
    pub remembers: bool,
}

const USER: &str = "a158d2ce-5e11-5035-81bf-299f0e0d6b56";

pub fn user() -> DocumentPath {
    DocumentPath::user(user_id())
}

pub fn user_id() -> UserId {
    UserId::parse(USER).expect("an id")
}

/// The customer as `profile` creates it.
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
        data: cloud_event.to_string().into_bytes(),
    }
}

pub fn event_id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

impl Scenario {
    pub fn new(name: &'static str, looks_at: Consumer, events: Vec<Message>) -> Scenario {
        Scenario {
            name,
            looks_at,
            events,
            given: vec![registered()],
            given_later: Vec::new(),
            has_access: false,
            breaks_its_instance: None,
            gives_up_after: None,
            has_release: false,
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

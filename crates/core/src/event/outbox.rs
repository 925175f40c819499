//! Follow-up events: their form on the wire, and in the record that keeps them until they are surely published.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map as JsonMap, Value as Json, json};

use crate::{
    event::{
        catalog::{EventType, Topic},
        envelope::{Envelope, Subject},
    },
    kernel::{ids::EventId, timestamp::Timestamp},
    store::document::Unreadable,
};

/// A follow-up fact, before it has an id.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    pub event_type: EventType,
    pub subject: Subject,
    pub data: JsonMap<String, Json>,
}

impl NewEvent {
    pub fn new(event_type: EventType, subject: Subject) -> NewEvent {
        NewEvent { event_type, subject, data: JsonMap::new() }
    }

    pub fn with(mut self, name: &str, value: impl Into<Json>) -> NewEvent {
        self.data.insert(name.to_owned(), value.into());
        self
    }

    pub fn with_optional(self, name: &str, value: Option<impl Into<Json>>) -> NewEvent {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}

/// One message, ready to be published.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Message {
    pub topic: Topic,
    /// The ordering key: the event's subject.
    pub key: String,
    pub attributes: BTreeMap<String, String>,
    /// A CloudEvent as JSON; what is published again may be any bytes.
    pub data: Vec<u8>,
}

pub const CONTENT_TYPE: &str = "application/cloudevents+json";

/// Where Pub/Sub's own clients look for the trace that a message belongs to.
const TRACE_ATTRIBUTE: &str = "googclient_traceparent";

/// The messages that `consumer` publishes because of `cause`, with their ids.
pub fn messages(consumer: &str, cause: &Envelope, events: &[NewEvent], now: Timestamp) -> (Vec<EventId>, Vec<Message>) {
    let cause_id = cause.id.to_string();
    let correlation_id = cause.correlation_id.as_ref().unwrap_or(&cause_id);
    let number = |(index, event): (usize, &NewEvent)| {
        let id = cause.id.follow_up(consumer, index);
        let mut cloud_event = cloud_event(consumer, id, event, now);
        let mut attributes = Vec::new();
        cloud_event["causationid"] = cause_id.as_str().into();
        cloud_event["correlationid"] = correlation_id.as_str().into();
        if let Some(traceparent) = &cause.traceparent {
            cloud_event["traceparent"] = traceparent.as_str().into();
            attributes.push((TRACE_ATTRIBUTE, traceparent.as_str()));
        }
        (id, message(event, &cloud_event, &attributes))
    };
    events.iter().enumerate().map(number).unzip()
}

/// The `source` of the follow-ups of this consumer.
pub fn source(consumer: &str) -> String {
    format!("//boma/{consumer}")
}

/// The message of a fact that only time causes: `name` is the fact, `at` its time. Made again it has the very same bytes.
pub fn due(function: &str, name: &str, event: &NewEvent, at: Timestamp) -> Message {
    message(event, &cloud_event(function, EventId::of_due(name), event, at), &[])
}

fn cloud_event(consumer: &str, id: EventId, event: &NewEvent, time: Timestamp) -> Json {
    json!({
        "specversion": "1.0",
        "id": id.to_string(),
        "source": source(consumer),
        "type": event.event_type.name(),
        "subject": event.subject.to_string(),
        "time": time.to_string(),
        "data": event.data,
    })
}

fn message(event: &NewEvent, cloud_event: &Json, more: &[(&str, &str)]) -> Message {
    of_bytes(event.event_type, &event.subject, cloud_event.to_string().into_bytes(), more)
}

/// The message of an event that was read from these very bytes.
pub fn as_read(event: &Envelope, bytes: Vec<u8>) -> Message {
    of_bytes(event.event_type, &event.subject, bytes, &[])
}

fn of_bytes(event_type: EventType, subject: &Subject, data: Vec<u8>, more: &[(&str, &str)]) -> Message {
    let attributes = [("type", event_type.name()), ("content-type", CONTENT_TYPE)];
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let attributes = attributes.into_iter().chain(more.iter().copied()).map(owned).collect();
    Message { topic: event_type.topic(), key: subject.to_string(), attributes, data }
}

/// The messages as a record keeps them: a JSON array, empty bytes where there are none.
pub fn to_record(messages: &[Message]) -> Vec<u8> {
    if messages.is_empty() {
        return Vec::new();
    }
    let stored: Vec<_> = messages.iter().map(Recorded::from).collect();
    serde_json::to_vec(&stored).expect("strings always serialize")
}

pub fn from_record(bytes: &[u8]) -> Result<Vec<Message>, Unreadable> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let unreadable = |problem: &str| Unreadable { field: "outgoing".to_owned(), problem: problem.to_owned() };
    let stored: Vec<Recorded> = serde_json::from_slice(bytes).map_err(|_| unreadable("not a list of messages"))?;
    stored.into_iter().map(|recorded| recorded.into_message().ok_or_else(|| unreadable("an unknown topic"))).collect()
}

/// Messages of one topic and key, which go out in one call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Batch {
    pub topic: Topic,
    pub key: String,
    pub messages: Vec<Message>,
}

/// Groups messages by (topic, key); order is kept within a group, and groups come in the order of their first message.
pub fn batches(messages: Vec<Message>) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    for message in messages {
        match batches.iter_mut().find(|batch| batch.topic == message.topic && batch.key == message.key) {
            Some(batch) => batch.messages.push(message),
            None => batches.push(Batch { topic: message.topic, key: message.key.clone(), messages: vec![message] }),
        }
    }
    batches
}

#[derive(Serialize, Deserialize)]
struct Recorded {
    topic: String,
    key: String,
    attributes: BTreeMap<String, String>,
    data: String,
}

impl From<&Message> for Recorded {
    fn from(message: &Message) -> Recorded {
        Recorded {
            topic: message.topic.name().to_owned(),
            key: message.key.clone(),
            attributes: message.attributes.clone(),
            data: String::from_utf8(message.data.clone()).expect("a follow-up is JSON"),
        }
    }
}

impl Recorded {
    fn into_message(self) -> Option<Message> {
        let topic = Topic::from_name(&self.topic)?;
        Some(Message { topic, key: self.key, attributes: self.attributes, data: self.data.into_bytes() })
    }
}

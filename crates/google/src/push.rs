//! What Pub/Sub posts to a function.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use boma_core::{
    event::{catalog::Topic, origin::FirstEdition, subscription::Subscription},
    kernel::{malformed::Malformed, timestamp::Timestamp},
    protocol::{delivery::ReceivedMessage, request::Body},
};
use serde_json::{Map, Value as Json};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads a push body. Google may add fields, so unknown ones are ignored; a field that is needed and can't be read is named.
pub fn read_push(body: Body, first_edition: FirstEdition) -> ReceivedMessage {
    if body.is_cut() {
        return cut(body, first_edition);
    }
    match parsed(&body.bytes) {
        Ok(push) => received(&push, body.bytes, first_edition),
        Err(malformed) => ReceivedMessage::unreadable(body.bytes, malformed),
    }
}

/// Of a body that was cut, beginning and end together. Nearly always the gap between them is in the text of the data, so it is JSON
/// that still says which message it is.
fn cut(body: Body, first_edition: FirstEdition) -> ReceivedMessage {
    let why = body.too_large();
    let read = match parsed(&[body.bytes.as_slice(), &body.end].concat()) {
        Ok(push) => received(&push, Vec::new(), first_edition),
        Err(_) => ReceivedMessage::unreadable(Vec::new(), why.clone()),
    };
    ReceivedMessage { body: body.bytes, dropped_bytes: body.dropped_bytes, unreadable: Some(why), ..read }
}

/// Of an object that has a message.
struct Push(Map<String, Json>, Map<String, Json>);

fn parsed(body: &[u8]) -> Result<Push, Malformed> {
    if body.is_empty() {
        return Err(Malformed::new("body", "empty"));
    }
    // serde_json's messages may quote a value; the position alone says enough.
    let push: Json = serde_json::from_slice(body).map_err(|error| {
        Malformed::new("body", format_args!("not JSON at line {} column {}", error.line(), error.column()))
    })?;
    let Json::Object(mut push) = push else { return Err(Malformed::new("body", "not an object")) };
    match push.remove("message") {
        None => Err(Malformed::new("message", "missing")),
        Some(Json::Object(message)) => Ok(Push(push, message)),
        Some(_) => Err(Malformed::new("message", "not an object")),
    }
}

/// What of it can be read counts, even where the rest can't: a letter says as much of its message as is known.
fn received(Push(push, message): &Push, whole: Vec<u8>, first_edition: FirstEdition) -> ReceivedMessage {
    let (data, attributes, ordering_key) = (data(message), attributes(message), ordering_key(message));
    let wrong = [data.as_ref().err(), attributes.as_ref().err(), ordering_key.as_ref().err()];
    let unreadable = wrong.into_iter().flatten().next().cloned();
    ReceivedMessage {
        body: data.ok().filter(|_| unreadable.is_none()).unwrap_or(whole),
        dropped_bytes: 0,
        unreadable,
        message_id: message.get("messageId").and_then(Json::as_str).map(str::to_owned),
        attributes: attributes.unwrap_or_default(),
        ordering_key: ordering_key.unwrap_or_default(),
        topic: push.get("subscription").and_then(Json::as_str).and_then(topic_of),
        first_edition,
        published_at: message.get("publishTime").and_then(Json::as_str).and_then(|at| Timestamp::parse(at).ok()),
        attempt: push.get("deliveryAttempt").and_then(Json::as_u64).and_then(|n| u32::try_from(n).ok()).unwrap_or(1),
    }
}

/// A message may have attributes and no data.
fn data(message: &Map<String, Json>) -> Result<Vec<u8>, Malformed> {
    let Some(data) = message.get("data") else { return Ok(Vec::new()) };
    let text = data.as_str().ok_or_else(|| Malformed::new("message.data", "not a string"))?;
    BASE64.decode(text).map_err(|_| Malformed::new("message.data", "not base64"))
}

fn attributes(message: &Map<String, Json>) -> Result<std::collections::BTreeMap<String, String>, Malformed> {
    let refuse = || Malformed::new("message.attributes", "not a map of strings");
    match message.get("attributes") {
        None | Some(Json::Null) => Ok(Default::default()),
        Some(attributes) => {
            let pairs = attributes.as_object().ok_or_else(refuse)?.iter();
            pairs
                .map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                .collect::<Option<_>>()
                .ok_or_else(refuse)
        }
    }
}

/// An empty one is none: the order of a message without a key isn't kept.
fn ordering_key(message: &Map<String, Json>) -> Result<Option<String>, Malformed> {
    match message.get("orderingKey") {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(key)) => Ok(Some(key.clone()).filter(|key| !key.is_empty())),
        Some(Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => {
            Err(Malformed::new("message.orderingKey", "not a string"))
        }
    }
}

/// From the full name, `projects/{project}/subscriptions/{name}`.
fn topic_of(subscription: &str) -> Option<Topic> {
    Subscription::from_name(subscription.rsplit('/').next()?).map(|ours| ours.topic)
}

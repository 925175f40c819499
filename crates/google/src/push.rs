//! What Pub/Sub posts to a function.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use boma_core::{
    event::{catalog::Topic, origin::FirstEdition, subscription::Subscription},
    kernel::{malformed::Malformed, timestamp::Timestamp},
    protocol::delivery::ReceivedMessage,
};
use serde_json::{Map, Value as Json};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads a push body. Google may add fields, so unknown ones are ignored; a field that is needed and can't be read is named.
pub fn read_push(body: Vec<u8>, first_edition: FirstEdition) -> ReceivedMessage {
    match received(&body, first_edition) {
        Ok(received) => received,
        Err(malformed) => ReceivedMessage::unreadable(body, malformed),
    }
}

fn received(body: &[u8], first_edition: FirstEdition) -> Result<ReceivedMessage, Malformed> {
    if body.is_empty() {
        return Err(Malformed::new("body", "empty"));
    }
    // serde_json's messages may quote a value; the position alone says enough.
    let push: Json = serde_json::from_slice(body).map_err(|error| {
        Malformed::new("body", format_args!("not JSON at line {} column {}", error.line(), error.column()))
    })?;
    let push = push.as_object().ok_or_else(|| Malformed::new("body", "not an object"))?;
    let message = match push.get("message") {
        None => return Err(Malformed::new("message", "missing")),
        Some(message) => message.as_object().ok_or_else(|| Malformed::new("message", "not an object"))?,
    };
    Ok(ReceivedMessage {
        body: data(message)?,
        unreadable: None,
        attributes: attributes(message)?,
        ordering_key: ordering_key(message)?,
        topic: push.get("subscription").and_then(Json::as_str).and_then(topic_of),
        first_edition,
        published_at: message.get("publishTime").and_then(Json::as_str).and_then(|at| Timestamp::parse(at).ok()),
        attempt: push.get("deliveryAttempt").and_then(Json::as_u64).and_then(|n| u32::try_from(n).ok()).unwrap_or(1),
    })
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

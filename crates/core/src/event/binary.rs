//! The binary mode of CloudEvents over Pub/Sub: an attribute `ce-NAME` for each field of the envelope, and the data for itself.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::kernel::{json::MAX_STRING_CHARS, malformed::Malformed};

const PREFIX: &str = "ce-";
const CONTENT_TYPE: &str = "content-type";

/// An envelope in the message's data says so, and then wins over attributes that repeat it.
const STRUCTURED: &str = "application/cloudevents";

/// Whether a message is in this mode. A field that every envelope has tells.
pub fn is_binary(attributes: &BTreeMap<String, String>) -> bool {
    let is_structured = attributes.get(CONTENT_TYPE).is_some_and(|it| it.to_ascii_lowercase().starts_with(STRUCTURED));
    !is_structured && attributes.contains_key("ce-specversion")
}

/// The attributes that a message in this mode can't be read without, with the prefix: a replay has them, too.
pub fn of_the_mode(attributes: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let belongs = |name: &str| name.starts_with(PREFIX) || name == CONTENT_TYPE;
    attributes.iter().filter(|(name, _)| belongs(name)).map(|(name, text)| (name.clone(), text.clone())).collect()
}

/// The envelope's fields. Its data is the message's, whatever an attribute says.
pub(super) fn envelope_of(attributes: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
    let named = attributes.iter().filter_map(|(name, text)| Some((name.strip_prefix(PREFIX)?, text.as_str())));
    named.filter(|(name, _)| *name != "data")
}

/// Attributes are texts, and one field of the envelope is an integer.
pub(super) fn value(name: &str, text: &str) -> Json {
    match (name, text.parse::<i64>()) {
        ("dataversion", Ok(number)) => number.into(),
        (_, Ok(_) | Err(_)) => text.into(),
    }
}

pub(super) fn refuse_long(attributes: &BTreeMap<String, String>) -> Result<(), Malformed> {
    match envelope_of(attributes).find(|(_, text)| text.chars().count() > MAX_STRING_CHARS) {
        Some((name, _)) => Err(Malformed::new(name, format_args!("longer than {MAX_STRING_CHARS} characters"))),
        None => Ok(()),
    }
}

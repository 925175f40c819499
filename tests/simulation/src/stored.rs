//! Reads fields of stored documents for auditors. A field that is missing or of another type is empty. The core has such
//! readers, too; auditors don't share them, or a bug in one would hide itself.

use std::collections::BTreeMap;

use boma_core::store::personal::INVENTORY;
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{Value, value::ValueType};

pub type Fields = BTreeMap<String, Value>;

pub fn text<'a>(fields: &'a Fields, name: &str) -> &'a str {
    match kind(fields, name) {
        Some(ValueType::StringValue(text)) => text,
        _ => "",
    }
}

pub fn integer(fields: &Fields, name: &str) -> Option<i64> {
    match kind(fields, name) {
        Some(ValueType::IntegerValue(value)) => Some(*value),
        _ => None,
    }
}

pub fn boolean(fields: &Fields, name: &str) -> Option<bool> {
    match kind(fields, name) {
        Some(ValueType::BooleanValue(value)) => Some(*value),
        _ => None,
    }
}

pub fn bytes<'a>(fields: &'a Fields, name: &str) -> &'a [u8] {
    match kind(fields, name) {
        Some(ValueType::BytesValue(bytes)) => bytes,
        _ => &[],
    }
}

pub fn moment_ms(fields: &Fields, name: &str) -> Option<u64> {
    match kind(fields, name) {
        Some(ValueType::TimestampValue(at)) => u64::try_from(at.seconds).ok().map(|seconds| seconds * 1_000),
        _ => None,
    }
}

pub fn moment_micros(fields: &Fields, name: &str) -> Option<i64> {
    match kind(fields, name) {
        Some(ValueType::TimestampValue(at)) => Some(at.seconds * 1_000_000 + i64::from(at.nanos) / 1_000),
        _ => None,
    }
}

pub fn map<'a>(fields: &'a Fields, name: &str) -> Option<&'a Fields> {
    match kind(fields, name) {
        Some(ValueType::MapValue(map)) => Some(&map.fields),
        _ => None,
    }
}

pub fn texts(fields: &Fields, name: &str) -> Vec<String> {
    let Some(ValueType::ArrayValue(array)) = kind(fields, name) else { return Vec::new() };
    let text = |value: &Value| match &value.value_type {
        Some(ValueType::StringValue(text)) => Some(text.clone()),
        _ => None,
    };
    array.values.iter().filter_map(text).collect()
}

/// The maps in an array.
pub fn maps<'a>(fields: &'a Fields, name: &str) -> Vec<&'a Fields> {
    let Some(ValueType::ArrayValue(array)) = kind(fields, name) else { return Vec::new() };
    let map = |value: &'a Value| match &value.value_type {
        Some(ValueType::MapValue(map)) => Some(&map.fields),
        _ => None,
    };
    array.values.iter().filter_map(map).collect()
}

fn kind<'a>(fields: &'a Fields, name: &str) -> Option<&'a ValueType> {
    fields.get(name)?.value_type.as_ref()
}

/// Whether it is a collection that events change, beside records and letters and what is told about changes.
pub fn is_state(collection: &str) -> bool {
    const OTHERS: [&str; 5] = ["users.timeline", "limits", "sweeps", "processed_events", "dead_letters"];
    INVENTORY.iter().any(|known| known.name == collection) && !OTHERS.contains(&collection)
}

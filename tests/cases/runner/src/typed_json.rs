//! Stored documents as JSON that a person can write: `{"$timestamp": ".."}` and `{"$bytes": "base64"}` where JSON has no word.

use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use boma_core::{
    kernel::timestamp::Timestamp,
    store::value::{Foreign, Value},
};
use boma_google::{from_proto, to_proto};
use googleapis_tonic_google_firestore_v1::google::firestore::v1::Value as ProtoValue;
use serde_json::{Map, Value as Json, json};

pub fn to_fields(json: &Map<String, Json>) -> BTreeMap<String, ProtoValue> {
    to_values(json).into_iter().map(|(name, value)| (name, to_proto(value))).collect()
}

pub fn to_values(json: &Map<String, Json>) -> BTreeMap<String, Value> {
    json.iter().map(|(name, value)| (name.clone(), read(value))).collect()
}

pub fn from_fields(fields: &BTreeMap<String, ProtoValue>) -> Map<String, Json> {
    fields.iter().map(|(name, value)| (name.clone(), write(from_proto(value.clone())))).collect()
}

fn read(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::Int(number.as_i64().expect("case files hold integers only")),
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => Value::Array(items.iter().map(read).collect()),
        Json::Object(map) => tagged(map).unwrap_or_else(|| Value::Map(to_values(map))),
    }
}

fn tagged(map: &Map<String, Json>) -> Option<Value> {
    if let Some(at) = map.get("$timestamp") {
        return Some(Value::Timestamp(Timestamp::parse(at.as_str()?).expect("a timestamp")));
    }
    let bytes = map.get("$bytes")?.as_str()?;
    Some(Value::Bytes(BASE64_STANDARD.decode(bytes).expect("base64")))
}

fn write(value: Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => value.into(),
        Value::Int(value) => value.into(),
        Value::Timestamp(at) => json!({ "$timestamp": at.to_string() }),
        Value::String(text) => text.into(),
        Value::Bytes(bytes) | Value::Foreign(Foreign { bytes, .. }) => {
            json!({ "$bytes": BASE64_STANDARD.encode(bytes) })
        }
        Value::Array(items) => items.into_iter().map(write).collect(),
        Value::Map(map) => Json::Object(map.into_iter().map(|(name, value)| (name, write(value))).collect()),
    }
}

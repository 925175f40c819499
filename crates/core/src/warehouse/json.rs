//! Stored values as JSON, spelled as the export of documents spells them.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Map as JsonMap, Value as Json};

use crate::store::value::{Map, Value};

pub(super) fn json_of(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(number) => (*number).into(),
        Value::Timestamp(at) => at.to_string().into(),
        Value::String(text) => text.as_str().into(),
        Value::Bytes(bytes) => BASE64_STANDARD.encode(bytes).into(),
        Value::Array(items) => items.iter().map(json_of).collect(),
        Value::Map(map) => Json::Object(json_map(map)),
        Value::Foreign(foreign) => foreign.json.clone(),
    }
}

fn json_map(map: &Map) -> JsonMap<String, Json> {
    map.iter().map(|(name, value)| (name.clone(), json_of(value))).collect()
}

//! The data of a command as a stored map, and back: the digest of what is read is that of what was written.

use serde_json::{Map as JsonMap, Value as Json};

use crate::{
    kernel::malformed::{Malformed, path_to},
    store::{
        document::Unreadable,
        value::{Map, Value},
    },
};

/// The error names what the database doesn't keep as it is.
pub(super) fn to_map(path: &str, data: &JsonMap<String, Json>) -> Result<Map, Malformed> {
    let entry = |(name, json): (&String, &Json)| {
        let path = path_to(path, name);
        if name.is_empty() || (name.starts_with("__") && name.ends_with("__")) {
            return Err(Malformed::new(&path, "a name that is empty, or the database's own"));
        }
        Ok((name.clone(), to_value(&path, json)?))
    };
    data.iter().map(entry).collect()
}

fn to_value(path: &str, json: &Json) -> Result<Value, Malformed> {
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => {
            Value::Int(number.as_i64().ok_or_else(|| Malformed::new(path, "not a whole number that can be kept"))?)
        }
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) if items.iter().any(Json::is_array) => {
            return Err(Malformed::new(path, "a list of lists"));
        }
        Json::Array(items) => Value::Array(items.iter().map(|item| to_value(path, item)).collect::<Result<_, _>>()?),
        Json::Object(map) => Value::Map(to_map(path, map)?),
    })
}

pub(super) fn from_map(map: &Map) -> Result<JsonMap<String, Json>, Unreadable> {
    map.iter().map(|(name, value)| Ok((name.clone(), from_value(value)?))).collect()
}

fn from_value(value: &Value) -> Result<Json, Unreadable> {
    Ok(match value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(number) => (*number).into(),
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().map(from_value).collect::<Result<_, _>>()?,
        Value::Map(map) => Json::Object(from_map(map)?),
        Value::Timestamp(_) | Value::Bytes(_) | Value::Foreign(_) => {
            return Err(Unreadable::new("data", format_args!("{} inside, which no command has", value.kind())));
        }
    })
}

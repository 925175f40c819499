//! A stored value, as far as the system reads and writes it.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::kernel::timestamp::Timestamp;

/// The fields of a stored record, or of a map in it.
pub type Map = BTreeMap<String, Value>;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Timestamp(Timestamp),
    String(String),
    Bytes(Vec<u8>),
    Array(Vec<Value>),
    Map(Map),
    /// A kind that Boma never writes (a double, a geo point, a reference): a field that another program added passes through
    /// unharmed, and only reading it by name is an error.
    Foreign(Foreign),
}

/// Such a value twice: in the bytes that it came in, and as JSON for whoever can only show it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Foreign {
    pub bytes: Vec<u8>,
    pub json: Json,
}

impl Value {
    pub fn as_text(&self) -> Option<&str> {
        if let Value::String(text) = self { Some(text) } else { None }
    }

    /// Its kind, in words for an error.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Int(_) => "an integer",
            Value::Timestamp(_) => "a timestamp",
            Value::String(_) => "a string",
            Value::Bytes(_) => "bytes",
            Value::Array(_) => "an array",
            Value::Map(_) => "a map",
            Value::Foreign(_) => "of a kind that isn't ours",
        }
    }
}

macro_rules! values_from {
    ($($from:ty => $make:expr;)+) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Value {
                $make(value)
            }
        }
    )+};
}

values_from! {
    bool => Value::Bool;
    i64 => Value::Int;
    Timestamp => Value::Timestamp;
    String => Value::String;
    &str => |text: &str| Value::String(text.to_owned());
    Vec<u8> => Value::Bytes;
    Vec<Value> => Value::Array;
    Vec<String> => |texts: Vec<String>| Value::Array(texts.into_iter().map(Value::String).collect());
    Map => Value::Map;
}

/// A map from names and values, in the order that reads best where it is written.
pub fn map<const N: usize>(pairs: [(&str, Value); N]) -> Map {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

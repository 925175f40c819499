//! Stored values <-> Firestore's, both ways without loss: a total match, no catch-all.

use boma_core::{
    kernel::timestamp::Timestamp,
    store::value::{Foreign, Map, Value},
};
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{
    ArrayValue, MapValue, Value as ProtoValue, value::ValueType,
};
use prost::Message as _;
use serde_json::{Number, Value as Json, json};

const MICROS_PER_SECOND: i64 = 1_000_000;
const NANOS_PER_MICRO: i32 = 1_000;

pub fn to_proto(value: Value) -> ProtoValue {
    let kind = match value {
        Value::Null => ValueType::NullValue(prost_types::NullValue::NullValue.into()),
        Value::Bool(value) => ValueType::BooleanValue(value),
        Value::Int(value) => ValueType::IntegerValue(value),
        Value::Timestamp(at) => ValueType::TimestampValue(timestamp_to_proto(at)),
        Value::String(text) => ValueType::StringValue(text),
        Value::Bytes(bytes) => ValueType::BytesValue(bytes),
        Value::Array(items) => ValueType::ArrayValue(ArrayValue { values: items.into_iter().map(to_proto).collect() }),
        Value::Map(map) => ValueType::MapValue(MapValue { fields: map_to_proto(map) }),
        // These bytes came out of from_proto; anything else would be a bug of ours, and an empty value shows it.
        Value::Foreign(foreign) => return ProtoValue::decode(foreign.bytes.as_slice()).unwrap_or_default(),
    };
    ProtoValue { value_type: Some(kind) }
}

pub fn from_proto(value: ProtoValue) -> Value {
    match value.value_type {
        Some(ValueType::NullValue(_)) => Value::Null,
        Some(ValueType::BooleanValue(value)) => Value::Bool(value),
        Some(ValueType::IntegerValue(value)) => Value::Int(value),
        Some(ValueType::StringValue(text)) => Value::String(text),
        Some(ValueType::BytesValue(bytes)) => Value::Bytes(bytes),
        Some(ValueType::ArrayValue(array)) => Value::Array(array.values.into_iter().map(from_proto).collect()),
        Some(ValueType::MapValue(map)) => Value::Map(map_from_proto(map.fields)),
        Some(ValueType::TimestampValue(at)) => match timestamp_from_proto(&at) {
            Some(at) => Value::Timestamp(at),
            None => foreign(ValueType::TimestampValue(at)),
        },
        Some(
            kind @ (ValueType::DoubleValue(_)
            | ValueType::ReferenceValue(_)
            | ValueType::GeoPointValue(_)
            | ValueType::FieldReferenceValue(_)
            | ValueType::VariableReferenceValue(_)
            | ValueType::FunctionValue(_)
            | ValueType::PipelineValue(_)),
        ) => foreign(kind),
        None => Value::Foreign(Foreign { bytes: Vec::new(), json: Json::Null }),
    }
}

pub(crate) fn map_to_proto(map: Map) -> std::collections::BTreeMap<String, ProtoValue> {
    map.into_iter().map(|(name, value)| (name, to_proto(value))).collect()
}

pub(crate) fn map_from_proto(fields: std::collections::BTreeMap<String, ProtoValue>) -> Map {
    fields.into_iter().map(|(name, value)| (name, from_proto(value))).collect()
}

fn foreign(kind: ValueType) -> Value {
    let json = spelled(&kind);
    Value::Foreign(Foreign { bytes: ProtoValue { value_type: Some(kind) }.encode_to_vec(), json })
}

/// JSON has no word for these. Rust's own formatting of a double would be the only one in a module, and is large.
fn no_number(double: f64) -> &'static str {
    match (double.is_nan(), double.is_sign_negative()) {
        (true, _) => "NaN",
        (false, true) => "-Infinity",
        (false, false) => "Infinity",
    }
}

/// As the export of documents spells it. What it has no spelling for is shown as null.
fn spelled(kind: &ValueType) -> Json {
    match kind {
        ValueType::DoubleValue(double) => {
            Number::from_f64(*double).map_or_else(|| no_number(*double).into(), Json::Number)
        }
        ValueType::ReferenceValue(name) => name.as_str().into(),
        ValueType::GeoPointValue(point) => json!({ "latitude": point.latitude, "longitude": point.longitude }),
        // The database itself has microseconds and the years of our type.
        ValueType::TimestampValue(at) => json!({ "seconds": at.seconds, "nanos": at.nanos }),
        ValueType::NullValue(_)
        | ValueType::BooleanValue(_)
        | ValueType::IntegerValue(_)
        | ValueType::StringValue(_)
        | ValueType::BytesValue(_)
        | ValueType::ArrayValue(_)
        | ValueType::MapValue(_)
        | ValueType::FieldReferenceValue(_)
        | ValueType::VariableReferenceValue(_)
        | ValueType::FunctionValue(_)
        | ValueType::PipelineValue(_) => Json::Null,
    }
}

pub(crate) fn timestamp_to_proto(at: Timestamp) -> prost_types::Timestamp {
    let micros = i32::try_from(at.micros().rem_euclid(MICROS_PER_SECOND)).expect("less than a second");
    prost_types::Timestamp { seconds: at.micros().div_euclid(MICROS_PER_SECOND), nanos: micros * NANOS_PER_MICRO }
}

/// None for what our type can't hold: Firestore itself keeps microseconds within the years 1 to 9999.
fn timestamp_from_proto(at: &prost_types::Timestamp) -> Option<Timestamp> {
    let in_range = (0..1_000_000_000).contains(&at.nanos) && at.nanos % NANOS_PER_MICRO == 0;
    let whole = at.seconds.checked_mul(MICROS_PER_SECOND).filter(|_| in_range)?;
    Timestamp::from_micros(whole.checked_add(i64::from(at.nanos / NANOS_PER_MICRO))?)
}

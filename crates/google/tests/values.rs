//! Values cross to Firestore's and back without loss, in both directions; 10,000 cases each.

use boma_core::{kernel::timestamp::Timestamp, store::value::Value};
use boma_google::{from_proto, to_proto};
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{
    ArrayValue, MapValue, Value as ProtoValue, value::ValueType,
};
use property::check;
use proptest::prelude::*;
use prost::Message as _;

fn ours() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (Timestamp::MIN.micros()..=Timestamp::MAX.micros())
            .prop_map(|micros| Value::Timestamp(Timestamp::from_micros(micros).expect("in range"))),
        text().prop_map(Value::String),
        prop::collection::vec(any::<u8>(), 0..16).prop_map(Value::Bytes),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::btree_map(text(), inner, 0..5).prop_map(Value::Map),
        ]
    })
}

/// Any value that Firestore may hold, with kinds that we never write and timestamps outside of our range.
fn theirs() -> impl Strategy<Value = ProtoValue> {
    let leaf = prop_oneof![
        Just(None),
        Just(Some(ValueType::NullValue(0))),
        any::<i64>().prop_map(|it| Some(ValueType::IntegerValue(it))),
        any::<f64>().prop_map(|it| Some(ValueType::DoubleValue(it))),
        (any::<i64>(), any::<i32>())
            .prop_map(|(seconds, nanos)| Some(ValueType::TimestampValue(prost_types::Timestamp { seconds, nanos }))),
        text().prop_map(|it| Some(ValueType::ReferenceValue(it))),
        text().prop_map(|it| Some(ValueType::StringValue(it))),
    ];
    leaf.prop_map(|value_type| ProtoValue { value_type }).prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|values| ValueType::ArrayValue(ArrayValue { values })),
            prop::collection::btree_map(text(), inner, 0..5)
                .prop_map(|fields| ValueType::MapValue(MapValue { fields })),
        ]
        .prop_map(|kind| ProtoValue { value_type: Some(kind) })
    })
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(any::<char>(), 0..8).prop_map(|chars| chars.into_iter().collect())
}

#[test]
fn ours_come_back_as_they_went() {
    check(ours(), |value| {
        prop_assert_eq!(from_proto(to_proto(value.clone())), value);
        Ok(())
    });
}

#[test]
fn theirs_come_back_byte_for_byte() {
    check(theirs(), |value| {
        let bytes = value.encode_to_vec();
        prop_assert_eq!(to_proto(from_proto(value)).encode_to_vec(), bytes);
        Ok(())
    });
}

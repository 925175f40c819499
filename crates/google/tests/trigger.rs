//! Parses the body of a Firestore trigger, as the emulator and Eventarc send it.

use boma_core::{
    kernel::malformed::Malformed,
    protocol::{
        change::DocumentChange,
        request::{Request, RequestHead},
    },
    store::{snapshot::Stored, value::Value},
};
use boma_google::read_trigger;
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{Document, Value as ProtoValue, value::ValueType};
use prost::Message as _;

const NAME: &str = "projects/p/databases/(default)/documents/users/u-1";

fn document(name: &str, balance: i64) -> Document {
    let value = ProtoValue { value_type: Some(ValueType::IntegerValue(balance)) };
    Document { name: name.to_owned(), fields: [("balance".to_owned(), value)].into(), ..Default::default() }
}

/// The documents as fields 1 (value) and 2 (old value) of the message.
fn trigger(value: Option<Document>, old_value: Option<Document>) -> Vec<u8> {
    let field = |tag: u8, document: Option<Document>| {
        let bytes = document.map(|it| it.encode_length_delimited_to_vec()).unwrap_or_default();
        let key = (!bytes.is_empty()).then_some(tag << 3 | 2);
        key.into_iter().chain(bytes)
    };
    field(1, value).chain(field(2, old_value)).collect()
}

/// As Eventarc posts it.
fn read(bytes: &[u8]) -> Result<DocumentChange, Malformed> {
    let headers = [("ce-id", "e-1"), ("ce-time", "2026-03-01T10:00:00Z")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    read_trigger(&Request {
        head: RequestHead { headers, ..RequestHead::default() },
        body: bytes.to_vec().into(),
        caller: None,
    })
}

fn balance(stored: Option<Stored>) -> Option<Value> {
    stored.and_then(|it| it.document.fields.get("balance").cloned())
}

#[test]
fn what_is_no_trigger_is_named() {
    let refused = |bytes: &[u8]| read(bytes).expect_err("refused").reason().to_owned();
    assert_eq!(refused(b""), "body: neither value nor oldValue");
    assert_eq!(refused(b"{}"), "body: not google.events.cloud.firestore.v1.DocumentEventData");
    assert_eq!(refused(&trigger(Some(document("users/u-1", 1)), None)), "value.name: not a document's");
    assert_eq!(refused(&trigger(Some(document("projects/p/documents/", 1)), None)), "value.name: not a document's");
}

#[test]
fn a_trigger_without_an_id_is_named() {
    let body = trigger(Some(document(NAME, 7)), None);
    let refused =
        read_trigger(&Request { head: RequestHead::default(), body: body.into(), caller: None }).expect_err("refused");
    assert_eq!(refused.reason(), "ce-id: missing");
}

#[test]
fn a_created_a_changed_and_a_deleted_document_are_told_apart() {
    let created = read(&trigger(Some(document(NAME, 7)), None)).expect("a trigger");
    assert_eq!(
        (created.path.as_str(), balance(created.before), balance(created.after)),
        ("users/u-1", None, Some(Value::Int(7)))
    );
    let changed = read(&trigger(Some(document(NAME, 8)), Some(document(NAME, 7)))).expect("a trigger");
    assert_eq!((balance(changed.before), balance(changed.after)), (Some(Value::Int(7)), Some(Value::Int(8))));
    let deleted = read(&trigger(None, Some(document(NAME, 8)))).expect("a trigger");
    assert_eq!(
        (deleted.path.as_str(), balance(deleted.before), balance(deleted.after)),
        ("users/u-1", Some(Value::Int(8)), None)
    );
}

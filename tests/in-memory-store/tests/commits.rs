//! What the protocol relies on: all or nothing, and a version that another write changes.

use boma_core::{
    kernel::ids::{EventId, Id as _, UserId},
    store::{
        document::{Document, UpdateTime},
        path::DocumentPath,
        value::{Value, map},
        write::{Change, Expected, GuardedWrite},
    },
};
use in_memory_store::{InMemoryStore, PreconditionFailed};

const ID: &str = "00000000-0000-4000-8000-000000000001";

fn user() -> DocumentPath {
    DocumentPath::user(UserId::parse(ID).expect("an id"))
}

fn record() -> DocumentPath {
    DocumentPath::processed_event("kyc", EventId::parse(ID).expect("an id"))
}

fn write(path: DocumentPath, expected: Expected, field: &str, value: Option<i64>) -> GuardedWrite {
    let field = field.split('.').map(str::to_owned).collect();
    GuardedWrite { path, expected, changes: vec![Change { field, value: value.map(Value::Int) }] }
}

fn store() -> InMemoryStore {
    let balances = map([("CZK", map([("available", Value::Int(1))]).into())]);
    InMemoryStore::of([(user(), Document { fields: map([("balances", balances.into()), ("count", Value::Int(1))]) })])
}

fn version(store: &InMemoryStore) -> Expected {
    Expected::Version(store.version(&user()).expect("there"))
}

#[test]
fn one_write_that_does_not_find_its_version_holds_back_all() {
    let mut store = store();
    let before = store.clone();
    let stale = Expected::Version(UpdateTime { seconds: 9, nanos: 0 });
    for refused in [stale, Expected::Absent] {
        let writes = [write(record(), Expected::Absent, "a", Some(1)), write(user(), refused, "count", Some(2))];
        assert_eq!(store.commit(&writes), Err(PreconditionFailed), "{refused:?}");
        assert_eq!(store, before);
    }
}

#[test]
fn a_write_changes_the_version_and_one_that_changes_nothing_does_not() {
    let mut store = store();
    let first = version(&store);
    store.commit(&[write(user(), first, "count", Some(1))]).expect("its version");
    assert_eq!(version(&store), first);
    store.commit(&[write(user(), first, "count", Some(2))]).expect("still its version");
    assert_ne!(version(&store), first);
    assert_eq!(store.commit(&[write(user(), first, "count", Some(3))]), Err(PreconditionFailed));
}

#[test]
fn a_field_is_set_and_removed_by_its_path_and_others_stay() {
    let mut store = store();
    let seen = version(&store);
    let set = write(user(), seen, "balances.EUR.available", Some(7));
    let removed = write(user(), seen, "count", None);
    let over_a_number = write(user(), seen, "balances.CZK.available.inside", Some(3));
    let changes = [set, removed, over_a_number].into_iter().flat_map(|it| it.changes).collect();
    store.commit(&[GuardedWrite { path: user(), expected: seen, changes }]).expect("its version");
    let available = |value: Value| map([("available", value)]).into();
    let balances =
        map([("CZK", available(map([("inside", Value::Int(3))]).into())), ("EUR", available(Value::Int(7)))]);
    assert_eq!(store.document(&user()).expect("there").fields, map([("balances", balances.into())]));
}

#[test]
fn a_write_without_expectation_replaces_the_document() {
    let mut store = store();
    store.commit(&[write(user(), Expected::Whatever, "only", Some(1))]).expect("nothing expected");
    assert_eq!(store.document(&user()).expect("there").fields, map([("only", Value::Int(1))]));
}

#[test]
fn a_collection_is_not_what_is_below_its_documents() {
    let mut store = store();
    let event = EventId::parse(ID).expect("an id");
    let entry = DocumentPath::timeline_entry(UserId::parse(ID).expect("an id"), "kyc", event);
    store.put(entry.clone(), Document::default());
    assert_eq!(store.collection("users").map(|(path, _)| path.clone()).collect::<Vec<_>>(), [user()]);
    assert_eq!(store.collection("users.timeline").count(), 1);
    assert_eq!(store.all().count(), 2);
    let snapshot = store.snapshot([entry.clone(), record()]);
    assert!(snapshot.get(&entry).is_some() && snapshot.was_read(&record()) && snapshot.get(&record()).is_none());
}

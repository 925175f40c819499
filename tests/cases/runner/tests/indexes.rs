//! Which queries firestore.indexes.json is too little for.

use case_runner::indexes::Needs;
use serde_json::json;

fn wanting(equal: &[&str], ordered: &[&str]) -> Option<String> {
    let indexes = json!({
        "indexes": [{ "collectionGroup": "letters", "fields": [{ "fieldPath": "kind" }, { "fieldPath": "at" }] }],
        "fieldOverrides": [
            { "collectionGroup": "letters", "fieldPath": "body", "indexes": [] },
            { "collectionGroup": "letters", "fieldPath": "tags", "indexes": [{ "arrayConfig": "CONTAINS" }] },
            { "collectionGroup": "records", "fieldPath": "kind", "indexes": [] },
        ],
    });
    let needs = Needs {
        collection: "letters",
        equal: equal.iter().copied().collect(),
        ordered: ordered.iter().copied().collect(),
    };
    needs.wanting(&indexes)
}

#[test]
fn a_field_that_is_exempted_answers_nothing() {
    assert_eq!(wanting(&["kind", "body"], &[]), Some("an index of body".to_owned()));
    assert_eq!(wanting(&[], &["body"]), Some("an index of body".to_owned()));
    assert_eq!(wanting(&[], &["tags"]), Some("an index of tags".to_owned()));
}

#[test]
fn the_field_of_an_equality_has_no_order() {
    let both = wanting(&["kind"], &["kind"]).expect("a refusal");
    assert!(both.starts_with("no order or bound of kind"), "{both}");
}

#[test]
fn an_equality_and_an_order_need_an_index_of_their_own() {
    assert_eq!(wanting(&["status"], &["at"]), Some("an index of status and at".to_owned()));
    assert_eq!(wanting(&["kind", "status"], &["at"]), Some("an index of kind and status and at".to_owned()));
    assert_eq!(wanting(&[], &["status", "at"]), Some("an index of at and status".to_owned()));
}

#[test]
fn what_firestore_has_by_itself_or_the_file_gives_is_enough() {
    let enough: [(&[&str], &[&str]); 4] =
        [(&[], &[]), (&["kind", "status"], &[]), (&[], &["at"]), (&["kind"], &["at"])];
    enough.iter().for_each(|(equal, ordered)| assert_eq!(wanting(equal, ordered), None));
}

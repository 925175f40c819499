//! Refuses a query that Firestore would refuse in production for want of an index. Firestore has one for each field by itself,
//! but where firestore.indexes.json takes it away; equalities are merged from those, anything else on two fields needs its own.

use std::{collections::BTreeSet, sync::LazyLock};

use serde_json::Value as Json;

static INDEXES: LazyLock<Json> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../firestore.indexes.json")).expect("firestore.indexes.json")
});

/// What a query needs to find its documents in order.
#[derive(Debug, Default)]
pub(crate) struct Needs<'a> {
    pub(crate) collection: &'a str,
    pub(crate) equal: BTreeSet<&'a str>,
    /// Fields with a bound, and those that it is ordered by.
    pub(crate) ordered: BTreeSet<&'a str>,
}

impl Needs<'_> {
    pub(crate) fn assert_indexed(&self) {
        if let Some(wanting) = self.wanting(&INDEXES) {
            panic!("a query of {} needs {wanting}, which firestore.indexes.json doesn't give", self.collection);
        }
    }

    fn wanting(&self, indexes: &Json) -> Option<String> {
        if let Some(field) = self.equal.intersection(&self.ordered).next() {
            return Some(format!(
                "no order or bound of {field}, which is equal in all that it finds: an index of both"
            ));
        }
        if self.ordered.is_empty() || (self.equal.is_empty() && self.ordered.len() == 1) {
            let taken = self.equal.union(&self.ordered).find(|field| !is_indexed(indexes, self.collection, field));
            return taken.map(|field| format!("an index of {field}"));
        }
        let has_own = list(indexes, "indexes").iter().any(|index| self.is_answered_by(index));
        let fields = || self.equal.iter().chain(&self.ordered).copied().collect::<Vec<_>>().join(" and ");
        (!has_own).then(|| format!("an index of {}", fields()))
    }

    /// The equal ones come first in it, in any order.
    fn is_answered_by(&self, index: &Json) -> bool {
        let paths: Vec<_> = list(index, "fields").iter().filter_map(|field| field["fieldPath"].as_str()).collect();
        let (first, then) = paths.split_at(self.equal.len().min(paths.len()));
        index["collectionGroup"] == self.collection
            && first.iter().copied().collect::<BTreeSet<_>>() == self.equal
            && then.iter().copied().collect::<BTreeSet<_>>() == self.ordered
    }
}

/// By what is said of the field itself, or else of the collection.
fn is_indexed(indexes: &Json, collection: &str, field: &str) -> bool {
    let overrides = list(indexes, "fieldOverrides");
    let said = |path: &str| overrides.iter().find(|it| it["collectionGroup"] == collection && it["fieldPath"] == path);
    let Some(said) = said(field).or_else(|| said("*")) else { return true };
    list(said, "indexes").iter().any(|index| index["order"] == "ASCENDING")
}

fn list<'a>(json: &'a Json, name: &str) -> &'a [Json] {
    json[name].as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
}

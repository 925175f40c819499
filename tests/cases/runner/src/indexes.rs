//! Refuses a query that Firestore would refuse in production for want of an index. Firestore has one for each field by itself,
//! but where firestore.indexes.json takes it away; equalities are merged from those, anything else on two fields needs its own.

use std::{collections::BTreeSet, sync::LazyLock};

use serde_json::Value as Json;

static INDEXES: LazyLock<Json> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../firestore.indexes.json")).expect("firestore.indexes.json")
});

/// What a query needs to find its documents in order.
#[derive(Debug, Default)]
pub struct Needs<'a> {
    pub collection: &'a str,
    pub equal: BTreeSet<&'a str>,
    /// Fields with a bound, and those that it is ordered by.
    pub ordered: BTreeSet<&'a str>,
}

impl Needs<'_> {
    /// # Panics
    /// If firestore.indexes.json lacks what it needs.
    pub fn assert_indexed(&self) {
        if let Some(wanting) = self.wanting(&INDEXES) {
            panic!("a query of {} needs {wanting}, which firestore.indexes.json doesn't give", self.collection);
        }
    }

    /// What is missing from these indexes, in words.
    pub fn wanting(&self, indexes: &Json) -> Option<String> {
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

//! The inventory of personal fields, against the documents that there are: those of the case files, of the golden export and of
//! an earlier release's export, and what the contract names.

use std::{collections::BTreeSet, fs, path::Path};

use boma_core::store::{
    personal::{Collection, INVENTORY, is_entry_of, is_personal, leaves, personal_fields},
    value::Value,
};
use boma_functions::ALL;
use case_runner::{case::Case, typed_json};

/// The fields that other programs rely on, those that may be missing included.
const CONTRACT: &[(&str, &str)] = &[
    ("users", "profileData kycStatus kycVersion tradingEnabled accessVersion balances createdAt updatedAt"),
    ("users", "balances.CZK.available balances.CZK.pending balances.CZK.reserved"),
    ("users.timeline", "at type by from to changes"),
    ("transactions", "userId kind amount currency status timestamp method postings paymentId settledAmount refunded"),
    ("transactions", "disputed reversedAmount expiresAt reason operator approvedBy reference counterparty description"),
    ("transactions", "metadata"),
    ("leads", "status region channel score createdAt convertedAt userId reason"),
    ("kyc_cases", "cycle attempt provider reviewId decision validUntil dueAt reasons"),
    (
        "processed_events",
        "consumer eventId type subject digest outcome reason outgoing outgoingIds processedAt expireAt",
    ),
    (
        "dead_letters",
        "consumer kind status reason body bodyBytes truncated eventId type subject awaits receivedAt replays",
    ),
    ("approvals", "type subject data digest requestedBy requestedAt status decidedBy decidedAt reason expireAt"),
    ("mail", "to template.name template.data"),
];

/// An account that there is not: `trial-balance` is to complain of it.
const NEVER_WRITTEN: &[(&str, &str)] = &[("users", "balances.CZK.frozen")];

#[test]
fn every_field_is_classified_once() {
    let mut wrong = Vec::new();
    for (collection, field) in fields().union(&named(CONTRACT)) {
        let known = Collection::named(collection);
        let entries = known.iter().flat_map(|known| known.entries()).filter(|entry| is_entry_of(entry, field)).count();
        if !known.is_some_and(|known| known.knows(field)) || entries > 1 {
            wrong.push(format!("{collection}: {}", field.join(".")));
        }
    }
    assert!(wrong.is_empty(), "store/personal.rs must say once whether these are personal:\n{}", wrong.join("\n"));
}

#[test]
fn every_entry_is_a_field_of_some_document() {
    let fields = fields();
    let is_there = |collection: &Collection, entry: &str| {
        fields.iter().any(|(name, field)| name == collection.name && is_entry_of(entry, field))
    };
    for collection in INVENTORY {
        let gone: Vec<_> = collection.entries().filter(|entry| !is_there(collection, entry)).collect();
        assert!(gone.is_empty(), "no document of {} has {}", collection.name, gone.join(", "));
    }
}

#[test]
fn what_is_not_known_is_personal() {
    let is_personal = |collection: &str, path: &str, value: Value| is_personal(collection, &split(path), &value);
    let map = |name: &str| Value::Map([(name.to_owned(), Value::Int(1))].into());
    assert!(!is_personal("users", "kycStatus", "PENDING".into()));
    assert!(!is_personal("users", "balances", Value::Map([].into())));
    assert!(!is_personal("transactions", "postings", vec![map("amount"), map("account")].into()));
    assert!(is_personal("users", "profileData", Value::Map([].into())));
    assert!(is_personal("users", "profileData.email", Value::Null));
    assert!(is_personal("users", "profileData.phone", "1".into()), "a field of a map");
    assert!(is_personal("users", "phone", "1".into()), "a field of a document");
    assert!(is_personal("users", "kycStatus", map("phone")), "a map in place of a word");
    assert!(is_personal("users.timeline", "phone", "1".into()));
    assert!(is_personal("transactions", "postings", vec![map("amount"), map("phone")].into()), "a field in a list");
    assert!(is_personal("customers", "kycStatus", "PENDING".into()), "a collection");
    assert_eq!(personal_fields("mail"), Some(["to", "template.data.*"].as_slice()));
    assert_eq!(personal_fields("customers"), None);
}

/// A collection, and the path of a value in one of its documents.
type Field = (String, Vec<String>);

/// Of all documents that there are.
fn fields() -> BTreeSet<Field> {
    let mut fields = BTreeSet::new();
    in_cases(&mut fields);
    in_exports(&mut fields);
    for unknown in named(NEVER_WRITTEN) {
        assert!(fields.remove(&unknown), "no document has {unknown:?}");
    }
    fields
}

fn named(those: &[(&str, &str)]) -> BTreeSet<Field> {
    let each = |(collection, names): &(&str, &str)| -> Vec<Field> {
        names.split(' ').map(|name| ((*collection).to_owned(), split(name))).collect()
    };
    those.iter().flat_map(each).collect()
}

fn in_cases(fields: &mut BTreeSet<Field>) {
    for path in ALL.iter().flat_map(|function| files(&format!("tests/cases/{}", function.name))) {
        let case: Case = serde_json::from_str(&read(&path)).expect("a case file");
        for (document, content) in case.given.iter().chain(&case.then.changed) {
            let collections: Vec<_> = document.split('/').step_by(2).collect();
            add(fields, &collections.join("."), content);
        }
    }
}

fn in_exports(fields: &mut BTreeSet<Field>) {
    for path in ["tests/golden/export", "tests/earlier-release/export"].into_iter().flat_map(files) {
        let collection = Path::new(&path).file_stem().expect("a name").to_string_lossy();
        for line in read(&path).lines() {
            let mut content: serde_json::Map<_, _> = serde_json::from_str(line).expect("a document");
            content.remove("id").expect("the document's name, which is none of its fields");
            // Bytes: a golden file shows what is in them.
            if let Some(outgoing) = content.get_mut("outgoing") {
                *outgoing = "".into();
            }
            add(fields, &collection, &content);
        }
    }
}

fn add(fields: &mut BTreeSet<Field>, collection: &str, content: &serde_json::Map<String, serde_json::Value>) {
    let content = Value::Map(typed_json::to_values(content));
    fields.extend(leaves(&[], &content).into_iter().map(|field| (collection.to_owned(), field)));
}

fn split(path: &str) -> Vec<String> {
    path.split('.').map(str::to_owned).collect()
}

fn files(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    entries.map(|entry| format!("{folder}/{}", entry.expect("an entry").file_name().to_string_lossy())).collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../.."))
}

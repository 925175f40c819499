//! What a change adds, and that parts can be put together in any way.

use boma_core::{
    domain::pulse::{Changed, Sums},
    kernel::minute::Minute,
    store::value::{Map, Value},
};
use property::check;
use proptest::prelude::*;

use crate::changes::{MadeUp, any_change, at, created, document};

/// The fields of the document that these sums come to.
pub(crate) fn fields(sums: &Sums) -> Map {
    let write = sums.write(Minute::of(at(0)), 0xab, at(0));
    write.changes.into_iter().filter_map(|change| Some((change.field.join("."), change.value?))).collect()
}

fn of(change: &MadeUp) -> Map {
    fields(&change.sums().expect("it counts"))
}

fn changed(path: &str, from: &str, to: &str) -> MadeUp {
    let (collection, _) = path.split_once('/').expect("a path");
    let (before, after) = (document(collection, from, 0), document(collection, to, 5));
    MadeUp { path: path.to_owned(), before: Some(before), after: Some(after) }
}

fn numbers(fields: &Map, field: &str) -> Vec<(String, i64)> {
    let Some(Value::Map(numbers)) = fields.get(field) else { panic!("no {field}") };
    let number = |(name, value): (&String, &Value)| {
        let Value::Int(number) = value else { panic!("{name}: {}", value.kind()) };
        (name.clone(), *number)
    };
    numbers.iter().map(number).collect()
}

fn ids(fields: &Map, list: &str, id: &str) -> Vec<String> {
    let Some(Value::Array(entries)) = fields.get(list) else { panic!("no {list}") };
    let id = |entry: &Value| {
        let Value::Map(entry) = entry else { panic!("{list}: {}", entry.kind()) };
        entry.get(id).and_then(Value::as_text).expect("an id").to_owned()
    };
    entries.iter().map(id).collect()
}

fn one(name: &str) -> Vec<(String, i64)> {
    vec![(name.to_owned(), 1)]
}

#[test]
fn each_change_counts_its_collection_and_the_status_that_it_came_to() {
    for (path, from, to, status) in [
        ("transactions/t-1", "PENDING", "SETTLED", "transactions.SETTLED"),
        ("kyc_cases/u-1", "SUBMITTED", "IN_REVIEW", "kyc_cases.IN_REVIEW"),
        ("users/u-1", "APPROVED", "SUSPENDED", "users.SUSPENDED"),
        ("leads/l-1", "NEW", "CONTACTED", "leads.CONTACTED"),
        ("dead_letters/kyc.1", "REPLAYED", "OPEN", "dead_letters.OPEN"),
    ] {
        let fields = of(&changed(path, from, to));
        let collection = path.split('/').next().expect("a collection");
        assert_eq!(numbers(&fields, "changes"), one(collection), "{path}");
        assert_eq!(numbers(&fields, "statuses"), one(status), "{path}");
    }
    let registered = of(&created("users", "u-1", "PENDING", 0));
    assert_eq!(numbers(&registered, "statuses"), one("users.created"));
    assert_eq!(ids(&registered, "kyc", "userId"), Vec::<String>::new());
}

#[test]
fn what_changes_nothing_counts_nothing() {
    let same = MadeUp { before: Some(document("leads", "NEW", 0)), ..created("leads", "l-1", "NEW", 9) };
    assert_eq!(same.sums(), None);
    for path in ["mail/m-1", "users", "users/u-1/timeline/kyc.1", "pulse/2026-11-28T13:55.00000001"] {
        let strange = MadeUp { path: path.to_owned(), ..created("leads", "l-1", "NEW", 0) };
        assert_eq!(strange.sums(), None, "{path}");
    }
}

#[test]
fn a_deletion_and_what_is_too_large_to_be_told_count_as_changes_alone() {
    let gone = MadeUp { after: None, ..changed("leads/l-1", "NEW", "LOST") };
    let cut = Changed { path: "leads/l-1", before: None, after: None, is_cut: true };
    for fields in [of(&gone), fields(&cut.sums(at(0)).expect("it counts"))] {
        assert_eq!((numbers(&fields, "changes"), numbers(&fields, "statuses")), (one("leads"), vec![]));
    }
}

#[test]
fn money_counts_once_it_is_settled_and_as_much_as_moved() {
    let settled = |amounts: &[(&str, Value)]| {
        let mut change = changed("transactions/t-1", "AUTHORIZED", "SETTLED");
        let fields = &mut change.after.as_mut().expect("there").document.fields;
        fields.extend(amounts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        of(&change).remove("amounts").expect("amounts")
    };
    let czk = |minor: i64| {
        Value::Map([("DEPOSIT".to_owned(), Value::Map([("CZK".to_owned(), Value::Int(minor))].into()))].into())
    };
    assert_eq!(settled(&[]), czk(1_250));
    assert_eq!(settled(&[("settledAmount", Value::Int(1_000))]), czk(1_000));
    let nothing = Value::Map(Map::new());
    for strange in
        [("amount", "12.50".into()), ("amount", Value::Int(-1)), ("currency", Value::Null), ("kind", "`".into())]
    {
        assert_eq!(settled(&[strange]), nothing);
    }
    assert_eq!(of(&changed("transactions/t-1", "SETTLED", "REVERSED"))["amounts"], nothing);
}

#[test]
fn a_word_that_is_none_of_ours_is_no_field() {
    for status in ["", "settled", "A.B", "`", &"A".repeat(65)] {
        let fields = of(&changed("transactions/t-1", "PENDING", status));
        assert_eq!(
            (numbers(&fields, "changes"), numbers(&fields, "statuses")),
            (one("transactions"), vec![]),
            "{status}"
        );
    }
}

#[test]
fn the_newest_are_kept_each_document_once() {
    let mut sums = Sums::default();
    for number in 0..30 {
        sums.add(&created("transactions", &format!("t-{number}"), "PENDING", number).sums().expect("it counts"));
    }
    sums.add(&changed("transactions/t-29", "PENDING", "SETTLED").sums().expect("it counts"));
    let newest: Vec<_> = (10..30).rev().map(|number| format!("t-{number}")).collect();
    assert_eq!(ids(&fields(&sums), "transactions", "id"), newest);
}

#[test]
fn any_parts_in_any_order_come_to_the_same_sums() {
    let changes = proptest::collection::vec((any_change(), 0..5_usize), 0..60);
    check(changes, |changes| {
        let mut whole = Sums::default();
        let mut parts = vec![Sums::default(); 5];
        for (change, part) in changes {
            let Some(sums) = change.sums() else { continue };
            whole.add(&sums);
            // What comes later is put before, in one part of two.
            let part = &mut parts[part];
            let mut sums = sums;
            sums.add(part);
            *part = sums;
        }
        let mut together = Sums::default();
        parts.iter().rev().for_each(|part| together.add(part));
        prop_assert_eq!(&together, &whole);
        prop_assert_eq!(fields(&together), fields(&whole));
        Ok(())
    });
}

#[test]
fn a_number_that_is_too_large_stays_the_largest() {
    let mut sums = Sums::default();
    let mut change = changed("transactions/t-1", "PENDING", "SETTLED");
    let fields_of = &mut change.after.as_mut().expect("there").document.fields;
    fields_of.insert("amount".to_owned(), Value::Int(i64::MAX));
    for _ in 0..2 {
        sums.add(&change.sums().expect("it counts"));
    }
    let largest = Value::Map([("CZK".to_owned(), Value::Int(i64::MAX))].into());
    assert_eq!(fields(&sums)["amounts"], Value::Map([("DEPOSIT".to_owned(), largest)].into()));
}

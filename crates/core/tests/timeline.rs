//! The timeline's entries: which changes they show, and which values they omit.

use boma_core::{
    event::{envelope::Envelope, origin::Origin},
    kernel::{
        ids::{Id, LeadId, TransactionId, UserId},
        timestamp::Timestamp,
    },
    protocol::{
        decision::{Effects, Move},
        timeline::{MAX_CHANGES, MAX_VALUE_BYTES, entry},
    },
    store::{
        document::{Document, UpdateTime},
        path::DocumentPath,
        snapshot::{Snapshot, Stored},
        value::{Map, Value, map},
        write::Write,
    },
};

const USER: &str = "a158d2ce-5e11-5035-81bf-299f0e0d6b56";

fn user() -> UserId {
    UserId::parse(USER).expect("an id")
}

fn lead() -> DocumentPath {
    DocumentPath::lead(LeadId::parse(USER).expect("an id"))
}

fn event(event_type: &str, data: &str) -> Envelope {
    let event = format!(
        r#"{{"specversion":"1.0","id":"00000000-0000-4000-8000-000000000001","source":"//test","type":"{event_type}",
            "subject":"{USER}","time":"2026-01-01T00:00:00Z","data":{data}}}"#
    );
    Envelope::parse(event.as_bytes(), Origin::Anywhere).expect("an event")
}

/// The fields of the entry that these effects give, where the document at `path` holds `before`.
fn entry_of(data: &str, path: DocumentPath, before: Map, effects: &Effects) -> Map {
    entry_with(&event("KycReleased", data), path, before, effects)
}

fn entry_with(envelope: &Envelope, path: DocumentPath, before: Map, effects: &Effects) -> Map {
    let mut snapshot = Snapshot::default();
    let updated_at = UpdateTime { seconds: 1, nanos: 0 };
    snapshot.insert(path, Some(Stored { document: Document { fields: before }, updated_at }));
    let now = Timestamp::parse("2026-01-01T00:00:02Z").expect("a time");
    let write = entry(user(), "kyc", envelope, effects, &snapshot, now);
    assert_eq!(write.path.to_string(), format!("users/{USER}/timeline/kyc.00000000-0000-4000-8000-000000000001"));
    write.changes.into_iter().map(|change| (change.field.join("."), change.value.expect("a value"))).collect()
}

/// `field: old -> new` of each change.
fn changes(path: DocumentPath, before: Map, write: Write) -> Vec<String> {
    let entry = entry_of("{}", path, before, &Effects { writes: vec![write], ..Effects::default() });
    let Some(Value::Array(changes)) = entry.get("changes") else { panic!("no changes: {entry:?}") };
    let line = |change: &Value| {
        let Value::Map(change) = change else { panic!("not a map: {change:?}") };
        let text = |name| match change.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(value) => format!("{value:?}"),
            None => "-".to_owned(),
        };
        match change.get("omitted") {
            Some(Value::String(why)) => {
                assert!(!change.contains_key("old") && !change.contains_key("new"), "{change:?}");
                format!("{}: {why}", text("field"))
            }
            _ => format!("{}: {} -> {}", text("field"), text("old"), text("new")),
        }
    };
    changes.iter().map(line).collect()
}

#[test]
fn personal_values_are_left_out_wherever_they_stand() {
    let profile = map([("profileData", Value::Map(map([("email", "ada@example.com".into())])))]);
    let write = Write::to(DocumentPath::user(user())).set("profileData.email", "ada@example.org");
    assert_eq!(changes(DocumentPath::user(user()), profile, write), ["profileData.email: PERSONAL"]);
    let write = Write::to(lead()).set("phone", "+420").set("contact.fullName", "Ada").set("region", "Brno");
    let shown = changes(lead(), Map::new(), write);
    assert_eq!(shown, ["phone: PERSONAL", "contact.fullName: PERSONAL", "region: - -> Brno"], "unknown fields are");
    let entry = |name: &str| vec![Value::Map(map([(name, "Ada".into())]))];
    let payment = DocumentPath::transaction(TransactionId::parse(USER).expect("an id"));
    let write = Write::to(payment.clone()).set("postings", entry("account"));
    let shown = changes(payment, map([("postings", entry("payer").into())]), write);
    assert_eq!(shown, ["postings: PERSONAL"], "for what it was");
}

#[test]
fn a_list_too_long_to_keep_is_left_out_and_a_text_as_long_as_an_event_may_carry_is_told() {
    let longest = "x".repeat(MAX_VALUE_BYTES);
    let list = vec![Value::from(longest.as_str()), "y".into()];
    let case = DocumentPath::kyc_case(user());
    let write =
        Write::to(case.clone()).set("reasons", list.clone()).set("reviewId", longest.as_str()).set("attempt", 1);
    let shown = changes(case, map([("attempt", list.into())]), write);
    assert_eq!(shown, ["reasons: LARGE".to_owned(), format!("reviewId: - -> {longest}"), "attempt: LARGE".to_owned()]);
}

#[test]
fn beyond_so_many_changes_they_are_only_counted() {
    let write = (0..MAX_CHANGES + 3).fold(Write::to(lead()), |write, number| write.set(&format!("f{number}"), 1));
    let entry = entry_of("{}", lead(), Map::new(), &Effects { writes: vec![write], ..Effects::default() });
    assert!(matches!(entry.get("changes"), Some(Value::Array(changes)) if changes.len() == MAX_CHANGES));
    assert_eq!(entry.get("moreChanges"), Some(&Value::Int(3)));
}

#[test]
fn what_is_written_as_it_was_and_when_it_was_written_is_no_change() {
    let before = map([("status", "NEW".into()), ("updatedAt", "yesterday".into())]);
    let write = Write::to(lead()).set("status", "NEW").set("updatedAt", "today").set_or_clear("reason", None::<&str>);
    assert_eq!(changes(lead(), before, write), [""; 0]);
}

#[test]
fn maps_are_told_field_by_field() {
    let held = |available: i64| Value::Map(map([("available", available.into()), ("pending", 0.into())]));
    let before = map([("CZK", held(1)), ("EUR", held(2)), ("USD", 3.into())]);
    let write = Write::to(DocumentPath::user(user()))
        .set("balances.CZK", held(5))
        .set("balances.JPY", held(7))
        .set("balances.BHD", Map::new())
        .set_or_clear("balances.EUR", None::<i64>)
        .set("balances.USD", held(3));
    assert_eq!(
        changes(DocumentPath::user(user()), map([("balances", before.into())]), write),
        [
            "balances.CZK.available: Int(1) -> Int(5)",
            "balances.JPY.available: - -> Int(7)",
            "balances.JPY.pending: - -> Int(0)",
            "balances.BHD: - -> Map({})",
            "balances.EUR.available: Int(2) -> -",
            "balances.EUR.pending: Int(0) -> -",
            r#"balances.USD: Int(3) -> Map({"available": Int(3), "pending": Int(0)})"#,
        ]
    );
}

#[test]
fn an_operator_is_named_and_otherwise_the_source() {
    let by = |data| entry_of(data, lead(), Map::new(), &Effects::default()).remove("by");
    assert_eq!(by(r#"{"operator":"op-1"}"#), Some("op-1".into()));
    for data in ["{}", r#"{"operator":""}"#, r#"{"operator":7}"#] {
        assert_eq!(by(data), Some("//test".into()), "{data}");
    }
}

#[test]
fn only_a_type_that_declares_an_operator_names_one() {
    let entry = entry_with(&event("KycSubmitted", r#"{"operator":"op-1"}"#), lead(), Map::new(), &Effects::default());
    for name in ["by", "source"] {
        assert_eq!(entry.get(name), Some(&"//test".into()), "{name}");
    }
}

#[test]
fn an_entry_says_when_what_and_from_where_to_where() {
    let moved = Some(Move { from: Some("ON_HOLD"), to: "IN_REVIEW" });
    let entry = entry_of("{}", lead(), Map::new(), &Effects { moved, ..Effects::default() });
    let at = |text| Value::Timestamp(Timestamp::parse(text).expect("a time"));
    let whole = map([
        ("at", at("2026-01-01T00:00:00Z")),
        ("recordedAt", at("2026-01-01T00:00:02Z")),
        ("type", "KycReleased".into()),
        ("by", "//test".into()),
        ("source", "//test".into()),
        ("from", "ON_HOLD".into()),
        ("to", "IN_REVIEW".into()),
        ("changes", Vec::<Value>::new().into()),
    ]);
    assert_eq!(entry, whole);
    let made = entry_of(
        "{}",
        lead(),
        Map::new(),
        &Effects { moved: moved.map(|it| Move { from: None, ..it }), ..Effects::default() },
    );
    assert!(!made.contains_key("from") && made.contains_key("to"), "{made:?}");
}

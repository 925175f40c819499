//! Fuzz targets, one for each place where bytes come in from outside. A target takes any bytes, and panics if its property
//! doesn't hold. `tests/corpus.rs` runs each over its corpus, `libfuzzer/` without end.

mod caller;
mod firestore;
mod json;
mod money;
mod push;

/// The name, which is also that of its folder below `corpus/`, and the property.
pub type Target = (&'static str, fn(&[u8]));

pub const TARGETS: &[Target] = &[
    ("caller-token", caller::token),
    ("canonical-json", json::canonical_json),
    ("envelope", json::envelope),
    ("firestore-answer", firestore::answer),
    ("firestore-value", firestore::value),
    ("money", money::money),
    ("push-body", push::push_body),
    ("trigger", firestore::trigger),
];

/// # Panics If there is no such target, or if its property doesn't hold.
pub fn run(target: &str, bytes: &[u8]) {
    let (_, check) = TARGETS.iter().find(|(name, _)| *name == target).expect("a target's name");
    check(bytes);
}

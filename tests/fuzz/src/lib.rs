//! What must hold for any bytes, at each place where bytes come in from outside. A target takes the bytes and panics if it
//! doesn't hold: `tests/corpus.rs` runs each over its corpus, `libfuzzer/` for as long as one likes.

mod caller;
mod firestore;
mod json;
mod money;
mod push;

/// A name, which is that of its folder below `corpus/`, and what must hold.
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

/// # Panics
/// If there is no such target, or if what must hold doesn't.
pub fn run(target: &str, bytes: &[u8]) {
    let (_, check) = TARGETS.iter().find(|(name, _)| *name == target).expect("a target's name");
    check(bytes);
}

//! Changes of documents, made up.

use boma_core::{
    domain::pulse::{Changed, Sums},
    kernel::timestamp::Timestamp,
    store::{
        document::{Document, UpdateTime},
        snapshot::Stored,
        value::{Value, map},
    },
};
use proptest::{prelude::*, sample::select};

pub(crate) const NOON_MS: i64 = 1_772_366_400_000;

#[derive(Clone, Debug)]
pub(crate) struct MadeUp {
    pub(crate) path: String,
    pub(crate) before: Option<Stored>,
    pub(crate) after: Option<Stored>,
}

impl MadeUp {
    /// What it adds.
    pub(crate) fn sums(&self) -> Option<Sums> {
        let MadeUp { path, before, after } = self;
        let changed = Changed { path, before: before.as_ref(), after: after.as_ref(), is_cut: false };
        changed.sums(at(0))
    }
}

/// So many milliseconds after noon.
pub(crate) fn at(ms: i64) -> Timestamp {
    Timestamp::from_micros((NOON_MS + ms) * 1_000).expect("in range")
}

/// With the status in the field that it has in that collection, written so many milliseconds after noon.
pub(crate) fn document(collection: &str, status: &str, written_ms: i64) -> Stored {
    let field = match collection {
        "users" => "kycStatus",
        "kyc_cases" => "check",
        _ => "status",
    };
    let mut fields = map([(field, status.into())]);
    if collection == "transactions" {
        let money = [("kind", "DEPOSIT".into()), ("currency", "CZK".into()), ("amount", Value::Int(1_250))];
        fields.extend(map(money));
    }
    let micros = (NOON_MS + written_ms) * 1_000;
    let nanos = i32::try_from(micros % 1_000_000 * 1_000).expect("less than a second");
    Stored { document: Document { fields }, updated_at: UpdateTime { seconds: micros / 1_000_000, nanos } }
}

pub(crate) fn created(collection: &str, id: &str, status: &str, written_ms: i64) -> MadeUp {
    MadeUp { path: format!("{collection}/{id}"), before: None, after: Some(document(collection, status, written_ms)) }
}

/// Of few documents, so that many are of the same one, and in few moments.
pub(crate) fn any_change() -> impl Strategy<Value = MadeUp> {
    let collection = select(vec!["users", "transactions", "leads", "kyc_cases", "dead_letters", "mail"]);
    let status = || proptest::option::weighted(0.9, select(vec!["PENDING", "SETTLED", "OPEN", "REPLAYED"]));
    (collection, 0..40_u8, status(), status(), 0..30_i64).prop_map(|(collection, id, before, after, written_ms)| {
        let stored = |status: Option<&str>, ms| status.map(|status| document(collection, status, ms));
        MadeUp { path: format!("{collection}/{id}"), before: stored(before, 0), after: stored(after, written_ms) }
    })
}

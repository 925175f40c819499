//! The documents of a run about customers, leads and prices, without the moments of handling. Mails that have expired are among them.

use std::collections::BTreeMap;

use googleapis_tonic_google_firestore_v1::google::firestore::v1::{Value, value::ValueType};

use crate::{
    stored::{Fields, is_state, text},
    world::{ROOT, World},
};

/// Documents by their path.
pub type Export = BTreeMap<String, Fields>;

/// Events that functions publish: their `at` is the time of the decision, or of the clock's run.
const OWN_FACTS: &[&str] =
    &["UserActive", "UserRestricted", "NotificationRequested", "KycExpired", "KycLapsed", "WithdrawalExpired"];

/// Moments of handling, and deadlines that count from them.
const MOMENTS: &[&str] = &["updatedAt", "recordedAt", "dueAt", "expiresAt", "expireAt"];

pub fn export(world: &World) -> Export {
    let deleted = world.history.deleted_mails.iter().map(|(name, fields)| (name.as_str(), fields));
    let all = world.store.documents().chain(deleted);
    let own = all.filter_map(|(name, fields)| Some((name.strip_prefix(ROOT)?, fields)));
    let kept = own.filter(|(path, _)| is_state(path.split('/').next().unwrap_or_default()));
    kept.map(|(path, fields)| (path.to_owned(), without_handling(fields))).collect()
}

fn without_handling(fields: &Fields) -> Fields {
    let kept = fields.iter().filter(|(name, _)| !is_of_handling(name, fields));
    kept.map(|(name, value)| (name.clone(), value_without_handling(value))).collect()
}

fn is_of_handling(name: &str, fields: &Fields) -> bool {
    match name {
        "at" => OWN_FACTS.contains(&text(fields, "type")) || is_window_entry(fields),
        // The timeline names a changed field beside its values.
        "old" | "new" => MOMENTS.contains(&text(fields, "field")),
        _ => MOMENTS.contains(&name),
    }
}

/// A withdrawal counts for a limit from the decision on.
fn is_window_entry(fields: &Fields) -> bool {
    fields.contains_key("transactionId") && fields.contains_key("amount")
}

fn value_without_handling(value: &Value) -> Value {
    let mut value = value.clone();
    match &mut value.value_type {
        Some(ValueType::MapValue(map)) => map.fields = without_handling(&map.fields),
        Some(ValueType::ArrayValue(array)) => {
            for item in &mut array.values {
                *item = value_without_handling(item);
            }
        }
        _ => {}
    }
    value
}

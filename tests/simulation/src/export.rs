//! The documents of a run about customers, leads and prices, without the fields that hold the time of handling.

use std::collections::BTreeMap;

use crate::{
    stored::{Fields, is_state, text},
    world::{ROOT, World},
};

/// Documents by their path.
pub type Export = BTreeMap<String, Fields>;

/// Events that functions publish: their `at` is the time of the decision.
const OWN_FACTS: &[&str] = &["UserActive", "UserRestricted", "NotificationRequested"];

pub fn export(world: &World) -> Export {
    let own = world.store.documents().filter_map(|(name, fields)| Some((name.strip_prefix(ROOT)?, fields)));
    let kept = own.filter(|(path, _)| is_state(path.split('/').next().unwrap_or_default()));
    kept.map(|(path, fields)| (path.to_owned(), without_handling(fields))).collect()
}

fn without_handling(fields: &Fields) -> Fields {
    let is_own_fact = OWN_FACTS.contains(&text(fields, "type"));
    let is_handling = |name: &str| matches!(name, "updatedAt" | "recordedAt") || name == "at" && is_own_fact;
    let kept = fields.iter().filter(|(name, _)| !is_handling(name));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

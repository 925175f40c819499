//! An event: strict JSON, its canonical form, its envelope.

use boma_core::{
    event::{
        catalog::Topic,
        envelope::{Envelope, PartialEnvelope},
        origin::{FirstEdition, Origin},
    },
    kernel::{digest::canonical, json::parse_object},
};
use serde_json::Value as Json;

/// The canonical form has the same value, is stable, and doesn't depend on the order of keys.
pub(crate) fn canonical_json(bytes: &[u8]) {
    let Ok(map) = parse_object(bytes) else { return };
    let first = canonical(&Json::Object(map.clone()));
    let again: Json = serde_json::from_slice(&first).expect("canonical JSON is JSON");
    assert_eq!(canonical(&again), first, "canonical twice is not canonical once");
    let reversed = map.into_iter().rev().collect();
    assert_eq!(canonical(&Json::Object(reversed)), first, "the order of keys counts");
}

/// A parsed envelope is complete. An error names the rule that is broken, and quotes no value.
pub(crate) fn envelope(bytes: &[u8]) {
    match Envelope::parse(bytes, Origin::Anywhere) {
        Ok(envelope) => {
            let topic = envelope.event_type.topic();
            let from = |topic| Envelope::parse(bytes, Origin::Published(topic, FirstEdition::Drained));
            assert_eq!(from(topic).expect("on its own topic as well"), envelope);
            assert_eq!(PartialEnvelope::from(&envelope).event_id, Some(envelope.id));
            let mut others = Topic::ALL.iter().filter(|other| **other != topic);
            assert!(others.all(|other| from(*other).is_err()), "on another's topic");
        }
        Err((malformed, _)) => {
            let reason = malformed.reason();
            let (path, rule) = reason.split_once(": ").expect("a path and a rule");
            assert!(!path.is_empty() && !rule.is_empty() && reason.len() < 400, "{reason}");
        }
    }
}

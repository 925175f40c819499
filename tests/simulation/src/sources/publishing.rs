//! What an author publishes, and what goes wrong around it.

use boma_core::event::catalog::{EventType, Topic};

use super::{author::Author, source_faults};
use crate::{
    content::{Claim, Flaw},
    pubsub::rfc3339,
};

impl Author<'_> {
    /// Publishes an event at the time at which it takes place.
    pub(super) fn publish(&mut self, at_ms: u64, kind: &str, subject: &str, data: serde_json::Value) {
        self.publish_past(at_ms, at_ms, kind, subject, data);
    }

    pub(super) fn publish_past(
        &mut self,
        at_ms: u64,
        took_place_ms: u64,
        kind: &str,
        subject: &str,
        data: serde_json::Value,
    ) {
        let claim = Claim::new(self.chance.uuid(), kind, subject, rfc3339(took_place_ms), data);
        let topic = topic_of(kind);
        let data = claim.event().to_string().into_bytes();
        let content = self.history.content(data, Some(claim), Flaw::None);
        self.plan_message(at_ms, topic, subject, content);
        source_faults::around(self, at_ms, topic, subject, content);
    }
}

fn topic_of(kind: &str) -> Topic {
    EventType::from_name(kind).expect("a type that the catalogue knows").topic()
}

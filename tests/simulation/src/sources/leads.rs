//! The events of one lead.

use serde_json::json;

use super::Author;
use crate::plan::{BEGINNING_MS, FaultKind};

pub(super) fn comes_to_us(author: &mut Author<'_>, registered_ms: u64, lead: &str) {
    let created_ms = if author.hits(FaultKind::Early) {
        author.later(registered_ms)
    } else {
        registered_ms.saturating_sub(author.chance.between(0, 10_000)).max(BEGINNING_MS)
    };
    let created = json!({ "leadId": lead, "region": "Praha", "channel": "web" });
    author.publish(created_ms, "LeadCreated", lead, created);
    if author.hits(FaultKind::Illegal) {
        let at_ms = author.later(created_ms);
        let channel = *author.chance.pick(&["web", "fair"]);
        author.publish(at_ms, "LeadCreated", lead, json!({ "leadId": lead, "region": "Praha", "channel": channel }));
        let at_ms = author.later(created_ms);
        author.publish(at_ms, "LeadContacted", lead, json!({ "leadId": lead, "channel": "phone" }));
    }
}

/// People work on the lead without looking at its state, so some events come too late, say what is so, or are illegal.
pub(super) fn is_worked_on(author: &mut Author<'_>, registered_ms: u64, lead: &str) {
    let mut at_ms = registered_ms.saturating_sub(10_000).max(BEGINNING_MS);
    for _ in 0..author.chance.between(0, 4) {
        at_ms = author.later(at_ms);
        let kind = *author.chance.pick(&["LeadContacted", "LeadQualified", "LeadLost", "LeadReopened"]);
        let mut data = json!({ "leadId": lead, "channel": "phone", "reason": "r", "operator": "o" });
        if !author.chance.one_in(4) {
            data["score"] = author.chance.between(0, 100).into();
        }
        author.publish(at_ms, kind, lead, data);
    }
}

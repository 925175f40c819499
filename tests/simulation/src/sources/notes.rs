//! What operators note about a customer, and whom they assign.

use serde_json::json;

use super::Author;
use crate::plan::FaultKind;

pub(super) fn are_made(author: &mut Author<'_>, mut at_ms: u64, user: &str) {
    let mut last = author.chance.uuid();
    for number in 0..author.chance.between(0, 3) {
        at_ms = author.later(at_ms);
        if author.chance.one_in(2) {
            // Now and then the id of the one before, with its text or another.
            if !author.hits(FaultKind::Illegal) {
                last = author.chance.uuid();
            }
            let text = format!("note {}", number / 2);
            author.publish(at_ms, "NoteAdded", user, json!({ "noteId": last, "text": text, "operator": "o" }));
        } else {
            let assignee = author.chance.pick(&[Some("eva@boma.example"), Some("max@boma.example"), None]);
            author.publish(at_ms, "CustomerAssigned", user, json!({ "assignee": assignee, "operator": "o" }));
        }
    }
}

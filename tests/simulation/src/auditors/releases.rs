//! Letters are released oldest first: what the clock, `release` or a delivery replays has no older letter of its customer before it that
//! waits for the same document. Only letters that it could see count: those that were written before it listed them.

use std::collections::BTreeMap;

use super::Violation;
use crate::{
    plan::DAY_MS,
    stored::{Fields, integer, moment_ms, text},
    world::{ROOT, World},
};

const OLDEST_FIRST: &str = "letters are released oldest first";

/// Letters that are older aren't replayed any more.
const LONGEST_LIFE_MS: u64 = 39 * DAY_MS;

/// `attributes`: of the message, which may be a replay. `listed`: the number of commits when letters were listed for it.
pub fn at_replay(world: &World, attributes: &BTreeMap<String, String>, listed: i64) -> Option<Violation> {
    let prefix = format!("{ROOT}dead_letters/");
    let letter = attributes.get("replayOf")?;
    let own = world.store.get(&format!("{prefix}{letter}"))?;
    // Said again because the answer was lost: it was judged the first time, and may have come back with another document to wait for.
    if attributes.get("replayNumber").and_then(|number| number.parse().ok()) <= integer(own, "replays") {
        return None;
    }
    let received_ms = moment_ms(own, "receivedAt")?;
    let is_before = |name: &str, other: &Fields| {
        let waits = text(other, "kind") == "AWAITED" && text(other, "status") == "OPEN";
        let is_alike = ["subject", "awaits"].iter().all(|name| text(other, name) == text(own, name));
        let filed_ms = moment_ms(other, "receivedAt").unwrap_or(u64::MAX);
        let is_young = world.now_ms().saturating_sub(filed_ms) < LONGEST_LIFE_MS;
        waits && is_alike && is_young && filed_ms < received_ms && world.audit_log.letter_written(name) <= listed
    };
    let older = world.store.documents_below(&prefix).into_iter().find(|(name, other)| is_before(name, other));
    older.map(|(name, _)| {
        let what = format!("{} goes before {}", letter, &name[prefix.len()..]);
        Violation::new(OLDEST_FIRST, what).about(text(own, "subject"))
    })
}

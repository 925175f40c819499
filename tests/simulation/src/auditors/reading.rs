//! What auditors read of the world.

use crate::{
    content::{Claim, Content, Flaw},
    history::{Commit, RecordWrite},
    plan::{DAY_MS, MINUTE_MS},
    stored::{Fields, bytes, moment_ms, text},
    world::{ROOT, World},
};

/// 13 days, less the clock skew.
const PUBLISHED_AGAIN_FOR_MS: u64 = 13 * DAY_MS - MINUTE_MS;

/// A consumer's records in the order in which they were committed, each with what its event claimed.
pub(super) fn records<'a>(
    world: &'a World,
    consumer: &'a str,
) -> impl Iterator<Item = (&'a Commit, &'a RecordWrite, &'a Claim)> + 'a {
    world.history.commits.iter().filter_map(move |commit| {
        let record = commit.record.as_ref().filter(|record| record.consumer == consumer)?;
        Some((commit, record, world.history.claim_of(record)?))
    })
}

/// A consumer's letter of a content, also one that was closed and has expired.
pub(super) fn letter<'a>(world: &'a World, consumer: &str, content: &Content) -> Option<&'a Fields> {
    let prefix = format!("{ROOT}dead_letters/{consumer}.");
    if content.flaw == Flaw::NotAnEvent {
        let deleted = world.history.deleted_letters.iter().filter(|(name, _)| name.starts_with(&prefix));
        let letters = world.store.documents_below(&prefix).chain(deleted.map(|(name, it)| (name.as_str(), it)));
        return letters
            .into_iter()
            .find(|(id, letter)| content.is_told_by(id, bytes(letter, "body")))
            .map(|(_, it)| it);
    }
    let name = format!("{prefix}{}", content.letter_id());
    world.store.get(&name).or_else(|| world.history.deleted_letters.get(&name))
}

/// Whether a consumer has a letter, open or closed, of any content of an event.
pub(super) fn has_letter(world: &World, consumer: &str, event_id: &str) -> bool {
    let contents = world.history.texts_of(event_id).iter().map(|text| &world.history.contents[*text]);
    contents.into_iter().any(|content| letter(world, consumer, content).is_some())
}

/// Whether a consumer has an open letter of an event, other than a refusal.
pub(super) fn has_open_letter(world: &World, consumer: &str, event_id: &str) -> bool {
    let contents = world.history.texts_of(event_id).iter().map(|text| &world.history.contents[*text]);
    contents
        .into_iter()
        .filter_map(|content| letter(world, consumer, content))
        .any(|letter| text(letter, "status") == "OPEN" && text(letter, "kind") != "REFUSED")
}

/// The documents of a collection and below it, by their path after the collection's name.
pub(super) fn documents<'a>(world: &'a World, collection: &str) -> Vec<(&'a str, &'a Fields)> {
    let prefix = format!("{ROOT}{collection}/");
    let below = world.store.documents_below(&prefix);
    below.map(|(name, fields)| (&name[prefix.len()..], fields)).collect()
}

/// The users without their timelines.
pub(super) fn customers(world: &World) -> impl Iterator<Item = (&str, &Fields)> {
    documents(world, "users").into_iter().filter(|(id, _)| !id.contains('/'))
}

/// A document by collection and id.
pub(super) fn document<'a>(world: &'a World, collection: &str, id: &str) -> Option<&'a Fields> {
    world.store.get(&format!("{ROOT}{collection}/{id}"))
}

/// Whether a duplicate of this record no longer publishes its follow-ups (docs/decisions/publishing-again.md).
pub(super) fn is_too_late_to_publish(world: &World, record: &Fields) -> bool {
    let processed_ms = moment_ms(record, "processedAt").unwrap_or(0);
    world.now_ms().saturating_sub(processed_ms) > PUBLISHED_AGAIN_FOR_MS
}

/// The state after so many commits.
pub(super) fn as_of<T>(history: &[(i64, T)], commits: i64) -> Option<&T> {
    history.iter().rev().find(|(number, _)| *number <= commits).map(|(_, state)| state)
}

//! Each response of a function to a push: an acknowledged message is durable, and deadlines are kept.

use super::{Violation, has_open_letter, is_too_late_to_publish, letter};
use crate::{
    content::{Content, Flaw, is_heard},
    coverage::Sometimes,
    history::{Publication, RecordWrite},
    stored::{Fields, integer, text, texts},
    world::{ROOT, World},
};

/// A function's response to a push.
#[derive(Clone, Debug)]
pub struct PushResponse {
    pub function: &'static str,
    pub message: usize,
    pub attempt: u32,
    pub status: u16,
    pub outcome: &'static str,
    pub has_trapped: bool,
    /// Whether a call failed, so that a retry is right.
    pub has_failed: bool,
}

const DURABLE: &str = "acked means durable";
const DEADLINES: &str = "patience";
const TRUTHFUL: &str = "an outcome says what happened";
const RETRIED: &str = "nothing is retried without a fault";

const CRASHES_TO_FILE: u32 = 5;
/// A function responds within its timeout of 50 s.
const LONGEST_DELIVERY_MS: u64 = 50_000;

pub fn at_push_response(world: &mut World, response: &PushResponse) -> Option<Violation> {
    note(world, response);
    let publication = &world.history.publications[response.message];
    let content = &world.history.contents[publication.content];
    let what = match response.status {
        200..300 => kept(world, response, publication, content),
        _ => None,
    };
    let what = what.or_else(|| misses_deadline(response)).or_else(|| retried_for_nothing(response));
    what.map(|violation| violation.about(&publication.key))
}

fn kept(world: &World, response: &PushResponse, publication: &Publication, content: &Content) -> Option<Violation> {
    let consumer = consumer_of(response, publication);
    let is_for_another = publication.attributes.get("replayFor").is_some_and(|named| named != consumer);
    let is_for_others = response.function != "dead-letters"
        && content.flaw != Flaw::NotAnEvent
        && content.claim.as_ref().is_some_and(|claim| !is_heard(consumer, &claim.kind));
    let is_out_of_place = content.flaw == Flaw::OutOfPlace;
    let untrue = |why: &str| Some(Violation::new(TRUTHFUL, described(response, why)));
    match response.outcome {
        "PASSED" if is_for_another || (is_for_others && !is_out_of_place) => None,
        // What was filed as out of place may be replayed to the consumer that filed it: on `replays` nothing is out of place.
        "PASSED" if is_for_others && publication.attributes.contains_key("replayOf") => None,
        // What is shared, and another consumer is given.
        "PASSED" if consumer == "dead-letters" => None,
        // A message that trapped the instance is filed without being parsed.
        "CRASHED" if response.has_trapped && !is_for_another => filed(world, response, consumer, content),
        "MALFORMED" if is_out_of_place || consumer == "dead-letters" => filed(world, response, consumer, content),
        _ if is_out_of_place => untrue("its topic may not say it"),
        _ if is_for_another || is_for_others => untrue("it isn't for this consumer"),
        "APPLIED" | "IGNORED" | "REFUSED" | "DUPLICATE" => recorded(world, response, consumer, publication, content),
        "CONFLICT" if conflicting_texts(world, content) < 2 => untrue("nothing else has this id"),
        "MALFORMED" if content.flaw == Flaw::None => untrue("there is nothing wrong with it"),
        "CONFLICT" | "MALFORMED" | "AWAITED" | "EXHAUSTED" => filed(world, response, consumer, content),
        _ => untrue("no such outcome is acknowledged"),
    }
}

/// The record of this claim is stored, and all its follow-ups are published.
fn recorded(
    world: &World,
    response: &PushResponse,
    consumer: &str,
    publication: &Publication,
    content: &Content,
) -> Option<Violation> {
    let lost = |what: &str| Some(Violation::new(DURABLE, described(response, what)));
    let Some(claim) = &content.claim else { return lost("there is no event in it") };
    if response.outcome == "DUPLICATE" && has_come_back(world, publication) {
        return None;
    }
    let id = format!("{consumer}.{}", claim.id);
    let stored = super::document(world, "processed_events", &id);
    let stored = stored.map(|record| (text(record, "digest").to_owned(), texts(record, "outgoingIds")));
    let expired = || {
        let record = last_record(world, consumer, &claim.id)?;
        let is_known = response.outcome == "DUPLICATE" && may_have_expired(world, &id, publication);
        is_known.then(|| (record.digest.clone(), record.outgoing_ids.clone()))
    };
    let Some((digest, owed)) = stored.or_else(expired) else { return lost("there is no record") };
    if digest != claim.digest() {
        return lost("the record is of another claim");
    }
    let unpublished = owed.iter().find(|id| !world.history.published_events.contains_key(*id));
    if let Some(unpublished) = unpublished.filter(|_| !is_left_to_a_person(world, consumer, &claim.id)) {
        return lost(&format!("the follow-up {unpublished} was never published"));
    }
    if response.outcome == "REFUSED" { filed(world, response, consumer, content) } else { None }
}

/// Whether only an open letter is left of unpublished follow-ups: the message was committed, and comes again when it is too
/// late to publish (docs/decisions/publishing-again.md).
fn is_left_to_a_person(world: &World, consumer: &str, event_id: &str) -> bool {
    let record = super::document(world, "processed_events", &format!("{consumer}.{event_id}"));
    let is_too_late = record.is_none_or(|record| is_too_late_to_publish(world, record));
    is_too_late && has_open_letter(world, consumer, event_id)
}

/// Whether this replay was acknowledged before, and its letter stayed open.
fn has_come_back(world: &World, publication: &Publication) -> bool {
    let Some(letter) = replayed_letter(world, publication) else { return false };
    let number = publication.attributes.get("replayNumber").and_then(|number| number.parse::<i64>().ok());
    let is_counted = number.zip(integer(letter, "replays")).is_some_and(|(number, replays)| number <= replays);
    text(letter, "status") == "OPEN" && text(letter, "kind") == "EXHAUSTED" && is_counted
}

/// Whether the record may have expired since the delivery read it. A replay that comes again after that is recognized by its
/// closed letter, which doesn't expire.
fn may_have_expired(world: &World, id: &str, publication: &Publication) -> bool {
    let Some(expired_ms) = world.history.expired.get(&format!("{ROOT}processed_events/{id}")) else { return false };
    let is_drained = replayed_letter(world, publication).is_some_and(|letter| text(letter, "status") != "OPEN");
    is_drained || world.now_ms() - expired_ms <= LONGEST_DELIVERY_MS
}

fn replayed_letter<'a>(world: &'a World, publication: &Publication) -> Option<&'a Fields> {
    super::document(world, "dead_letters", publication.attributes.get("replayOf")?)
}

fn last_record<'a>(world: &'a World, consumer: &str, event_id: &str) -> Option<&'a RecordWrite> {
    let written = world.history.commits.iter().rev().filter_map(|commit| commit.record.as_ref());
    written.into_iter().find(|record| record.consumer == consumer && record.event_id == event_id)
}

fn filed(world: &World, response: &PushResponse, consumer: &str, content: &Content) -> Option<Violation> {
    let is_there = letter(world, consumer, content).is_some();
    (!is_there).then(|| Violation::new(DURABLE, described(response, "there is no letter")))
}

/// A message that traps is filed from the fifth attempt on.
fn misses_deadline(response: &PushResponse) -> Option<Violation> {
    let (is_acked, is_due) = (response.status < 300, response.attempt >= CRASHES_TO_FILE);
    // A message for another consumer is passed, even if it trapped the instance.
    let is_passed = response.outcome == "PASSED";
    let is_late = response.has_trapped && is_acked != is_due && !response.has_failed && !is_passed;
    is_late.then(|| Violation::new(DEADLINES, described(response, "of a message that breaks its instance")))
}

/// A message is retried only if a call failed or its instance trapped.
fn retried_for_nothing(response: &PushResponse) -> Option<Violation> {
    let has_reason = response.has_failed || response.has_trapped;
    (response.status >= 300 && !has_reason)
        .then(|| Violation::new(RETRIED, described(response, "and nothing had failed")))
}

/// Dead letters are filed for the consumer whose subscription gave the message up.
fn consumer_of<'a>(response: &PushResponse, publication: &'a Publication) -> &'a str {
    let source = publication.attributes.get("CloudPubSubDeadLetterSourceSubscription");
    match source.filter(|_| response.function == "dead-letters").and_then(|name| name.split('.').next()) {
        Some(consumer) => consumer,
        None => response.function,
    }
}

fn conflicting_texts(world: &World, content: &Content) -> usize {
    let texts = world.history.texts_of(content.event_id().unwrap_or_default());
    let mut digests: Vec<_> =
        texts.iter().filter_map(|text| world.history.contents[*text].claim.as_ref()).map(|it| it.digest()).collect();
    digests.sort_unstable();
    digests.dedup();
    digests.len()
}

fn described(response: &PushResponse, what: &str) -> String {
    let PushResponse { function, message, attempt, status, outcome, .. } = response;
    format!("{function} answers {status} {outcome} to message {message}, attempt {attempt}: {what}")
}

fn note(world: &mut World, response: &PushResponse) {
    let seen = match response.outcome {
        "APPLIED" => Sometimes::Applied,
        "IGNORED" => Sometimes::Stale,
        "REFUSED" => Sometimes::Refused,
        "DUPLICATE" if response.function == "dead-letters" => Sometimes::ExhaustedCommitted,
        "DUPLICATE" => Sometimes::Duplicate,
        "CONFLICT" => Sometimes::Conflict,
        "MALFORMED" => Sometimes::Malformed,
        "AWAITED" => Sometimes::Awaited,
        "CRASHED" => Sometimes::Crashed,
        "EXHAUSTED" => Sometimes::Exhausted,
        "PASSED" => Sometimes::Passed,
        _ => return,
    };
    world.coverage.see(seen);
}

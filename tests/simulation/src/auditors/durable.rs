//! Each word that a function gives, as it gives it: what is acknowledged is durable, and patience ends where it should.

use super::{Violation, Word, has_open_letter, is_too_late_to_publish, letter};
use crate::{
    chronicle::{Publication, RecordWrite},
    content::{Content, Flaw, is_heard},
    coverage::Sometimes,
    stored::{Fields, integer, text, texts},
    world::{ROOT, World},
};

const DURABLE: &str = "acked means durable";
const PATIENCE: &str = "patience";
const TRUTHFUL: &str = "an outcome says what happened";
const RETRIED: &str = "nothing is retried without a fault";

const CRASHES_TO_FILE: u32 = 5;
/// A function answers within its own 50 s.
const LONGEST_DELIVERY_MS: u64 = 50_000;
/// A minute, less what clocks may differ.
const SHORTEST_WAIT_MS: u64 = 58_000;

pub fn at_a_word(world: &mut World, word: &Word) -> Option<Violation> {
    note(world, word);
    let publication = &world.chronicle.publications[word.message];
    let content = &world.chronicle.contents[publication.content];
    let what = match word.status {
        200..300 => kept(world, word, publication, content),
        _ => None,
    };
    let what = what.or_else(|| impatient(world, word, publication)).or_else(|| retried_for_nothing(word));
    what.map(|violation| violation.about(&publication.key))
}

fn kept(world: &World, word: &Word, publication: &Publication, content: &Content) -> Option<Violation> {
    let consumer = consumer_of(word, publication);
    let is_for_another = publication.attributes.get("replayFor").is_some_and(|named| named != consumer);
    let is_for_others = word.function != "dead-letters"
        && content.flaw != Flaw::NotAnEvent
        && content.claim.as_ref().is_some_and(|claim| !is_heard(consumer, &claim.kind));
    let untrue = |why: &str| Some(Violation::new(TRUTHFUL, told(word, why)));
    match word.outcome {
        "PASSED" if is_for_another || is_for_others => None,
        // What broke the instance is filed without being read.
        "CRASHED" if word.has_trapped && !is_for_another => filed(world, word, consumer, content),
        _ if is_for_another || is_for_others => untrue("it isn't for this consumer"),
        "APPLIED" | "IGNORED" | "REFUSED" | "DUPLICATE" => recorded(world, word, consumer, publication, content),
        "CONFLICT" if conflicting_texts(world, content) < 2 => untrue("nothing else has this id"),
        "MALFORMED" if content.flaw == Flaw::None => untrue("there is nothing wrong with it"),
        "CONFLICT" | "MALFORMED" | "AWAITED" | "EXHAUSTED" => filed(world, word, consumer, content),
        _ => untrue("no such outcome is acknowledged"),
    }
}

/// The record of this very claim is stored, and a topic has taken all that it owes.
fn recorded(
    world: &World,
    word: &Word,
    consumer: &str,
    publication: &Publication,
    content: &Content,
) -> Option<Violation> {
    let lost = |what: &str| Some(Violation::new(DURABLE, told(word, what)));
    let Some(claim) = &content.claim else { return lost("there is no event in it") };
    if word.outcome == "DUPLICATE" && has_come_back(world, publication) {
        return None;
    }
    let id = format!("{consumer}.{}", claim.id);
    let stored = super::document(world, "processed_events", &id);
    let stored = stored.map(|record| (text(record, "digest").to_owned(), texts(record, "outgoingIds")));
    let expired = || {
        let record = last_record(world, consumer, &claim.id)?;
        let is_known = word.outcome == "DUPLICATE" && may_have_expired(world, &id, publication);
        is_known.then(|| (record.digest.clone(), record.outgoing_ids.clone()))
    };
    let Some((digest, owed)) = stored.or_else(expired) else { return lost("there is no record") };
    if digest != claim.digest() {
        return lost("the record is of another claim");
    }
    let unpublished = owed.iter().find(|id| !world.chronicle.published_events.contains_key(*id));
    if let Some(unpublished) = unpublished.filter(|_| !is_left_to_a_person(world, consumer, &claim.id)) {
        return lost(&format!("the follow-up {unpublished} was never published"));
    }
    if word.outcome == "REFUSED" { filed(world, word, consumer, content) } else { None }
}

/// A letter may be of what was committed and not published. If nobody replayed it in time, it is too late to publish when the
/// message comes again (docs/decisions/publishing-again.md): the letter is what is left.
fn is_left_to_a_person(world: &World, consumer: &str, event_id: &str) -> bool {
    let record = super::document(world, "processed_events", &format!("{consumer}.{event_id}"));
    let is_too_late = record.is_none_or(|record| is_too_late_to_publish(world, record));
    is_too_late && has_open_letter(world, consumer, event_id)
}

/// This replay of a letter was acknowledged before with the letter open: nothing but that is left of it.
fn has_come_back(world: &World, publication: &Publication) -> bool {
    let Some(letter) = replayed_letter(world, publication) else { return false };
    let number = publication.attributes.get("replayNumber").and_then(|number| number.parse::<i64>().ok());
    let is_counted = number.zip(integer(letter, "replays")).is_some_and(|(number, replays)| number <= replays);
    text(letter, "status") == "OPEN" && text(letter, "kind") == "EXHAUSTED" && is_counted
}

/// A record that was there when the delivery looked may have expired since. And a replay that comes again after the record's
/// end is known by its letter, which is settled and stays.
fn may_have_expired(world: &World, id: &str, publication: &Publication) -> bool {
    let Some(expired_ms) = world.chronicle.expired.get(&format!("{ROOT}processed_events/{id}")) else { return false };
    let is_settled = replayed_letter(world, publication).is_some_and(|letter| text(letter, "status") != "OPEN");
    is_settled || world.now_ms() - expired_ms <= LONGEST_DELIVERY_MS
}

fn replayed_letter<'a>(world: &'a World, publication: &Publication) -> Option<&'a Fields> {
    super::document(world, "dead_letters", publication.attributes.get("replayOf")?)
}

fn last_record<'a>(world: &'a World, consumer: &str, event_id: &str) -> Option<&'a RecordWrite> {
    let written = world.chronicle.commits.iter().rev().filter_map(|commit| commit.record.as_ref());
    written.into_iter().find(|record| record.consumer == consumer && record.event_id == event_id)
}

fn filed(world: &World, word: &Word, consumer: &str, content: &Content) -> Option<Violation> {
    let is_there = letter(world, consumer, content).is_some();
    (!is_there).then(|| Violation::new(DURABLE, told(word, "there is no letter")))
}

/// What traps is filed from the fifth attempt on, and not before; what waits is filed after a minute.
fn impatient(world: &World, word: &Word, publication: &Publication) -> Option<Violation> {
    let (is_acked, is_due) = (word.status < 300, word.attempt >= CRASHES_TO_FILE);
    // What isn't for this consumer is passed, even if it breaks the instance.
    let is_passed = word.outcome == "PASSED";
    if word.has_trapped && is_acked != is_due && !word.has_failed && !is_passed {
        return Some(Violation::new(PATIENCE, told(word, "of a message that breaks its instance")));
    }
    let is_too_soon = word.outcome == "AWAITED" && world.now_ms() - publication.at_ms < SHORTEST_WAIT_MS;
    is_too_soon.then(|| Violation::new(PATIENCE, told(word, "before it was a minute old")))
}

/// What can't be settled comes again only because something failed, or because it waits.
fn retried_for_nothing(word: &Word) -> Option<Violation> {
    let has_reason = word.has_failed || word.has_trapped || word.outcome == "DEFERRED";
    (word.status >= 300 && !has_reason).then(|| Violation::new(RETRIED, told(word, "and nothing had failed")))
}

/// Dead letters are filed for the consumer whose subscription gave the message up.
fn consumer_of<'a>(word: &Word, publication: &'a Publication) -> &'a str {
    let source = publication.attributes.get("CloudPubSubDeadLetterSourceSubscription");
    match source.filter(|_| word.function == "dead-letters").and_then(|name| name.split('.').next()) {
        Some(consumer) => consumer,
        None => word.function,
    }
}

fn conflicting_texts(world: &World, content: &Content) -> usize {
    let texts = world.chronicle.texts_of(content.event_id().unwrap_or_default());
    let mut digests: Vec<_> =
        texts.iter().filter_map(|text| world.chronicle.contents[*text].claim.as_ref()).map(|it| it.digest()).collect();
    digests.sort_unstable();
    digests.dedup();
    digests.len()
}

fn told(word: &Word, what: &str) -> String {
    let Word { function, message, attempt, status, outcome, .. } = word;
    format!("{function} answers {status} {outcome} to message {message}, attempt {attempt}: {what}")
}

fn note(world: &mut World, word: &Word) {
    let seen = match word.outcome {
        "APPLIED" => Sometimes::Applied,
        "IGNORED" => Sometimes::Stale,
        "REFUSED" => Sometimes::Refused,
        "DUPLICATE" if word.function == "dead-letters" => Sometimes::ExhaustedCommitted,
        "DUPLICATE" => Sometimes::Duplicate,
        "CONFLICT" => Sometimes::Conflict,
        "MALFORMED" => Sometimes::Malformed,
        "DEFERRED" => Sometimes::Deferred,
        "AWAITED" => Sometimes::Awaited,
        "CRASHED" => Sometimes::Crashed,
        "EXHAUSTED" => Sometimes::Exhausted,
        "PASSED" => Sometimes::Passed,
        _ => return,
    };
    world.coverage.see(seen);
}

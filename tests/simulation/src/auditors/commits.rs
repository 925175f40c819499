//! Each commit as it takes effect: state and record together, each effect once, only the function's own fields.

use googleapis_tonic_google_firestore_v1::google::firestore::v1::{CommitRequest, Document, Write, write::Operation};

use super::{Violation, coverage_marks, payments::is_held_below_zero};
use crate::{
    call::Call,
    content::Flaw,
    history::{Commit, RecordWrite},
    stored::{is_state, moment_micros, text, texts},
    world::{ROOT, World},
};

const ONE_COMMIT: &str = "state and record in one commit";
const ONCE: &str = "no double effect";
const OWN: &str = "own fields only";
const HELD: &str = "nothing is held below zero";
const LETTERS: &str = "a letter is rewritten by its replay only";

pub fn at_commit(world: &mut World, call: &Call, request: &CommitRequest) -> Option<Violation> {
    match call.message {
        Some(message) => of_a_message(world, call, message, request),
        None => of_a_job(call, request),
    }
}

/// A job writes only its own checkpoint.
fn of_a_job(call: &Call, request: &CommitRequest) -> Option<Violation> {
    let checkpoint = format!("{ROOT}sweeps/{}", call.function);
    let is_checkpoint =
        |write: &Write| matches!(&write.operation, Some(Operation::Update(it)) if it.name == checkpoint);
    let is_all = request.writes.iter().all(is_checkpoint);
    (!is_all).then(|| Violation::new(OWN, format!("{} writes more than its checkpoint", call.function)))
}

fn of_a_message(world: &mut World, call: &Call, message: usize, request: &CommitRequest) -> Option<Violation> {
    let writes: Vec<_> = request.writes.iter().filter_map(parts).collect();
    let of = |wanted: &'static [&'static str]| writes.iter().filter(move |it| wanted.contains(&it.collection));
    let states = writes.iter().filter(|it| is_state(it.collection)).count();
    let records: Vec<_> = of(&["processed_events"]).map(|it| record(it.document)).collect();
    // What is due to be told changes no state.
    let goes_on = world.history.content_of(message).claim.as_ref().is_some_and(|it| it.kind == "PriceAlertsDue");
    let is_replay = world.history.publications[message].attributes.contains_key("replayFor");
    let violation = foreign_field(call, &writes)
        .or_else(|| of(&["users"]).find_map(|it| below_zero(it)))
        .or_else(|| torn(states, &records, goes_on))
        .or_else(|| records.first().and_then(|record| twice(world, call, record, is_replay)))
        .or_else(|| of(&["dead_letters"]).find_map(|it| rewritten(world, message, it, is_replay)));
    coverage_marks::of_a_commit(world, message, request, records.first());
    let number = world.store.commits() + 1;
    of(&["dead_letters"]).for_each(|it| world.audit_log.writes_letter(&it.document.name, number));
    let record = records.into_iter().next();
    let commit = Commit { number, seen_commits: call.seen_commits, record };
    world.history.commits.push(commit);
    let key = &world.history.publications[message].key;
    violation.map(|violation| violation.about(key))
}

struct Parts<'a> {
    collection: &'a str,
    id: &'a str,
    document: &'a Document,
    fields: &'a [String],
}

fn parts(write: &Write) -> Option<Parts<'_>> {
    let Some(Operation::Update(document)) = &write.operation else { return None };
    let (collection, id) = document.name.strip_prefix(ROOT)?.split_once('/')?;
    // Timeline entries are no state. The timeline's own auditor reads them at the end.
    let collection = match id.split('/').nth(1) {
        Some("notes") => "users.notes",
        Some(_) => "users.timeline",
        None => collection,
    };
    let fields = write.update_mask.as_ref().map_or(&[][..], |mask| &mask.field_paths);
    Some(Parts { collection, id, document, fields })
}

fn record(document: &Document) -> RecordWrite {
    let fields = &document.fields;
    RecordWrite {
        consumer: text(fields, "consumer").to_owned(),
        event_id: text(fields, "eventId").to_owned(),
        outcome: text(fields, "outcome").to_owned(),
        reason: text(fields, "reason").to_owned(),
        digest: text(fields, "digest").to_owned(),
        outgoing_ids: texts(fields, "outgoingIds"),
        processed_micros: moment_micros(fields, "processedAt").unwrap_or(i64::MIN),
    }
}

fn torn(states: usize, records: &[RecordWrite], goes_on: bool) -> Option<Violation> {
    let applied = records.iter().filter(|record| record.outcome == "APPLIED").count();
    match (states, records.len(), applied) {
        (0, 0 | 1, 0) | (1.., 1, 1) => None,
        (0, 1, 1) if goes_on => None,
        _ => Some(Violation::new(
            ONE_COMMIT,
            format!("{states} documents of state with {} records, {applied} of them APPLIED", records.len()),
        )),
    }
}

/// An event takes effect once. Only a replay of a refused event is decided again.
fn twice(world: &mut World, call: &Call, record: &RecordWrite, is_replay: bool) -> Option<Violation> {
    if record.consumer != call.function {
        return Some(Violation::new(OWN, format!("{} writes a record of {}", call.function, record.consumer)));
    }
    let before = world.audit_log.recorded(&record.consumer, &record.event_id, &record.outcome);
    match before.as_deref() {
        None => None,
        Some("REFUSED") if is_replay => None,
        Some(before) => Some(Violation::new(
            ONCE,
            format!("{} {}: recorded as {before} and again as {}", record.consumer, record.event_id, record.outcome),
        )),
    }
}

fn rewritten(world: &World, message: usize, letter: &Parts<'_>, is_replay: bool) -> Option<Violation> {
    let is_there = world.store.get(&letter.document.name).is_some();
    let content = world.history.content_of(message);
    if content.flaw != Flaw::NotAnEvent && !letter.id.ends_with(content.letter_id()) {
        return Some(Violation::new(LETTERS, format!("{} is not the letter of this message", letter.id)));
    }
    (is_there && !is_replay).then(|| Violation::new(LETTERS, format!("{} by a redelivery", letter.id)))
}

fn below_zero(user: &Parts<'_>) -> Option<Violation> {
    is_held_below_zero(&user.document.fields)
        .then(|| Violation::new(HELD, format!("{} holds less than nothing for others", user.id)))
}

/// After a user is created, each field has one owner.
fn foreign_field(call: &Call, writes: &[Parts<'_>]) -> Option<Violation> {
    let own: &[&str] = match call.function {
        "profile" => return None,
        "kyc" => &["kycStatus", "kycVersion"],
        "access" => &["tradingEnabled", "accessVersion"],
        "payments" => &["balances"],
        "notes" => &["assignedTo"],
        _ => &[],
    };
    let is_own = |field: &str| field == "updatedAt" || own.contains(&field.split('.').next().unwrap_or_default());
    let users = writes.iter().filter(|it| it.collection == "users");
    let foreign = users.flat_map(|it| it.fields).find(|field| !is_own(field))?;
    Some(Violation::new(OWN, format!("{} writes {foreign} of a user", call.function)))
}

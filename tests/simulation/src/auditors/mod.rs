//! Auditors judge a run. They share no code with the handlers: from the claims of the sources and the history of commits and
//! publications they compute what the documents should be.

mod access;
mod audit_log;
mod commits;
mod coverage_marks;
mod durable;
mod ended;
mod engagement;
mod followups;
mod jobs;
mod kyc;
pub mod kyc_table;
mod leads;
mod letters;
mod mail;
mod order;
mod pairs;
mod payments;
mod prices;
mod profile;
mod requests;
mod timeline;

use std::fmt;

pub use self::{
    audit_log::AuditLog, commits::at_commit, coverage_marks::mark_follow_up, durable::at_push_response,
    jobs::at_job_response,
};
use crate::{
    content::{Claim, Content},
    history::{Commit, RecordWrite},
    plan::{DAY_MS, MINUTE_MS},
    stored::{Fields, moment_ms, text},
    world::{ROOT, World},
};

/// A broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub auditor: &'static str,
    pub what: String,
    /// The ordering key that it is about.
    pub key: Option<String>,
}

impl Violation {
    pub fn new(auditor: &'static str, what: impl Into<String>) -> Violation {
        Violation { auditor, what: what.into(), key: None }
    }

    pub fn about(self, key: &str) -> Violation {
        Violation { key: Some(key.to_owned()), ..self }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.auditor, self.what)
    }
}

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

/// 13 days, less the clock skew.
const PUBLISHED_AGAIN_FOR_MS: u64 = 13 * DAY_MS - MINUTE_MS;

type Auditor = fn(&World) -> Option<Violation>;

const AUDITORS: [Auditor; 16] = [
    pairs::audit,
    followups::audit,
    order::audit,
    payments::audit,
    kyc::audit,
    ended::audit,
    jobs::audit,
    access::audit,
    profile::audit,
    leads::audit,
    letters::audit,
    timeline::audit,
    mail::audit,
    requests::audit,
    engagement::audit,
    prices::audit,
];

pub fn at_the_end(world: &World) -> Vec<Violation> {
    AUDITORS.iter().filter_map(|audit| audit(world)).collect()
}

/// A consumer's records in the order in which they were committed, each with what its event claimed.
fn records<'a>(
    world: &'a World,
    consumer: &'a str,
) -> impl Iterator<Item = (&'a Commit, &'a RecordWrite, &'a Claim)> + 'a {
    world.history.commits.iter().filter_map(move |commit| {
        let record = commit.record.as_ref().filter(|record| record.consumer == consumer)?;
        Some((commit, record, world.history.claim_of(record)?))
    })
}

/// A consumer's letter of a content.
fn letter<'a>(world: &'a World, consumer: &str, content: &Content) -> Option<&'a Fields> {
    world.store.get(&format!("{ROOT}dead_letters/{consumer}.{}", content.letter_id()))
}

/// Whether a consumer has a letter, open or closed, of any content of an event.
fn has_letter(world: &World, consumer: &str, event_id: &str) -> bool {
    let contents = world.history.texts_of(event_id).iter().map(|text| &world.history.contents[*text]);
    contents.into_iter().any(|content| letter(world, consumer, content).is_some())
}

/// Whether a consumer has an open letter of an event, other than a refusal.
fn has_open_letter(world: &World, consumer: &str, event_id: &str) -> bool {
    let contents = world.history.texts_of(event_id).iter().map(|text| &world.history.contents[*text]);
    contents
        .into_iter()
        .filter_map(|content| letter(world, consumer, content))
        .any(|letter| text(letter, "status") == "OPEN" && text(letter, "kind") != "REFUSED")
}

/// The documents of a collection and below it, by their path after the collection's name.
fn documents<'a>(world: &'a World, collection: &str) -> Vec<(&'a str, &'a Fields)> {
    let prefix = format!("{ROOT}{collection}/");
    let below = world.store.documents_below(&prefix);
    below.map(|(name, fields)| (&name[prefix.len()..], fields)).collect()
}

/// The users without their timelines.
fn customers(world: &World) -> impl Iterator<Item = (&str, &Fields)> {
    documents(world, "users").into_iter().filter(|(id, _)| !id.contains('/'))
}

/// A document by collection and id.
fn document<'a>(world: &'a World, collection: &str, id: &str) -> Option<&'a Fields> {
    world.store.get(&format!("{ROOT}{collection}/{id}"))
}

/// Whether a duplicate of this record no longer publishes its follow-ups (docs/decisions/publishing-again.md).
fn is_too_late_to_publish(world: &World, record: &Fields) -> bool {
    let processed_ms = moment_ms(record, "processedAt").unwrap_or(0);
    world.now_ms().saturating_sub(processed_ms) > PUBLISHED_AGAIN_FOR_MS
}

/// The state after so many commits.
fn as_of<T>(history: &[(i64, T)], commits: i64) -> Option<&T> {
    history.iter().rev().find(|(number, _)| *number <= commits).map(|(_, state)| state)
}

//! Those who judge a run. They share no code with the handlers: they read what sources meant, the log of commits and of
//! publications, and the documents, and work out for themselves what these should be.

mod access;
mod commits;
mod durable;
mod ended;
mod engagement;
mod followups;
mod kyc;
pub mod kyc_table;
mod leads;
mod ledger;
mod letters;
mod mail;
mod order;
mod pairs;
mod payments;
mod prices;
mod profile;
mod requests;
mod sightings;
mod sweeps;
mod timeline;

use std::fmt;

pub use self::{
    commits::at_a_commit, durable::at_a_word, ledger::Ledger, sightings::of_a_follow_up, sweeps::at_a_report,
};
use crate::{
    chronicle::{Commit, RecordWrite},
    content::{Claim, Content},
    plan::{DAY_MS, MINUTE_MS},
    stored::{Fields, moment_ms, text},
    world::{ROOT, World},
};

/// A promise that wasn't kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub auditor: &'static str,
    pub what: String,
    /// Whom it is about: the ordering key.
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

/// What a function says about a message when it is done with it.
#[derive(Clone, Debug)]
pub struct Word {
    pub function: &'static str,
    pub message: usize,
    pub attempt: u32,
    pub status: u16,
    pub outcome: &'static str,
    pub has_trapped: bool,
    /// Whether there was a reason beside the message why it couldn't be settled.
    pub has_failed: bool,
}

/// 13 days, less what clocks may differ.
const PUBLISHED_AGAIN_FOR_MS: u64 = 13 * DAY_MS - MINUTE_MS;

type Auditor = fn(&World) -> Option<Violation>;

const AUDITORS: [Auditor; 16] = [
    pairs::audit,
    followups::audit,
    order::audit,
    payments::audit,
    kyc::audit,
    ended::audit,
    sweeps::audit,
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
    world.chronicle.commits.iter().filter_map(move |commit| {
        let record = commit.record.as_ref().filter(|record| record.consumer == consumer)?;
        Some((commit, record, world.chronicle.claim_of(record)?))
    })
}

/// The letter that a consumer has of a text.
fn letter<'a>(world: &'a World, consumer: &str, content: &Content) -> Option<&'a Fields> {
    world.store.get(&format!("{ROOT}dead_letters/{consumer}.{}", content.letter_id()))
}

/// Whether a consumer has a letter, in whatever state, of any text of an event.
fn has_letter(world: &World, consumer: &str, event_id: &str) -> bool {
    let contents = world.chronicle.texts_of(event_id).iter().map(|text| &world.chronicle.contents[*text]);
    contents.into_iter().any(|content| letter(world, consumer, content).is_some())
}

/// Whether an operator has something left to do about an event.
fn has_open_letter(world: &World, consumer: &str, event_id: &str) -> bool {
    let contents = world.chronicle.texts_of(event_id).iter().map(|text| &world.chronicle.contents[*text]);
    contents
        .into_iter()
        .filter_map(|content| letter(world, consumer, content))
        .any(|letter| text(letter, "status") == "OPEN" && text(letter, "kind") != "REFUSED")
}

/// The documents of a collection and below, by what follows the collection's name.
fn documents<'a>(world: &'a World, collection: &str) -> Vec<(&'a str, &'a Fields)> {
    let prefix = format!("{ROOT}{collection}/");
    let below = world.store.documents_below(&prefix);
    below.map(|(name, fields)| (&name[prefix.len()..], fields)).collect()
}

/// The users themselves, without their timelines.
fn customers(world: &World) -> impl Iterator<Item = (&str, &Fields)> {
    documents(world, "users").into_iter().filter(|(id, _)| !id.contains('/'))
}

/// The document that is about this, if there is one.
fn document<'a>(world: &'a World, collection: &str, id: &str) -> Option<&'a Fields> {
    world.store.get(&format!("{ROOT}{collection}/{id}"))
}

/// Whether a duplicate of what was recorded publishes no more what it owes (docs/decisions/publishing-again.md).
fn is_too_late_to_publish(world: &World, record: &Fields) -> bool {
    let processed_ms = moment_ms(record, "processedAt").unwrap_or(0);
    world.now_ms().saturating_sub(processed_ms) > PUBLISHED_AGAIN_FOR_MS
}

/// What held when so many commits had been made.
fn as_of<T>(history: &[(i64, T)], commits: i64) -> Option<&T> {
    history.iter().rev().find(|(number, _)| *number <= commits).map(|(_, state)| state)
}

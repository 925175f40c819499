//! The counts of a run, and the documents that it had to skip.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::{
    jobs::replay::outcome::{LetterOutcome, Report},
    protocol::job::{Finding, Severity, Summary},
    store::path::DocumentPath,
};

/// So many skipped documents are named; the rest is counted.
const MOST_NAMED: usize = 200;

/// A consumer that has left so many customers' letters unsettled in a row is down, or has more to do than letters.
const UNSETTLED_TO_PASS_BY: u32 = 3;

#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) pages: u64,
    /// Documents that the queries found.
    pub(super) found: u64,
    /// Published events by type.
    events: BTreeMap<&'static str, u64>,
    /// Letters published again.
    pub(super) replays: u64,
    /// Found, but changed by the time that it was read again: its next state is for a later run.
    pub(super) stale: u64,
    /// Letters whose document isn't there yet.
    pub(super) waiting: u64,
    /// Letters that are open for more than an hour, whether their document is there or not.
    pub(super) overdue: u64,
    /// Letters behind an earlier one of their customer that isn't settled yet.
    pub(super) held: u64,
    /// By consumer, in a row.
    unsettled: BTreeMap<String, u32>,
    /// What can't be handled, and why.
    skipped: Vec<(String, String)>,
    skipped_in_all: u64,
    faults: Vec<String>,
}

impl Tally {
    pub(super) fn page(&mut self, rows: usize) {
        self.pages += 1;
        self.found += u64::try_from(rows).unwrap_or(u64::MAX);
    }

    pub(super) fn event(&mut self, event_type: &'static str) {
        *self.events.entry(event_type).or_default() += 1;
    }

    pub(super) fn skip(&mut self, document: impl ToString, why: impl ToString) {
        self.skipped_in_all += 1;
        if self.skipped.len() < MOST_NAMED {
            self.skipped.push((document.to_string(), why.to_string()));
        }
    }

    pub(super) fn fault(&mut self, fault: String) {
        if self.faults.len() < MOST_NAMED {
            self.faults.push(fault);
        }
    }

    pub(super) fn summary(&self) -> Summary {
        let skipped: Vec<_> =
            self.skipped.iter().map(|(document, why)| json!({ "document": document, "why": why })).collect();
        let numbers = [
            ("pages", self.pages),
            ("found", self.found),
            ("published", self.events.values().sum::<u64>() + self.replays),
            ("replays", self.replays),
            ("stale", self.stale),
            ("waiting", self.waiting),
            ("overdue", self.overdue),
            ("held", self.held),
            ("skippedInAll", self.skipped_in_all),
        ];
        let numbers = numbers.map(|(name, count)| (name.to_owned(), Json::from(count)));
        let lists = [("events", json!(self.events)), ("skipped", skipped.into())];
        let lists = lists.map(|(name, list)| (name.to_owned(), list));
        Summary {
            answer: numbers.into_iter().chain(lists).collect(),
            findings: self.skipped.iter().map(finding).collect(),
            faults: self.faults.clone(),
        }
    }
}

impl Report for Tally {
    fn letter(&mut self, path: &DocumentPath, outcome: LetterOutcome) {
        match outcome {
            LetterOutcome::Replayed | LetterOutcome::Returned { .. } => {
                self.unsettled.remove(path.letter_consumer());
            }
            LetterOutcome::Unsettled => *self.unsettled.entry(path.letter_consumer().to_owned()).or_default() += 1,
            LetterOutcome::Published => self.replays += 1,
            LetterOutcome::Stale => self.stale += 1,
            LetterOutcome::Held => self.held += 1,
            LetterOutcome::Refused(why) => self.skip(path, why),
            // Its fault is counted once for all letters of the customer.
            LetterOutcome::Failed(_) => {}
            LetterOutcome::Gone => {}
        }
    }

    fn is_unresponsive(&self, consumer: &str) -> bool {
        self.unsettled.get(consumer).is_some_and(|in_a_row| *in_a_row >= UNSETTLED_TO_PASS_BY)
    }
}

fn finding((document, why): &(String, String)) -> Finding {
    let fields = [("document", document), ("reason", why)];
    Finding {
        severity: Severity::Warning,
        text: format!("skipped {document}: {why}"),
        fields: fields.into_iter().map(|(name, text)| (name.to_owned(), text.as_str().into())).collect(),
    }
}

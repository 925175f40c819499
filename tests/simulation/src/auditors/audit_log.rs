//! The auditors' memory during a run.

use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub struct AuditLog {
    /// The last recorded outcome by consumer and event.
    outcomes: BTreeMap<(String, String), String>,
    /// The kind of each letter at its first replay, and the highest number of a replay.
    replays: BTreeMap<String, (String, i64)>,
    /// The last commit that wrote each letter, by the document's name.
    letters: BTreeMap<String, i64>,
}

impl AuditLog {
    /// Notes a record's outcome, and answers with the one before.
    pub fn recorded(&mut self, consumer: &str, event_id: &str, outcome: &str) -> Option<String> {
        self.outcomes.insert((consumer.to_owned(), event_id.to_owned()), outcome.to_owned())
    }

    pub fn outcome(&self, consumer: &str, event_id: &str) -> Option<&str> {
        self.outcomes.get(&(consumer.to_owned(), event_id.to_owned())).map(String::as_str)
    }

    pub fn writes_letter(&mut self, name: &str, commit: i64) {
        self.letters.insert(name.to_owned(), commit);
    }

    /// The number of the last commit that wrote it.
    pub fn letter_written(&self, name: &str) -> i64 {
        self.letters.get(name).copied().unwrap_or(i64::MAX)
    }

    pub fn replayed(&mut self, letter: &str, kind: &str, number: i64) {
        let entry = self.replays.entry(letter.to_owned()).or_insert_with(|| (kind.to_owned(), number));
        entry.1 = entry.1.max(number);
    }

    /// Notes a replay by the clock, which replays only AWAITED letters.
    pub fn note_replay(&mut self, attributes: &BTreeMap<String, String>) {
        if let Some(letter) = attributes.get("replayOf") {
            let number = attributes.get("replayNumber").and_then(|number| number.parse().ok());
            self.replayed(letter, "AWAITED", number.unwrap_or(i64::MAX));
        }
    }

    /// The kind of the letter at its first replay, and the highest number of a replay.
    pub fn replays_of(&self, letter: &str) -> Option<&(String, i64)> {
        self.replays.get(letter)
    }
}

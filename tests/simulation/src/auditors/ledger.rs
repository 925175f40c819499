//! What auditors remember while a run goes on.

use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub struct Ledger {
    /// Consumer and event: the outcome recorded last.
    outcomes: BTreeMap<(String, String), String>,
    /// Letter: what it was when it was replayed first, and how often it was replayed.
    replays: BTreeMap<String, (String, i64)>,
}

impl Ledger {
    /// The outcome that this record had before.
    pub fn recorded(&mut self, consumer: &str, event_id: &str, outcome: &str) -> Option<String> {
        self.outcomes.insert((consumer.to_owned(), event_id.to_owned()), outcome.to_owned())
    }

    pub fn outcome(&self, consumer: &str, event_id: &str) -> Option<&str> {
        self.outcomes.get(&(consumer.to_owned(), event_id.to_owned())).map(String::as_str)
    }

    pub fn replayed(&mut self, letter: &str, kind: &str, number: i64) {
        let entry = self.replays.entry(letter.to_owned()).or_insert_with(|| (kind.to_owned(), number));
        entry.1 = entry.1.max(number);
    }

    /// What the clock publishes; it replays only what waited.
    pub fn note_replay(&mut self, attributes: &BTreeMap<String, String>) {
        if let Some(letter) = attributes.get("replayOf") {
            let number = attributes.get("replayNumber").and_then(|number| number.parse().ok());
            self.replayed(letter, "AWAITED", number.unwrap_or(i64::MAX));
        }
    }

    /// What the letter was, and the highest number of its replays.
    pub fn replays_of(&self, letter: &str) -> Option<&(String, i64)> {
        self.replays.get(letter)
    }
}

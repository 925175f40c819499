//! A dry run: which of the chosen letters may go, and in which order.

use std::{collections::VecDeque, mem::take};

use serde_json::{Value as Json, json};

use crate::{
    jobs::replay::{letter::Letter, refusal::refusal, terms::Choice},
    kernel::timestamp::Timestamp,
    protocol::{
        dead_letter::COLLECTION,
        job::End,
        step::{Call, Step},
    },
    store::{path::DocumentPath, snapshot::Snapshot},
};

/// Read without their bodies.
const AT_ONCE: usize = 300;

#[derive(Clone, Debug)]
pub(super) struct Plan {
    choice: Choice,
    consumers: Vec<String>,
    reading: Vec<DocumentPath>,
    unread: VecDeque<DocumentPath>,
    chosen: Vec<Letter>,
    /// Letter and reason.
    refused: Vec<(String, String)>,
}

impl Plan {
    pub(super) fn new(names: Vec<String>, choice: Choice, consumers: Vec<String>) -> Plan {
        let (mut unread, mut refused) = (VecDeque::new(), Vec::new());
        for name in names {
            match DocumentPath::parse(&format!("{COLLECTION}/{name}")) {
                Some(path) => unread.push_back(path),
                None => refused.push((name, "its name is none that a letter has".to_owned())),
            }
        }
        Plan { choice, consumers, reading: Vec::new(), unread, chosen: Vec::new(), refused }
    }

    pub(super) fn read(&mut self) -> Step<End> {
        self.reading = self.unread.drain(..self.unread.len().min(AT_ONCE)).collect();
        if self.reading.is_empty() {
            return Step::Done(End::Finished);
        }
        Step::Call(Call::read_fields(self.reading.clone(), Letter::FIELDS))
    }

    pub(super) fn judge(&mut self, snapshot: &Snapshot, now: Timestamp) -> Step<End> {
        for path in take(&mut self.reading) {
            match self.letter(&path, snapshot, now) {
                Ok(letter) => self.chosen.push(letter),
                Err(why) => self.refused.push((path.id().to_owned(), why)),
            }
        }
        self.read()
    }

    fn letter(&self, path: &DocumentPath, snapshot: &Snapshot, now: Timestamp) -> Result<Letter, String> {
        let document = snapshot.get(path).ok_or("there is no such letter")?;
        let letter = Letter::read(path, document).map_err(|unreadable| unreadable.to_string())?;
        if let Some(refusal) = refusal(&letter, self.choice, now) {
            return Err(refusal.to_string());
        }
        if !self.consumers.contains(&letter.consumer) {
            return Err(format!("there is no function {}", letter.consumer));
        }
        Ok(letter)
    }

    /// `keys`: the letters of each key, in their order; one without a key is by itself.
    pub(super) fn answer(&self) -> [(&'static str, Json); 2] {
        let mut chosen: Vec<_> = self.chosen.iter().collect();
        chosen.sort_by(|a, b| a.order().cmp(&b.order()));
        let keys = chosen.chunk_by(|a, b| a.subject.is_some() && a.subject == b.subject);
        let planned = |letter: &&Letter| json!({ "letter": letter.path.id() });
        let keys: Vec<Vec<_>> = keys.map(|letters| letters.iter().map(planned).collect()).collect();
        let refused: Vec<_> =
            self.refused.iter().map(|(letter, why)| json!({ "letter": letter, "why": why })).collect();
        [("keys", json!(keys)), ("refused", refused.into())]
    }
}

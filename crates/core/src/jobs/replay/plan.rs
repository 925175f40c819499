//! A dry run: which of the chosen letters may go, where, and in which order.

use std::{collections::VecDeque, mem::take};

use serde_json::{Value as Json, json};

use crate::{
    event::catalog::Topic,
    jobs::replay::{
        letter::Letter,
        refusal::refusal,
        route::{Hearer, route},
        terms::Choice,
    },
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
    hearers: Vec<Hearer>,
    fallback: Option<Topic>,
    reading: Vec<DocumentPath>,
    unread: VecDeque<DocumentPath>,
    routed: Vec<(Letter, Topic)>,
    /// Letter and reason.
    refused: Vec<(String, String)>,
}

impl Plan {
    pub(super) fn new(names: Vec<String>, choice: Choice, hearers: Vec<Hearer>, fallback: Option<Topic>) -> Plan {
        let (mut unread, mut refused) = (VecDeque::new(), Vec::new());
        for name in names {
            match DocumentPath::parse(&format!("{COLLECTION}/{name}")) {
                Some(path) => unread.push_back(path),
                None => refused.push((name, "its name is none that a letter has".to_owned())),
            }
        }
        Plan { choice, hearers, fallback, reading: Vec::new(), unread, routed: Vec::new(), refused }
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
            match self.routed(&path, snapshot, now) {
                Ok(routed) => self.routed.push(routed),
                Err(why) => self.refused.push((path.id().to_owned(), why)),
            }
        }
        self.read()
    }

    fn routed(&self, path: &DocumentPath, snapshot: &Snapshot, now: Timestamp) -> Result<(Letter, Topic), String> {
        let document = snapshot.get(path).ok_or("there is no such letter")?;
        let letter = Letter::read(path, document).map_err(|unreadable| unreadable.to_string())?;
        if let Some(refusal) = refusal(&letter, self.choice, now) {
            return Err(refusal.to_string());
        }
        let topic = route(&letter, &self.hearers, self.fallback).map_err(|no_route| no_route.to_string())?;
        Ok((letter, topic))
    }

    /// `keys`: the letters of each key, in their order; one without a key is by itself.
    pub(super) fn answer(&self) -> [(&'static str, Json); 2] {
        let mut routed: Vec<_> = self.routed.iter().collect();
        routed.sort_by(|(a, _), (b, _)| a.order().cmp(&b.order()));
        let keys = routed.chunk_by(|(a, _), (b, _)| a.subject.is_some() && a.subject == b.subject);
        let planned = |(letter, topic): &&(Letter, Topic)| json!({ "letter": letter.path.id(), "topic": topic.name() });
        let keys: Vec<Vec<_>> = keys.map(|letters| letters.iter().map(planned).collect()).collect();
        let refused: Vec<_> =
            self.refused.iter().map(|(letter, why)| json!({ "letter": letter, "why": why })).collect();
        [("keys", json!(keys)), ("refused", refused.into())]
    }
}

//! Five customers and what is stored of them; events come to them through the whole protocol of a delivery.

use std::collections::BTreeMap;

use boma_core::{
    kernel::{
        ids::{Id, UserId},
        timestamp::Timestamp,
    },
    protocol::{
        delivery::{Delivery, EventProcessor, ReceivedMessage},
        outcome::{Fault, Outcome},
        step::{Answer, Call, Reply, Step},
    },
    store::{
        document::{Document, UpdateTime},
        path::DocumentPath,
        snapshot::{Snapshot, Stored},
        value::{Map, Value, map},
        write::Change,
    },
};
use payments::PaymentsHandler;
use serde_json::Value as Json;

pub(crate) const CUSTOMERS: usize = 5;

pub(crate) fn customer(number: usize) -> String {
    format!("a0000000-0000-4000-8000-{number:012}")
}

#[derive(Debug, Default)]
pub(crate) struct Town {
    /// By collection, timelines by themselves: the books are looked into after each event.
    records: BTreeMap<(String, bool), BTreeMap<DocumentPath, Document>>,
    pub commits: usize,
}

impl Town {
    /// All may trade but the last.
    pub(crate) fn new() -> Town {
        let mut town = Town::default();
        for number in 0..CUSTOMERS {
            let is_approved = number + 1 < CUSTOMERS;
            let fields = map([
                ("kycStatus", if is_approved { "APPROVED" } else { "PENDING" }.into()),
                ("tradingEnabled", is_approved.into()),
                ("balances", Map::new().into()),
            ]);
            let path = DocumentPath::user(UserId::parse(&customer(number)).expect("an id"));
            town.drawer(&path).insert(path, Document { fields });
        }
        town
    }

    /// The records of a collection, each with its id.
    pub(crate) fn all(&self, collection: &str) -> impl Iterator<Item = (String, &Document)> {
        let records = self.records.get(&(collection.to_owned(), false)).into_iter().flatten();
        records.map(|(path, document)| (path.to_string().rsplit('/').next().unwrap_or_default().to_owned(), document))
    }

    fn drawer(&mut self, path: &DocumentPath) -> &mut BTreeMap<DocumentPath, Document> {
        self.records.entry(drawer_of(path)).or_default()
    }

    pub(crate) fn deliver(&mut self, event: &Json) -> Result<Outcome, Fault> {
        let now = Timestamp::parse("2026-03-01T00:00:00Z").expect("a time");
        let arrival = ReceivedMessage {
            body: event.to_string().into_bytes(),
            unreadable: None,
            attributes: BTreeMap::new(),
            topic: None,
            published_at: Some(now),
            attempt: 1,
        };
        let mut delivery = Delivery::<EventProcessor<PaymentsHandler>>::to(arrival);
        let mut answer = Answer::Begin;
        loop {
            answer = match delivery.next(Reply { answer, now, random: 7 }) {
                Step::Call(Call::Read { paths, .. }) => Answer::Found(self.read(paths)),
                Step::Call(Call::Query { .. }) => unreachable!("no delivery of a message queries"),
                Step::Call(Call::Commit { writes, .. }) => {
                    self.commits += 1;
                    writes.into_iter().for_each(|write| self.change(write.path, write.changes));
                    Answer::Committed
                }
                Step::Call(Call::Publish { .. }) => Answer::Published,
                Step::Wait { .. } => Answer::Waited,
                Step::Done(report) => return report.outcome,
            }
        }
    }

    fn read(&self, paths: Vec<DocumentPath>) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for path in paths {
            let updated_at = UpdateTime { seconds: 1, nanos: 0 };
            let stored = self.records.get(&drawer_of(&path)).and_then(|drawer| drawer.get(&path));
            let stored = stored.map(|document| Stored { document: document.clone(), updated_at });
            snapshot.insert(path, stored);
        }
        snapshot
    }

    fn change(&mut self, path: DocumentPath, changes: Vec<Change>) {
        let document = self.drawer(&path).entry(path).or_default();
        for Change { field, value } in changes {
            let (name, parents) = field.split_last().expect("a name");
            let mut fields = &mut document.fields;
            for parent in parents {
                let inner = fields.entry(parent.clone()).or_insert_with(|| Value::Map(Map::new()));
                let Value::Map(inner) = inner else { panic!("{parent} isn't a map") };
                fields = inner;
            }
            match value {
                Some(value) => fields.insert(name.clone(), value),
                None => fields.remove(name),
            };
        }
    }
}

fn drawer_of(path: &DocumentPath) -> (String, bool) {
    let text = path.to_string();
    (text.split('/').next().unwrap_or_default().to_owned(), text.matches('/').count() > 1)
}

//! Five customers in an [`InMemoryStore`]; events come to them through the whole protocol of a delivery.

use std::collections::BTreeMap;

use boma_core::{
    event::origin::FirstEdition,
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
        document::Document,
        path::DocumentPath,
        value::{Map, map},
    },
};
use in_memory_store::InMemoryStore;
use payments::PaymentsHandler;
use serde_json::Value as Json;

pub(crate) const CUSTOMERS: usize = 5;

pub(crate) fn customer(number: usize) -> String {
    format!("a0000000-0000-4000-8000-{number:012}")
}

/// Two may trade, one is suspended, one closed, and one has only just come.
const STATUSES: [&str; CUSTOMERS] = ["APPROVED", "APPROVED", "SUSPENDED", "CLOSED", "PENDING"];

/// The status that keeps a customer from asking for money.
pub(crate) fn restricted(who: &str) -> Option<&'static str> {
    let number = (0..CUSTOMERS).find(|number| customer(*number) == who).expect("a customer");
    Some(STATUSES[number]).filter(|status| *status != "APPROVED")
}

pub(crate) fn customers() -> InMemoryStore {
    let mut store = InMemoryStore::default();
    (0..CUSTOMERS).for_each(|number| register(&mut store, number));
    store
}

pub(crate) fn register(store: &mut InMemoryStore, number: usize) {
    let fields = map([
        ("kycStatus", STATUSES[number].into()),
        ("tradingEnabled", (STATUSES[number] == "APPROVED").into()),
        ("balances", Map::new().into()),
    ]);
    let path = DocumentPath::user(UserId::parse(&customer(number)).expect("an id"));
    store.put(path, Document { fields });
}

/// One delivery of the event, at a moment so many minutes after the first one. Answers with its outcome, and with the number of
/// its commits.
pub(crate) fn deliver(store: &mut InMemoryStore, event: &Json, minutes: usize) -> (Result<Outcome, Fault>, usize) {
    let later = |from: Timestamp, micros: i64| Timestamp::from_micros(from.micros() + micros).expect("in range");
    let first = Timestamp::parse("2026-03-01T00:00:00Z").expect("a time");
    let mut now = later(first, 60_000_000 * i64::try_from(minutes).expect("few"));
    let received = ReceivedMessage {
        body: event.to_string().into_bytes(),
        dropped_bytes: 0,
        unreadable: None,
        message_id: None,
        attributes: BTreeMap::new(),
        ordering_key: event["subject"].as_str().map(str::to_owned),
        topic: None,
        first_edition: FirstEdition::Drained,
        published_at: None,
        attempt: 1,
    };
    let mut delivery = Delivery::<EventProcessor<PaymentsHandler>>::to(received);
    let (mut answer, mut commits) = (Answer::Begin, 0);
    loop {
        answer = match delivery.next(Reply { answer, now, random: 7 }) {
            Step::Call(Call::Read { paths, .. }) => Answer::Found(store.snapshot(paths)),
            Step::Call(Call::Query { .. } | Call::Append { .. }) => {
                unreachable!("no delivery of a message queries or appends")
            }
            Step::Call(Call::Commit { writes, .. }) => {
                commits += 1;
                store.commit(&writes).expect("nobody else writes");
                Answer::Committed
            }
            Step::Call(Call::Publish { .. }) => Answer::Published,
            Step::Wait { ms } => {
                now = later(now, 1_000 * i64::from(ms));
                Answer::Waited
            }
            Step::Done(report) => return (report.outcome, commits),
        }
    }
}

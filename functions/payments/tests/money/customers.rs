//! Five customers in an [`InMemoryStore`]; events come to them through the whole protocol of a delivery.

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

/// All may trade but the last.
pub(crate) fn customers() -> InMemoryStore {
    InMemoryStore::of((0..CUSTOMERS).map(|number| {
        let is_approved = number + 1 < CUSTOMERS;
        let fields = map([
            ("kycStatus", if is_approved { "APPROVED" } else { "PENDING" }.into()),
            ("tradingEnabled", is_approved.into()),
            ("balances", Map::new().into()),
        ]);
        (DocumentPath::user(UserId::parse(&customer(number)).expect("an id")), Document { fields })
    }))
}

/// One delivery of the event. Answers with its outcome, and with the number of its commits.
pub(crate) fn deliver(store: &mut InMemoryStore, event: &Json) -> (Result<Outcome, Fault>, usize) {
    let now = Timestamp::parse("2026-03-01T00:00:00Z").expect("a time");
    let received = ReceivedMessage {
        body: event.to_string().into_bytes(),
        unreadable: None,
        attributes: BTreeMap::new(),
        topic: None,
        published_at: Some(now),
        attempt: 1,
    };
    let mut delivery = Delivery::<EventProcessor<PaymentsHandler>>::to(received);
    let (mut answer, mut commits) = (Answer::Begin, 0);
    loop {
        answer = match delivery.next(Reply { answer, now, random: 7 }) {
            Step::Call(Call::Read { paths, .. }) => Answer::Found(store.snapshot(paths)),
            Step::Call(Call::Query { .. }) => unreachable!("no delivery of a message queries"),
            Step::Call(Call::Commit { writes, .. }) => {
                commits += 1;
                store.commit(&writes).expect("nobody else writes");
                Answer::Committed
            }
            Step::Call(Call::Publish { .. }) => Answer::Published,
            Step::Wait { .. } => Answer::Waited,
            Step::Done(report) => return (report.outcome, commits),
        }
    }
}

//! A customer is approved, suspended and reinstated: kyc decides, and access sets whether the customer may trade.

use boma_core::{
    event::{
        catalog::EventType,
        envelope::Envelope,
        origin::Origin,
        outbox::{self, Message},
    },
    kernel::ids::{EventId, Id as _},
    protocol::outcome::Outcome,
    store::{document::Document, path::DocumentPath},
};
use in_memory_store::InMemoryStore;
use serde_json::json;

use crate::{
    consumer::Consumer,
    scenario::{Scenario, event, registered, user, user_id},
    settled::is_open,
};

/// Without access: nothing consumes the follow-ups of kyc.
pub fn kyc(events: usize) -> Scenario {
    scenario("kyc", &[approved(1), suspended(2), reinstated(3)], events)
}

pub fn kyc_and_access(events: usize) -> Scenario {
    Scenario { has_access: true, ..scenario("kyc-and-access", &[approved(1), suspended(2), reinstated(3)], events) }
}

/// Pub/Sub gives a message up after its first delivery.
pub fn given_up(events: usize) -> Scenario {
    Scenario { gives_up_after: Some(1), ..Scenario { name: "given-up", ..kyc_and_access(events) } }
}

/// An operator publishes the letter of such a message again.
pub fn given_up_and_replayed(events: usize) -> Scenario {
    let name = "given-up-and-replayed";
    Scenario { gives_up_after: Some(1), replays: 1, ..Scenario { name, ..kyc(events) } }
}

/// The first can't be applied before the second, so an operator publishes it again. An approved customer may trade again after it.
pub fn refused_and_replayed(events: usize) -> Scenario {
    let scenario = scenario("refused-and-replayed", &[reinstated(1), suspended(2), reinstated(3)], events);
    Scenario { given: vec![approved_before()], replays: 1, ..scenario }
}

fn approved_before() -> (DocumentPath, Document) {
    let (path, mut customer) = registered();
    customer.fields.insert("kycStatus".to_owned(), "APPROVED".into());
    (path, customer)
}

/// The first breaks every instance that decides it.
pub fn breaking(events: usize) -> Scenario {
    let scenario = scenario("breaking", &[suspended(1), approved(2), suspended(3)], events);
    Scenario { breaks_its_instance: Some(0), most_attempts: 9, replays: 1, ..scenario }
}

/// The second event has the id of the first and other data.
pub fn conflicting(events: usize) -> Scenario {
    scenario("conflicting", &[approved(1), suspended(1), suspended(2)], events)
}

/// The registration comes at any time, before or after the events are filed.
pub fn not_registered_yet(events: usize) -> Scenario {
    let scenario = scenario("not-registered-yet", &[approved(1), suspended(2), reinstated(3)], events);
    let (given, given_later) = (Vec::new(), vec![registered()]);
    Scenario { given, given_later, has_release: true, ..scenario }
}

fn scenario(name: &'static str, all: &[Message], events: usize) -> Scenario {
    let events = all.iter().take(events).cloned().collect();
    Scenario { adds_up, ends_well, ..Scenario::new(name, Consumer::Kyc, events) }
}

fn approved(number: usize) -> Message {
    let data = json!({ "decision": "APPROVED", "provider": "sumsub", "reviewId": "r-1" });
    event(number, EventType::KycCompleted, data)
}

fn suspended(number: usize) -> Message {
    event(number, EventType::KycSuspended, json!({ "reason": "fraud" }))
}

fn reinstated(number: usize) -> Message {
    event(number, EventType::KycReinstated, json!({ "operator": "ada" }))
}

/// `kycVersion` counts the recorded edges, the case exists from the first edge on, and the highest version that access has
/// recorded says whether the customer may trade.
fn adds_up(store: &InMemoryStore) -> bool {
    let edges = store.collection("processed_events").filter(|(_, record)| is_applied_by(record, "kyc")).count();
    let Some(user) = store.document(&user()) else { return edges == 0 };
    let has_case = store.document(&DocumentPath::kyc_case(user_id())).is_some();
    let heard = announced(store).into_iter().filter(|it| it.is_applied).max_by_key(|it| it.version);
    let (version, may_trade) = heard.map_or((0, false), |it| (it.version, it.may_trade));
    user.int("kycVersion") == Ok(i64::try_from(edges).expect("few"))
        && has_case == (edges > 0)
        && user.int("accessVersion") == Ok(version)
        && user.bool("tradingEnabled") == Ok(may_trade)
}

/// Access has applied the last announcement, unless it isn't part of the scenario or a letter waits for an operator.
fn ends_well(store: &InMemoryStore) -> bool {
    let is_waiting = store.collection("dead_letters").any(|(_, letter)| is_open(letter));
    let last = announced(store).into_iter().max_by_key(|it| it.version);
    let has_listener =
        store.collection("processed_events").any(|(_, record)| record.string("consumer") == Ok("access"));
    is_waiting || !has_listener || last.is_none_or(|last| last.is_applied)
}

struct Announced {
    version: i64,
    may_trade: bool,
    is_applied: bool,
}

/// The announcements of kyc to access, published or still owed, from kyc's records.
fn announced(store: &InMemoryStore) -> Vec<Announced> {
    let records = store.collection("processed_events").filter(|(_, record)| is_applied_by(record, "kyc"));
    let owed = records.flat_map(|(_, record)| {
        let bytes = record.optional_bytes("outgoing").expect("bytes").unwrap_or_default();
        outbox::from_record(bytes).expect("what was recorded")
    });
    let said = owed.map(|message| Envelope::parse(&message.data, Origin::Anywhere).expect("an event"));
    // The customer's notifications are of no concern to access.
    let announcing = said.filter(|it| matches!(it.event_type, EventType::UserActive | EventType::UserRestricted));
    announcing
        .map(|envelope| {
            let heard = store.document(&DocumentPath::processed_event("access", id_of(&envelope)));
            Announced {
                version: envelope.data().count("version").expect("a version"),
                may_trade: envelope.event_type == EventType::UserActive,
                is_applied: heard.is_some_and(|record| is_applied_by(record, "access")),
            }
        })
        .collect()
}

fn id_of(envelope: &Envelope) -> EventId {
    EventId::parse(&envelope.id.to_string()).expect("an id")
}

fn is_applied_by(record: &Document, consumer: &str) -> bool {
    record.string("consumer") == Ok(consumer) && record.string("outcome") == Ok(Outcome::Applied.name())
}

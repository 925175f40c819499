//! A handler that decides as its event says, the messages for it, and documents that it may find.

use std::collections::BTreeMap;

use boma_core::{
    event::{
        catalog::EventType,
        envelope::Envelope,
        origin::FirstEdition,
        outbox::NewEvent,
        reader::{Event, Reader},
    },
    kernel::{malformed::Malformed, timestamp::Timestamp},
    protocol::{
        decision::{Decision, Effects},
        delivery::ReceivedMessage,
        handler::Handler,
    },
    store::{
        document::{Document, Unreadable, UpdateTime},
        path::DocumentPath,
        snapshot::{Snapshot, Stored},
        value::Value,
        write::Write,
    },
};

/// That of the event.
const SUBJECT: &str = "a158d2ce-5e11-5035-81bf-299f0e0d6b56";

const EVENT: &str = r#"{"specversion":"1.0","id":"00000000-0000-4000-8000-000000000001","source":"//test","type":"UserActive",
    "subject":"a158d2ce-5e11-5035-81bf-299f0e0d6b56","time":"2026-01-01T00:00:00Z","data":{"plan":"PLAN"}}"#;

/// Decides as `data.plan` of its event says, so that a walk covers every decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Obedient;

impl Handler for Obedient {
    type Fact = String;
    const CONSUMER: &'static str = "obedient";
    const HEARS: &'static [(EventType, Reader<String>)] = &[(EventType::UserActive, plan)];

    fn read_set(event: &Event<String>) -> Vec<DocumentPath> {
        vec![DocumentPath::user(event.envelope.user())]
    }

    fn decide(event: &Event<String>, snapshot: &Snapshot, _: Timestamp) -> Result<Decision, Unreadable> {
        let user = event.envelope.user();
        let (path, case) = (DocumentPath::user(user), DocumentPath::kyc_case(user));
        let follow_up = NewEvent::new(EventType::UserRestricted, event.envelope.subject.clone());
        let elsewhere = NewEvent::new(EventType::NotificationRequested, event.envelope.subject.clone());
        Ok(match event.fact.as_str() {
            "await" if snapshot.get(&path).is_none() => Decision::Await(path),
            "accept" | "await" => Decision::Accept(Effects {
                writes: vec![Write::to(path).set("seen", true)],
                events: vec![follow_up.clone(), elsewhere, follow_up],
                moved: None,
            }),
            "ignore" => Decision::Ignore("Because"),
            "refuse" => Decision::Refuse("Never".to_owned()),
            "malform" => Decision::Malformed(Malformed::new("data.plan", "unheard of")),
            "read also" if !snapshot.was_read(&case) => Decision::ReadAlso(case),
            "read also" => Decision::Accept(Effects {
                writes: vec![Write::to(path).set("seen", true), Write::to(case).set("seen", true)],
                events: vec![follow_up.clone(), elsewhere, follow_up],
                moved: None,
            }),
            "read for ever" => Decision::ReadAlso(path),
            _ => return Err(Unreadable { field: "seen".to_owned(), problem: "missing".to_owned() }),
        })
    }
}

fn plan(envelope: &Envelope) -> Result<String, Malformed> {
    envelope.data().string("plan").map(str::to_owned)
}

pub(crate) fn received(plan: &str) -> ReceivedMessage {
    ReceivedMessage {
        body: EVENT.replace("PLAN", plan).into_bytes(),
        dropped_bytes: 0,
        unreadable: None,
        message_id: None,
        attributes: BTreeMap::new(),
        ordering_key: Some(SUBJECT.to_owned()),
        topic: None,
        first_edition: FirstEdition::Drained,
        published_at: Timestamp::parse("2026-01-01T00:00:00Z").ok(),
        attempt: 1,
    }
}

pub(crate) fn at(ms: i64) -> Timestamp {
    Timestamp::from_micros(Timestamp::parse("2026-01-01T00:00:00Z").expect("a time").micros() + ms * 1_000)
        .expect("in range")
}

pub(crate) fn stored(fields: &[(&str, Option<&str>)]) -> Stored {
    let value = |text: Option<&str>| text.map_or(Value::Null, Value::from);
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), value(*text))).collect();
    Stored { document: Document { fields }, updated_at: UpdateTime { seconds: 1, nanos: 0 } }
}

//! Counts what a customer does, and tells of each: a function as others are, with a state and a follow-up. But where an
//! event's `data.breaks` says so, it breaks the instance that it runs in.

use std::hint::black_box;

use boma_core::{
    event::{
        catalog::EventType,
        envelope::Envelope,
        outbox::NewEvent,
        reader::{Event, Reader},
    },
    kernel::{malformed::Malformed, timestamp::Timestamp},
    protocol::function::Function,
    protocol::{
        decision::{Decision, Effects},
        handler::Handler,
    },
    store::{document::Unreadable, path::DocumentPath, snapshot::Snapshot, write::Write},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FragileHandler;

pub const FUNCTION: Function = Function::of_handler::<FragileHandler>();

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    Harmless,
    PanicsInReadSet,
    PanicsInDecide,
    OverflowsTheStack,
    ExhaustsMemory,
}

impl Handler for FragileHandler {
    type Fact = Fact;
    const CONSUMER: &'static str = "fragile";
    const HEARS: &'static [(EventType, Reader<Fact>)] = &[(EventType::UserInteracted, read)];

    fn read_set(event: &Event<Fact>) -> Vec<DocumentPath> {
        assert!(event.fact != Fact::PanicsInReadSet, "nothing can be read for this");
        vec![DocumentPath::user(event.envelope.user())]
    }

    fn decide(event: &Event<Fact>, snapshot: &Snapshot, now: Timestamp) -> Result<Decision, Unreadable> {
        let path = DocumentPath::user(event.envelope.user());
        let count = snapshot.get(&path).map_or(Ok(0), |user| user.int("count"))?;
        let broken = match event.fact {
            Fact::Harmless | Fact::PanicsInReadSet => 0,
            Fact::PanicsInDecide => panic!("the count is off"),
            Fact::OverflowsTheStack => depth(1),
            Fact::ExhaustsMemory => hog(),
        };
        let write = Write::to(path).set("count", count + 1 + broken).set("updatedAt", now);
        let told = NewEvent::new(EventType::NotificationRequested, event.envelope.subject.clone());
        Ok(Decision::Accept(Effects {
            writes: vec![write],
            events: vec![told.with("template", "seen")],
            ..Effects::default()
        }))
    }
}

fn read(envelope: &Envelope) -> Result<Fact, Malformed> {
    let data = envelope.data();
    Ok(match data.optional_string("breaks")? {
        None => Fact::Harmless,
        Some("reading") => panic!("this can't be read"),
        Some("readSet") => Fact::PanicsInReadSet,
        Some("decide") => Fact::PanicsInDecide,
        Some("stack") => Fact::OverflowsTheStack,
        Some("memory") => Fact::ExhaustsMemory,
        Some(_) => return Err(data.refuse("breaks", "not a way to break")),
    })
}

/// Each level has something on the stack of linear memory, or the optimizer makes a loop of it.
#[expect(unconditional_recursion, reason = "a stack overflow is what it is for")]
fn depth(level: i64) -> i64 {
    let frame = black_box([level; 64]);
    depth(frame[7] + 1) + frame[9]
}

fn hog() -> i64 {
    let mut held: Vec<Vec<u8>> = Vec::new();
    while held.len() < 1 << 20 {
        held.push(black_box(vec![7; 16 << 20]));
    }
    held.iter().map(|block| i64::from(block[0])).sum()
}

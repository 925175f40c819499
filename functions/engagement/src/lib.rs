//! Keeps how much a customer has had to do with us lately.
//!
//! What it adds up may come late or out of order, and ends the same: an interaction older than the latest is worth what is
//! left of it by then, and leaves `lastAt` where it is. Twice it counts only once, as everything does, by the inbox.

use boma_core::{
    domain::engagement::{
        documents::engagement,
        facts::{FACTS, Interaction},
        machine::after,
    },
    prelude::*,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EngagementHandler;

pub const FUNCTION: Function = Function::of_handler::<EngagementHandler>();

impl Handler for EngagementHandler {
    type Fact = Interaction;
    const CONSUMER: &'static str = "engagement";
    const HEARS: &'static [(EventType, Reader<Interaction>)] = FACTS;

    fn read_set(event: &Event<Interaction>) -> Vec<DocumentPath> {
        vec![DocumentPath::engagement(event.envelope.user())]
    }

    /// It needs nothing of the user, and so doesn't wait for one: a click just before the registration counts as well, and
    /// nobody's clicks become dead letters because a registration is late. The document is this function's alone, and
    /// is there from the first interaction on, whoever that customer may turn out to be.
    fn decide(event: &Event<Interaction>, snapshot: &Snapshot, now: Timestamp) -> Result<Decision, Unreadable> {
        let user = event.envelope.user();
        let path = DocumentPath::engagement(user);
        let before = snapshot.read(&path, engagement::read)?;
        let after = after(before.as_ref(), event.fact, event.envelope.time, now);
        Ok(Decision::write(engagement::write(user, after)))
    }
}

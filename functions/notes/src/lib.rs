//! Keeps what operators note about a customer, and which of them looks after the customer.

use boma_core::{
    domain::{
        customer::documents::user,
        notes::{
            documents::note,
            facts::{FACTS, Note, OperatorFact},
            machine::{self, Step},
        },
    },
    prelude::*,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NotesHandler;

pub const FUNCTION: Function = Function::of_handler::<NotesHandler>();

const STALE: &str = "Stale";

impl Handler for NotesHandler {
    type Fact = OperatorFact;
    const CONSUMER: &'static str = "notes";
    const HEARS: &'static [(EventType, Reader<OperatorFact>)] = FACTS;

    fn read_set(event: &Event<OperatorFact>) -> Vec<DocumentPath> {
        let id = event.envelope.user();
        let user = DocumentPath::user(id);
        match &event.fact {
            OperatorFact::Noted(note) => vec![user, DocumentPath::note(id, note.id)],
            OperatorFact::Assigned(_) => vec![user],
        }
    }

    fn decide(event: &Event<OperatorFact>, snapshot: &Snapshot, now: Timestamp) -> Result<Decision, Unreadable> {
        let id = event.envelope.user();
        let path = DocumentPath::user(id);
        let Some(customer) = snapshot.get(&path) else {
            return Ok(Decision::Await(path));
        };
        match &event.fact {
            OperatorFact::Noted(note) => noted(event, note, snapshot),
            OperatorFact::Assigned(assignee) => {
                let assignee = assignee.as_deref();
                Ok(match machine::assigned(user::assigned_to(customer)?, assignee) {
                    Step::Stale => Decision::Ignore(STALE),
                    Step::Write => Decision::write(user::set_assigned_to(id, assignee, now)),
                })
            }
        }
    }
}

fn noted(event: &Event<OperatorFact>, note: &Note, snapshot: &Snapshot) -> Result<Decision, Unreadable> {
    let id = event.envelope.user();
    let known = snapshot.get(&DocumentPath::note(id, note.id)).map(note::text).transpose()?;
    Ok(match machine::noted(known, &note.text) {
        Err(refusal) => Decision::Refuse(refusal.to_string()),
        Ok(Step::Stale) => Decision::Ignore(STALE),
        Ok(Step::Write) => Decision::write(note::write(id, note, event.envelope.time)),
    })
}

//! Follows a lead from its creation to its conversion.

use boma_core::{
    domain::leads::{
        documents::lead,
        facts::{FACTS, LeadFact, LeadNews},
        machine::{Step, step},
    },
    kernel::ids::{LeadId, UserId},
    prelude::*,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LeadsHandler;

pub const FUNCTION: Function = Function::of_handler::<LeadsHandler>();

impl Handler for LeadsHandler {
    type Fact = LeadFact;
    const CONSUMER: &'static str = "leads";
    const HEARS: &'static [(EventType, Reader<LeadFact>)] = FACTS;

    fn read_set(event: &Event<LeadFact>) -> Vec<DocumentPath> {
        event.fact.lead.map(DocumentPath::lead).into_iter().collect()
    }

    fn decide(event: &Event<LeadFact>, snapshot: &Snapshot, _: Timestamp) -> Result<Decision, Unreadable> {
        let LeadFact { lead: Some(id), news } = &event.fact else {
            return Ok(Decision::Ignore("NoLead"));
        };
        let path = DocumentPath::lead(*id);
        let from = snapshot.read(&path, lead::read)?;
        let converts = match news {
            LeadNews::Registered { user } => Some(converted(event, *id, *user)),
            LeadNews::Created { .. }
            | LeadNews::Contacted
            | LeadNews::Qualified { .. }
            | LeadNews::Lost { .. }
            | LeadNews::Reopened => None,
        };
        Ok(match step(from.as_ref(), news, event.envelope.time) {
            Err(illegal) => Decision::Refuse(illegal.to_string()),
            Ok(Step::Stale) => Decision::Ignore("Stale"),
            Ok(Step::Awaits) => Decision::Await(path),
            Ok(Step::Taken(to)) => Decision::Accept(Effects {
                moved: Some(Move { from: from.map(|lead| lead.status.name()), to: to.status.name() }),
                writes: vec![lead::write(*id, to)],
                events: converts.into_iter().collect(),
            }),
        })
    }
}

fn converted(event: &Event<LeadFact>, lead: LeadId, user: UserId) -> NewEvent {
    NewEvent::new(EventType::LeadConverted, event.envelope.subject.clone())
        .with("leadId", lead.to_string())
        .with("userId", user.to_string())
}

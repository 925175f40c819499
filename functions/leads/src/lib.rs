//! Follows a lead from its creation to its conversion.

use boma_core::{
    EventType, Handler, Timestamp,
    decision::{Decision, Effects, Move, NewEvent, Write},
    document::{DocumentPath, Unreadable},
    facts::leads::{FACTS, LeadFact},
    handler::{Event, Reader, Snapshot},
    ids::LeadId,
    machines::leads::{Input, Status, transition},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LeadsHandler;

boma_abi::export!(LeadsHandler);

impl Handler for LeadsHandler {
    type Fact = LeadFact;
    const CONSUMER: &'static str = "leads";
    const HEARS: &'static [(EventType, Reader<LeadFact>)] = FACTS;

    fn read_set(event: &Event<LeadFact>) -> Vec<DocumentPath> {
        lead_of(&event.fact).map(DocumentPath::lead).into_iter().collect()
    }

    fn decide(event: &Event<LeadFact>, snapshot: &Snapshot, _: Timestamp) -> Result<Decision, Unreadable> {
        let Some(lead) = lead_of(&event.fact) else {
            return Ok(Decision::Ignore("NoLead"));
        };
        let path = DocumentPath::lead(lead);
        let stored = snapshot.get(&path);
        let from = stored.map(|document| document.word("status", Status::from_name)).transpose()?;
        let input = match &event.fact {
            LeadFact::Created { .. } => Input::Created,
            LeadFact::Registered { .. } if from.is_none() => return Ok(Decision::Await(path)),
            LeadFact::Registered { .. } => Input::Registered,
            LeadFact::NotBuiltYet { .. } => {
                return Ok(Decision::Refuse(format!("NotBuiltYet: {}", event.envelope.event_type)));
            }
        };
        Ok(match transition(from, input) {
            Ok(to) => {
                let moved = Some(Move { from: from.map(Status::name), to: to.name() });
                let effects = effects(event, lead, Write::to(path).set("status", to.name()));
                Decision::Accept(Effects { moved, ..effects })
            }
            Err(illegal) => Decision::Refuse(illegal.to_string()),
        })
    }
}

/// The lead that the event is about; a customer may register without having been one.
fn lead_of(fact: &LeadFact) -> Option<LeadId> {
    match fact {
        LeadFact::Created { lead, .. } | LeadFact::NotBuiltYet { lead } => Some(*lead),
        LeadFact::Registered { lead, .. } => *lead,
    }
}

fn effects(event: &Event<LeadFact>, lead: LeadId, write: Write) -> Effects {
    match &event.fact {
        LeadFact::Created { region, channel, .. } => {
            let write = write
                .set("region", region.as_str())
                .set("channel", channel.as_str())
                .set("score", 0)
                .set("createdAt", event.envelope.time);
            Effects { writes: vec![write], ..Effects::default() }
        }
        LeadFact::Registered { user, .. } => {
            let write = write.set("convertedAt", event.envelope.time).set("userId", user.to_string());
            let converted = NewEvent::new(EventType::LeadConverted, event.envelope.subject.clone())
                .with("leadId", lead.to_string())
                .with("userId", user.to_string());
            Effects { writes: vec![write], events: vec![converted], ..Effects::default() }
        }
        LeadFact::NotBuiltYet { .. } => Effects::default(),
    }
}

//! Moves a customer through KYC and says when trading may begin or must end.

use boma_core::{
    domain::{
        customer::documents::user,
        kyc::{
            documents::kyc_case,
            facts::{FACTS, KycFact},
            machine::{Announcement, Case, Claim, Standing, Step, Taken, Told, step},
        },
        notifications,
    },
    kernel::ids::UserId,
    prelude::*,
};
use serde_json::json;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KycHandler;

pub const FUNCTION: Function = Function::of_handler::<KycHandler>();

impl Handler for KycHandler {
    type Fact = KycFact;
    const CONSUMER: &'static str = "kyc";
    const HEARS: &'static [(EventType, Reader<KycFact>)] = FACTS;

    fn read_set(event: &Event<KycFact>) -> Vec<DocumentPath> {
        let user = event.envelope.user();
        vec![DocumentPath::user(user), DocumentPath::kyc_case(user)]
    }

    fn decide(event: &Event<KycFact>, snapshot: &Snapshot, now: Timestamp) -> Result<Decision, Unreadable> {
        let id = event.envelope.user();
        let Some(customer) = snapshot.get(&DocumentPath::user(id)) else {
            return Ok(Decision::Await(DocumentPath::user(id)));
        };
        let from = kyc_case::standing(id, customer, snapshot.get(&DocumentPath::kyc_case(id)))?;
        let told = Told { fact: &event.fact, event: event.envelope.id, at: event.envelope.time, now };
        Ok(match step(&from, told) {
            Err(refusal) => Decision::Refuse(refusal.to_string()),
            Ok(Step::Stale) => Decision::Ignore("Stale"),
            Ok(Step::Assigned(claim)) => Decision::Accept(assigned(id, from, claim)),
            Ok(Step::Taken(taken)) => Decision::Accept(effects(event, &from, *taken, now)),
        })
    }
}

/// The user stays as it is: no right of the customer depends on who has the review on the desk.
fn assigned(id: UserId, from: Standing, claim: Option<Claim>) -> Effects {
    let case = Case { claim, ..from.case };
    Effects { writes: vec![kyc_case::write(id, from.check, &from.suspensions, case)], ..Effects::default() }
}

fn effects(event: &Event<KycFact>, from: &Standing, taken: Taken, now: Timestamp) -> Effects {
    let Taken { standing, announcement, notice } = taken;
    let (id, version) = (event.envelope.user(), standing.version);
    let announced = announcement.map(|it| announce(event, it, version));
    let letter = notice.map(|it| notifications::facts::request(id, it.template, json!(it.params)));
    Effects {
        moved: Some(Move { from: Some(from.status().name()), to: standing.status().name() }),
        events: announced.into_iter().chain(letter).collect(),
        writes: vec![
            user::set_kyc(id, standing.status(), version, now),
            kyc_case::write(id, standing.check, &standing.suspensions, standing.case),
        ],
    }
}

fn announce(event: &Event<KycFact>, announcement: Announcement, version: i64) -> NewEvent {
    let event_type = if announcement.may_trade { EventType::UserActive } else { EventType::UserRestricted };
    NewEvent::new(event_type, event.envelope.subject.clone())
        .with("version", version)
        .with_optional("reason", announcement.reason)
}

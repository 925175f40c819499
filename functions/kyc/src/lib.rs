//! Moves a customer through KYC and says when trading may begin or must end.

use boma_core::{
    domain::{
        customer::documents::user,
        kyc::{
            documents::kyc_case,
            facts::{FACTS, KycFact},
            machine::{Announcement, Standing, Step, step},
        },
    },
    prelude::*,
};

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
        let case = snapshot.read(&DocumentPath::kyc_case(id), kyc_case::read)?.unwrap_or_default();
        let status = user::kyc_status(customer)?;
        let from = Standing { status, version: user::kyc_version(customer)?, case };
        Ok(match step(&from, &event.fact, event.envelope.time) {
            Err(illegal) => Decision::Refuse(illegal.to_string()),
            Ok(Step::Stale) => Decision::Ignore("Stale"),
            Ok(Step::Taken { standing, announcement }) => Decision::Accept(Effects {
                moved: Some(Move { from: Some(status.name()), to: standing.status.name() }),
                events: announcement.into_iter().map(|it| announce(event, it, standing.version)).collect(),
                writes: vec![
                    user::set_kyc(id, standing.status, standing.version, now),
                    kyc_case::write(id, standing.case),
                ],
            }),
        })
    }
}

fn announce(event: &Event<KycFact>, announcement: Announcement, version: i64) -> NewEvent {
    let event_type = if announcement.may_trade { EventType::UserActive } else { EventType::UserRestricted };
    NewEvent::new(event_type, event.envelope.subject.clone())
        .with("version", version)
        .with_optional("reason", announcement.reason)
}

//! Moves a customer through KYC and says when trading may begin or must end.

use boma_core::{
    domain::kyc::{
        documents::kyc_case,
        facts::{FACTS, KycFact},
        machine::{Announcement, Standing, Status, Step, step},
    },
    kernel::ids::UserId,
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
        let Some(user) = snapshot.get(&DocumentPath::user(id)) else {
            return Ok(Decision::Await(DocumentPath::user(id)));
        };
        let case = snapshot.read(&DocumentPath::kyc_case(id), kyc_case::read)?.unwrap_or_default();
        let status = user.word("kycStatus", Status::from_name)?;
        let from = Standing { status, version: user.int("kycVersion")?, case };
        Ok(match step(&from, &event.fact, event.envelope.time) {
            Err(illegal) => Decision::Refuse(illegal.to_string()),
            Ok(Step::Stale) => Decision::Ignore("Stale"),
            Ok(Step::Taken { standing, announcement }) => Decision::Accept(Effects {
                moved: Some(Move { from: Some(status.name()), to: standing.status.name() }),
                events: announcement.into_iter().map(|it| announce(event, it, standing.version)).collect(),
                writes: vec![user_write(id, &standing, now), kyc_case::write(id, standing.case)],
            }),
        })
    }
}

fn user_write(id: UserId, standing: &Standing, now: Timestamp) -> Write {
    Write::to(DocumentPath::user(id))
        .set("kycStatus", standing.status.name())
        .set("kycVersion", standing.version)
        .set("updatedAt", now)
}

fn announce(event: &Event<KycFact>, announcement: Announcement, version: i64) -> NewEvent {
    let event_type = if announcement.may_trade { EventType::UserActive } else { EventType::UserRestricted };
    NewEvent::new(event_type, event.envelope.subject.clone())
        .with("version", version)
        .with_optional("reason", announcement.reason)
}

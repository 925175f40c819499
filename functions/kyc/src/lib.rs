//! Moves a customer through KYC and says when trading may begin or must end.

use boma_core::{
    EventType, Handler, Timestamp, Value,
    decision::{Decision, Effects, Move, NewEvent, Write},
    document::{Document, DocumentPath, Unreadable},
    facts::kyc::{CheckDecision, FACTS, KycFact},
    handler::{Event, Reader, Snapshot},
    ids::UserId,
    machines::kyc::{Announcement, Case, LastCheck, Standing, Status, Step, step},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KycHandler;

boma_abi::export!(KycHandler);

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
        let case = snapshot.get(&DocumentPath::kyc_case(id)).map(read_case).transpose()?.unwrap_or_default();
        let status = user.word("kycStatus", Status::from_name)?;
        let from = Standing { status, version: user.int("kycVersion")?, case };
        Ok(match step(&from, &event.fact, event.envelope.time) {
            Err(illegal) => Decision::Refuse(illegal.to_string()),
            Ok(Step::Stale) => Decision::Ignore("Stale"),
            Ok(Step::Taken { standing, announcement }) => Decision::Accept(Effects {
                moved: Some(Move { from: Some(status.name()), to: standing.status.name() }),
                events: announcement.into_iter().map(|it| announce(event, it, standing.version)).collect(),
                writes: vec![user_write(id, &standing, now), case_write(id, standing.case)],
            }),
        })
    }
}

fn read_case(document: &Document) -> Result<Case, Unreadable> {
    let check = |review_id: &str| {
        Ok(LastCheck {
            provider: document.string("provider")?.to_owned(),
            review_id: review_id.to_owned(),
            decision: document.word("decision", CheckDecision::from_name)?,
        })
    };
    Ok(Case {
        cycle: document.int("cycle")?,
        attempt: document.int("attempt")?,
        last_check: document.optional_string("reviewId")?.map(check).transpose()?,
        reasons: document.strings("reasons")?,
        valid_until: document.optional_timestamp("validUntil")?,
        due_at: document.optional_timestamp("dueAt")?,
    })
}

fn user_write(id: UserId, standing: &Standing, now: Timestamp) -> Write {
    Write::to(DocumentPath::user(id))
        .set("kycStatus", standing.status.name())
        .set("kycVersion", standing.version)
        .set("updatedAt", now)
}

fn case_write(id: UserId, case: Case) -> Write {
    let check = case.last_check.as_ref();
    Write::to(DocumentPath::kyc_case(id))
        .set("cycle", case.cycle)
        .set("attempt", case.attempt)
        .set_or_clear("provider", check.map(|check| check.provider.as_str()))
        .set_or_clear("reviewId", check.map(|check| check.review_id.as_str()))
        .set_or_clear("decision", check.map(|check| check.decision.name()))
        .set("reasons", case.reasons.into_iter().map(Value::String).collect::<Vec<_>>())
        .set_or_clear("validUntil", case.valid_until)
        .set_or_clear("dueAt", case.due_at)
}

fn announce(event: &Event<KycFact>, announcement: Announcement, version: i64) -> NewEvent {
    let event_type = if announcement.may_trade { EventType::UserActive } else { EventType::UserRestricted };
    NewEvent::new(event_type, event.envelope.subject.clone())
        .with("version", version)
        .with_optional("reason", announcement.reason)
}

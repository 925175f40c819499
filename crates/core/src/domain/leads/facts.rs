//! The events of a lead, and the registration that converts one.

use crate::{
    domain::customer::profile::facts::Registration,
    event::{
        catalog::EventType::{self, LeadContacted, LeadCreated, LeadLost, LeadQualified, LeadReopened, UserRegistered},
        envelope::{Envelope, Subject},
        reader::Reader,
    },
    kernel::{
        ids::{LeadId, UserId},
        malformed::Malformed,
    },
};

/// What happened, and to which lead; a customer may register without having been one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LeadFact {
    pub lead: Option<LeadId>,
    pub news: LeadNews,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LeadNews {
    Created { region: String, channel: String },
    Contacted,
    Qualified { score: Option<i64> },
    Lost { reason: String },
    Reopened,
    Registered { user: UserId },
}

pub const FACTS: &[(EventType, Reader<LeadFact>)] = &[
    (LeadCreated, |envelope| fact(envelope, created)),
    (LeadContacted, |envelope| {
        fact(envelope, |envelope| envelope.data().string("channel").map(|_| LeadNews::Contacted))
    }),
    (LeadQualified, |envelope| fact(envelope, qualified)),
    (LeadLost, |envelope| fact(envelope, lost)),
    (LeadReopened, |envelope| {
        fact(envelope, |envelope| envelope.data().string("operator").map(|_| LeadNews::Reopened))
    }),
    (UserRegistered, registered),
];

/// Published for programs that look after new customers; no function here hears it. Read so that it has a contract like all else.
pub const PUBLISHED: &[(EventType, Reader<()>)] = &[(EventType::LeadConverted, converted)];

fn converted(envelope: &Envelope) -> Result<(), Malformed> {
    let data = envelope.data();
    data.id::<LeadId>("leadId")?;
    data.id::<UserId>("userId").map(|_| ())
}

fn fact(envelope: &Envelope, read: Reader<LeadNews>) -> Result<LeadFact, Malformed> {
    Ok(LeadFact { lead: Some(lead(envelope)?), news: read(envelope)? })
}

fn created(envelope: &Envelope) -> Result<LeadNews, Malformed> {
    let data = envelope.data();
    data.optional_string("email")?;
    let (region, channel) = (data.string("region")?.to_owned(), data.string("channel")?.to_owned());
    Ok(LeadNews::Created { region, channel })
}

/// The score may be missing: the lead is qualified, and not rated with it.
fn qualified(envelope: &Envelope) -> Result<LeadNews, Malformed> {
    Ok(LeadNews::Qualified { score: envelope.data().optional_percentage("score")? })
}

fn lost(envelope: &Envelope) -> Result<LeadNews, Malformed> {
    Ok(LeadNews::Lost { reason: envelope.data().string("reason")?.to_owned() })
}

fn registered(envelope: &Envelope) -> Result<LeadFact, Malformed> {
    let lead = Registration::read(envelope)?.lead;
    Ok(LeadFact { lead, news: LeadNews::Registered { user: envelope.user() } })
}

/// `data.leadId`, which must be the subject: the event is ordered by the one and applied to the other.
fn lead(envelope: &Envelope) -> Result<LeadId, Malformed> {
    envelope.data().subject_again("leadId", |lead| envelope.subject == Subject::Lead(*lead))
}

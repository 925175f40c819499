//! The events of a lead, and the registration that converts one.

use crate::{
    catalog::EventType::{self, LeadContacted, LeadCreated, LeadLost, LeadQualified, LeadReopened, UserRegistered},
    envelope::{Envelope, Subject},
    facts::profile::Registration,
    handler::Reader,
    ids::{Id, LeadId, UserId},
    malformed::Malformed,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LeadFact {
    Created {
        lead: LeadId,
        region: String,
        channel: String,
    },
    Registered {
        lead: Option<LeadId>,
        user: UserId,
    },
    /// Known, and not built yet.
    NotBuiltYet {
        lead: LeadId,
    },
}

pub const FACTS: &[(EventType, Reader<LeadFact>)] = &[
    (LeadCreated, created),
    (UserRegistered, registered),
    (LeadContacted, not_built_yet),
    (LeadQualified, not_built_yet),
    (LeadLost, not_built_yet),
    (LeadReopened, not_built_yet),
];

fn created(envelope: &Envelope) -> Result<LeadFact, Malformed> {
    let data = envelope.data();
    let lead = lead(envelope)?;
    data.optional_string("email")?;
    let (region, channel) = (data.string("region")?.to_owned(), data.string("channel")?.to_owned());
    Ok(LeadFact::Created { lead, region, channel })
}

fn registered(envelope: &Envelope) -> Result<LeadFact, Malformed> {
    Ok(LeadFact::Registered { lead: Registration::read(envelope)?.lead, user: envelope.user() })
}

fn not_built_yet(envelope: &Envelope) -> Result<LeadFact, Malformed> {
    Ok(LeadFact::NotBuiltYet { lead: lead(envelope)? })
}

/// `data.leadId`, which must be the subject: the event is ordered by the one and applied to the other.
fn lead(envelope: &Envelope) -> Result<LeadId, Malformed> {
    let data = envelope.data();
    let lead = LeadId::parse(data.string("leadId")?).map_err(|rule| data.refuse("leadId", rule))?;
    if envelope.subject == Subject::Lead(lead) { Ok(lead) } else { Err(data.refuse("leadId", "not the subject")) }
}

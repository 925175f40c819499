//! What we publish and nobody of ours hears: adapters of identity providers, and whoever cares for new customers. Read here
//! so that it has a contract like all else.

use crate::{
    catalog::EventType::{self, KycRequested, LeadConverted},
    envelope::Envelope,
    handler::Reader,
    ids::{LeadId, UserId},
    malformed::Malformed,
};

pub const FACTS: &[(EventType, Reader<()>)] = &[(KycRequested, requested), (LeadConverted, converted)];

fn requested(envelope: &Envelope) -> Result<(), Malformed> {
    envelope.data().count("cycle").map(|_| ())
}

fn converted(envelope: &Envelope) -> Result<(), Malformed> {
    let data = envelope.data();
    data.id::<LeadId>("leadId")?;
    data.id::<UserId>("userId").map(|_| ())
}

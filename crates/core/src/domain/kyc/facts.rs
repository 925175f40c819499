//! The events of a customer's KYC.

use crate::{
    event::{
        catalog::EventType::{
            self, AccountClosed, KycAppealed, KycCompleted, KycExpired, KycHeld, KycLapsed, KycReinstated, KycReleased,
            KycRestarted, KycReviewed, KycSubmitted, KycSuspended, KycSuspensionConfirmed,
        },
        envelope::Envelope,
        fields::Fields,
        reader::Reader,
    },
    kernel::{malformed::Malformed, names::names, timestamp::Timestamp},
};

names! {
    /// What a provider of identity checks came to.
    CheckDecision {
        Approved = "APPROVED",
        Rejected = "REJECTED",
        Resubmit = "RESUBMIT",
        Review = "REVIEW",
    }
}

names! {
    /// What an operator came to.
    ReviewDecision {
        Approved = "APPROVED",
        Rejected = "REJECTED",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KycFact {
    Submitted,
    Completed(Check),
    Reviewed { decision: ReviewDecision, reason: Option<String> },
    Held,
    Released,
    Lapsed { kyc_version: i64 },
    Restarted,
    Appealed,
    Expired { kyc_version: i64 },
    Suspended { reason: String },
    Reinstated,
    SuspensionConfirmed,
    AccountClosed { reason: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Check {
    pub decision: CheckDecision,
    pub provider: String,
    pub review_id: String,
    pub reasons: Vec<String>,
    pub valid_until: Option<Timestamp>,
}

/// A document that triggers something stays under 200 KiB: so many texts of 1 KiB do, also twice, as the timeline's old and new.
const MOST_TEXTS: usize = 64;

pub const FACTS: &[(EventType, Reader<KycFact>)] = &[
    (KycSubmitted, submitted),
    (KycCompleted, completed),
    (KycReviewed, reviewed),
    (KycHeld, |envelope| reason(&envelope.data()).map(|_| KycFact::Held)),
    (KycReleased, |envelope| operator(&envelope.data()).map(|()| KycFact::Released)),
    (KycLapsed, |envelope| Ok(KycFact::Lapsed { kyc_version: envelope.data().count("kycVersion")? })),
    (KycRestarted, |_| Ok(KycFact::Restarted)),
    (KycAppealed, |envelope| operators_reason(&envelope.data()).map(|_| KycFact::Appealed)),
    (KycExpired, |envelope| Ok(KycFact::Expired { kyc_version: envelope.data().count("kycVersion")? })),
    (KycSuspended, |envelope| Ok(KycFact::Suspended { reason: reason(&envelope.data())? })),
    (KycReinstated, |envelope| operator(&envelope.data()).map(|()| KycFact::Reinstated)),
    (KycSuspensionConfirmed, |envelope| operators_reason(&envelope.data()).map(|_| KycFact::SuspensionConfirmed)),
    (AccountClosed, |envelope| Ok(KycFact::AccountClosed { reason: reason(&envelope.data())? })),
];

/// Published for adapters of identity providers; no function here hears it. Read so that it has a contract like all else.
pub const PUBLISHED: &[(EventType, Reader<()>)] =
    &[(EventType::KycRequested, |envelope| envelope.data().count("cycle").map(|_| ()))];

fn submitted(envelope: &Envelope) -> Result<KycFact, Malformed> {
    envelope.data().optional_strings("documents", MOST_TEXTS)?;
    Ok(KycFact::Submitted)
}

fn completed(envelope: &Envelope) -> Result<KycFact, Malformed> {
    let data = envelope.data();
    Ok(KycFact::Completed(Check {
        decision: data.one_of("decision", CheckDecision::ALL, CheckDecision::name)?,
        provider: data.string("provider")?.to_owned(),
        review_id: data.string("reviewId")?.to_owned(),
        reasons: data.optional_strings("reasons", MOST_TEXTS)?.unwrap_or_default(),
        valid_until: data.optional_timestamp("validUntil")?,
    }))
}

fn reviewed(envelope: &Envelope) -> Result<KycFact, Malformed> {
    let data = envelope.data();
    operator(&data)?;
    Ok(KycFact::Reviewed {
        decision: data.one_of("decision", ReviewDecision::ALL, ReviewDecision::name)?,
        reason: data.optional_string("reason")?.map(str::to_owned),
    })
}

fn reason(data: &Fields<'_>) -> Result<String, Malformed> {
    data.string("reason").map(str::to_owned)
}

fn operator(data: &Fields<'_>) -> Result<(), Malformed> {
    data.string("operator").map(|_| ())
}

fn operators_reason(data: &Fields<'_>) -> Result<String, Malformed> {
    operator(data)?;
    reason(data)
}

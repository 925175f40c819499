//! The events of a customer's KYC.

use crate::{
    event::{
        catalog::EventType::{
            self, AccountClosed, KycAppealed, KycCompleted, KycExpired, KycHeld, KycLapsed, KycReinstated, KycReleased,
            KycRestarted, KycReviewed, KycSubmitted, KycSuspended, KycSuspensionConfirmed, ReviewClaimed,
            ReviewReturned,
        },
        envelope::Envelope,
        fields::Fields,
        reader::Reader,
    },
    kernel::{ids::SuspensionId, malformed::Malformed, names::names, text, timestamp::Timestamp},
};

names! {
    /// The result of a provider of identity checks.
    CheckDecision {
        Approved = "APPROVED",
        Rejected = "REJECTED",
        Resubmit = "RESUBMIT",
        Review = "REVIEW",
    }
}

names! {
    /// An operator's decision.
    ReviewDecision {
        Approved = "APPROVED",
        Rejected = "REJECTED",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KycFact {
    /// About the check or the suspensions: counted by kycVersion.
    Check(CheckFact),
    /// Which operator has a review on the desk: nothing that a customer's rights depend on.
    Claim(ClaimFact),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CheckFact {
    Submitted,
    Completed(CheckResult),
    Reviewed { decision: ReviewDecision, reason: Option<String>, valid_until: Option<Timestamp> },
    Held { reason: String },
    Released,
    Lapsed { kyc_version: i64 },
    Restarted,
    Appealed,
    Expired { kyc_version: i64 },
    Suspended { id: Option<SuspensionId>, reason: String },
    Reinstated { id: Option<SuspensionId>, reason: Option<String> },
    SuspensionConfirmed,
    AccountClosed { reason: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CheckResult {
    pub decision: CheckDecision,
    pub provider: String,
    pub review_id: String,
    /// Which of the customer's checks it belongs to, where the provider says so.
    pub cycle: Option<i64>,
    pub reasons: Vec<String>,
    pub valid_until: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ClaimFact {
    Claimed { operator: String },
    Returned { operator: String },
}

/// A document that triggers something stays under 200 KiB: so many texts of which 1 KiB is kept do, also twice, as the timeline's old and new.
const MOST_TEXTS: usize = 64;

pub const FACTS: &[(EventType, Reader<KycFact>)] = &[
    (KycSubmitted, submitted),
    (KycCompleted, completed),
    (KycReviewed, reviewed),
    (KycHeld, held),
    (KycReleased, |envelope| operator(&envelope.data()).map(|_| KycFact::Check(CheckFact::Released))),
    (KycLapsed, |envelope| version(envelope).map(|kyc_version| KycFact::Check(CheckFact::Lapsed { kyc_version }))),
    (KycRestarted, |_| Ok(KycFact::Check(CheckFact::Restarted))),
    (KycAppealed, |envelope| operators_reason(envelope).map(|()| KycFact::Check(CheckFact::Appealed))),
    (KycExpired, |envelope| version(envelope).map(|kyc_version| KycFact::Check(CheckFact::Expired { kyc_version }))),
    (KycSuspended, suspended),
    (KycReinstated, reinstated),
    (KycSuspensionConfirmed, |envelope| {
        operators_reason(envelope).map(|()| KycFact::Check(CheckFact::SuspensionConfirmed))
    }),
    (AccountClosed, closed),
    (ReviewClaimed, |envelope| Ok(KycFact::Claim(ClaimFact::Claimed { operator: operator(&envelope.data())? }))),
    (ReviewReturned, |envelope| Ok(KycFact::Claim(ClaimFact::Returned { operator: operator(&envelope.data())? }))),
];

/// Published for adapters of identity providers; no function here hears it. Read so that it has a contract like all else.
pub const PUBLISHED: &[(EventType, Reader<()>)] =
    &[(EventType::KycRequested, |envelope| envelope.data().count("cycle").map(|_| ()))];

fn submitted(envelope: &Envelope) -> Result<KycFact, Malformed> {
    envelope.data().optional_strings("documents", MOST_TEXTS)?;
    Ok(KycFact::Check(CheckFact::Submitted))
}

fn completed(envelope: &Envelope) -> Result<KycFact, Malformed> {
    let data = envelope.data();
    let reasons = data.optional_strings("reasons", MOST_TEXTS)?.unwrap_or_default();
    Ok(KycFact::Check(CheckFact::Completed(CheckResult {
        decision: data.one_of("decision", CheckDecision::ALL, CheckDecision::name)?,
        provider: data.string("provider")?.to_owned(),
        review_id: data.string("reviewId")?.to_owned(),
        cycle: data.optional_count("cycle")?,
        reasons: reasons.into_iter().map(text::kept).collect(),
        valid_until: data.optional_timestamp("validUntil")?,
    })))
}

fn reviewed(envelope: &Envelope) -> Result<KycFact, Malformed> {
    let data = envelope.data();
    operator(&data)?;
    Ok(KycFact::Check(CheckFact::Reviewed {
        decision: data.one_of("decision", ReviewDecision::ALL, ReviewDecision::name)?,
        reason: optional_reason(&data)?,
        valid_until: data.optional_timestamp("validUntil")?,
    }))
}

fn held(envelope: &Envelope) -> Result<KycFact, Malformed> {
    let data = envelope.data();
    data.optional_string("operator")?;
    Ok(KycFact::Check(CheckFact::Held { reason: reason(&data)? }))
}

fn suspended(envelope: &Envelope) -> Result<KycFact, Malformed> {
    let data = envelope.data();
    data.optional_string("operator")?;
    Ok(KycFact::Check(CheckFact::Suspended { id: data.optional_id("suspensionId")?, reason: reason(&data)? }))
}

fn reinstated(envelope: &Envelope) -> Result<KycFact, Malformed> {
    let data = envelope.data();
    operator(&data)?;
    approver(&data)?;
    Ok(KycFact::Check(CheckFact::Reinstated { id: data.optional_id("suspensionId")?, reason: optional_reason(&data)? }))
}

fn closed(envelope: &Envelope) -> Result<KycFact, Malformed> {
    let data = envelope.data();
    data.optional_string("operator")?;
    approver(&data)?;
    Ok(KycFact::Check(CheckFact::AccountClosed { reason: reason(&data)? }))
}

fn version(envelope: &Envelope) -> Result<i64, Malformed> {
    envelope.data().count("kycVersion")
}

fn operator(data: &Fields<'_>) -> Result<String, Malformed> {
    data.string("operator").map(str::to_owned)
}

/// The second person, where the command went by two. The timeline names both.
fn approver(data: &Fields<'_>) -> Result<(), Malformed> {
    data.optional_person_other_than("operator", "approvedBy").map(drop)
}

fn operators_reason(envelope: &Envelope) -> Result<(), Malformed> {
    let data = envelope.data();
    operator(&data)?;
    approver(&data)?;
    reason(&data).map(|_| ())
}

fn reason(data: &Fields<'_>) -> Result<String, Malformed> {
    data.string("reason").map(|reason| text::kept(reason.to_owned()))
}

fn optional_reason(data: &Fields<'_>) -> Result<Option<String>, Malformed> {
    Ok(data.optional_string("reason")?.map(|reason| text::kept(reason.to_owned())))
}

//! Whether two people agree. An approval is bound to the digest of what was asked for, and is used once.

use std::fmt;

use crate::{
    domain::approvals::facts::Decision,
    kernel::{digest::Digest, names::names, operator::Operator, timestamp::Timestamp},
};

names! {
    Status {
        Pending = "PENDING",
        Approved = "APPROVED",
        Rejected = "REJECTED",
        Expired = "EXPIRED",
    }
}

/// How long a request stands, and how long what was approved may be published once more.
pub const LASTS_DAYS: u32 = 7;

/// How long ago an approver may have signed in.
pub const SIGNED_IN_WITHIN_MINUTES: u32 = 15;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Approval {
    pub status: Status,
    /// Of what was asked for, as the request said it.
    pub digest: Digest,
    /// Of what stands in the record now. It differs where somebody has changed the record.
    pub digest_now: Digest,
    pub requested_by: String,
    /// The account, where it is known.
    pub requested_by_id: Option<String>,
    pub requested_at: Timestamp,
    /// There once it is approved or rejected.
    pub decided: Option<Decided>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decided {
    pub by: String,
    pub at: Timestamp,
}

/// What an approver says, and who that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told<'a> {
    pub decision: Decision,
    /// Of what the approver has seen.
    pub digest: &'a str,
    pub by: &'a Operator,
    pub now: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// To be stored before anything is done.
    Approve,
    Reject,
    /// Too late: to be stored, and the approver is told so.
    Expire,
    /// The same person has approved it before. It is done once more where it wasn't done.
    ApproveAgain,
    RejectAgain,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    NotSupervisor,
    OwnRequest,
    SignedInTooLongAgo,
    /// The approver has seen something else, or it was changed after it was asked for.
    AnotherDigest,
    Closed(Status),
    /// It was approved so long ago that its consumer could have forgotten the event.
    ApprovedTooLongAgo,
}

/// Who decides is looked at first, then what was seen, then the table.
///
/// | status | Approve | Reject |
/// |---|---|---|
/// | PENDING, of 7 days at most | APPROVED | REJECTED |
/// | PENDING, older | EXPIRED | EXPIRED |
/// | APPROVED by the same person | done once more, for 7 days | refused |
/// | REJECTED by the same person | refused | the same answer |
/// | APPROVED, REJECTED by another person, EXPIRED | refused | refused |
pub fn step(approval: &Approval, told: Told<'_>) -> Result<Step, Refusal> {
    check_person(approval, told)?;
    if told.digest != approval.digest.as_str() || approval.digest != approval.digest_now {
        return Err(Refusal::AnotherDigest);
    }
    let decided = approval.decided.as_ref().filter(|decided| told.by.is(&decided.by));
    let is_over = |since: Timestamp| told.now > since.plus_days(LASTS_DAYS);
    match (approval.status, told.decision, decided) {
        (Status::Pending, Decision::Approve | Decision::Reject, _) if is_over(approval.requested_at) => {
            Ok(Step::Expire)
        }
        (Status::Pending, Decision::Approve, _) => Ok(Step::Approve),
        (Status::Pending, Decision::Reject, _) => Ok(Step::Reject),
        (Status::Approved, Decision::Approve, Some(decided)) if is_over(decided.at) => Err(Refusal::ApprovedTooLongAgo),
        (Status::Approved, Decision::Approve, Some(_)) => Ok(Step::ApproveAgain),
        (Status::Rejected, Decision::Reject, Some(_)) => Ok(Step::RejectAgain),
        (Status::Approved, Decision::Approve, None)
        | (Status::Approved, Decision::Reject, _)
        | (Status::Rejected, Decision::Approve, _)
        | (Status::Rejected, Decision::Reject, None)
        | (Status::Expired, Decision::Approve | Decision::Reject, _) => Err(Refusal::Closed(approval.status)),
    }
}

fn check_person(approval: &Approval, told: Told<'_>) -> Result<(), Refusal> {
    if !told.by.role.may_approve() {
        return Err(Refusal::NotSupervisor);
    }
    // One person with two addresses has one account.
    let is_their_account = approval.requested_by_id.is_some() && approval.requested_by_id == told.by.account;
    if is_their_account || told.by.is(&approval.requested_by) {
        return Err(Refusal::OwnRequest);
    }
    if told.by.signed_in_at < told.now.minus_minutes(SIGNED_IN_WITHIN_MINUTES) {
        return Err(Refusal::SignedInTooLongAgo);
    }
    Ok(())
}

/// For the approver, in the words of the request's fields.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::NotSupervisor => f.write_str("role: only a supervisor decides"),
            Refusal::OwnRequest => f.write_str("decision: of one's own request another person decides"),
            Refusal::SignedInTooLongAgo => {
                write!(f, "auth_time: more than {SIGNED_IN_WITHIN_MINUTES} minutes ago; sign in again")
            }
            Refusal::AnotherDigest => f.write_str("digest: not that of what was asked for"),
            Refusal::Closed(status) => write!(f, "status: it is {status}"),
            Refusal::ApprovedTooLongAgo => {
                write!(f, "decidedAt: more than {LASTS_DAYS} days ago; it isn't published once more")
            }
        }
    }
}

//! What the release before the suspensions left out of a case, as far as the rest tells it.

use crate::{
    domain::{
        customer::documents::user,
        kyc::{
            facts::CheckDecision,
            machine::{Case, LastResult, Status, Suspension, Suspensions},
        },
    },
    kernel::ids::{SuspensionId, UserId},
    store::document::{Document, Unreadable},
};

/// The case as it stands in this cycle: that release kept through a new one what the old one had come to.
pub(super) fn of_present_cycle(case: Case, status: Status) -> Case {
    let has_result =
        case.last_result.as_ref().is_some_and(|last| may_be_of_present_cycle(last.decision, &case, status));
    let case = if has_result || case.cycle == 1 { case } else { case.without_result() };
    // Only an approval wrote it.
    let valid_until = case.valid_until.filter(|_| was_approved(status));
    Case { valid_until, ..case }
}

/// Each result leads somewhere else than to where it was awaited; back there leads another attempt, or a review.
fn may_be_of_present_cycle(decision: CheckDecision, case: &Case, status: Status) -> bool {
    match status {
        Status::Pending => false,
        Status::Submitted => case.attempt > 1,
        Status::InReview | Status::OnHold => case.attempt > 1 || decision == CheckDecision::Review,
        Status::Abandoned => decision == CheckDecision::Resubmit,
        Status::ResubmissionRequired
        | Status::Approved
        | Status::Rejected
        | Status::Expired
        | Status::Suspended
        | Status::Closed => true,
    }
}

fn was_approved(status: Status) -> bool {
    match status {
        Status::Approved | Status::Expired | Status::Suspended | Status::Closed => true,
        Status::Pending
        | Status::Submitted
        | Status::InReview
        | Status::ResubmissionRequired
        | Status::OnHold
        | Status::Rejected
        | Status::Abandoned => false,
    }
}

/// The version of the last result isn't kept. Where the status is what that result brings, nothing else has happened since
/// that would make a repetition news.
pub(super) fn completed(case: Case, status: Status, version: i64) -> Case {
    let with_version = |last: LastResult| {
        let version = Some(version).filter(|_| brings(last.decision, status));
        LastResult { version, ..last }
    };
    Case { last_result: case.last_result.map(with_version), ..case }
}

fn brings(decision: CheckDecision, status: Status) -> bool {
    match decision {
        CheckDecision::Approved => status == Status::Approved,
        // A customer who was approved before was suspended.
        CheckDecision::Rejected => matches!(status, Status::Rejected | Status::Suspended),
        CheckDecision::Resubmit => status == Status::ResubmissionRequired,
        CheckDecision::Review => status == Status::InReview,
    }
}

/// A suspended customer had one suspension, without an id. Why and since when it is open wasn't kept but for a provider's
/// reasons; it began not later than the user was written last.
pub(super) fn suspensions(id: UserId, status: Status, user: &Document, case: &Case) -> Result<Suspensions, Unreadable> {
    if status != Status::Suspended {
        return Ok(Suspensions::default());
    }
    let by_provider = case.last_result.as_ref().is_some_and(|last| last.decision == CheckDecision::Rejected);
    let reason = Some(Suspension::joined(&case.reasons)).filter(|joined| by_provider && !joined.is_empty());
    let reason = reason.unwrap_or_else(|| "suspended by an earlier release".to_owned());
    let suspension = Suspension { reason, since: user::updated_at(user)? };
    Ok(Suspensions([(SuspensionId::of_earlier_release(id), suspension)].into()))
}

//! Which operator has a customer's review on the desk, so that no two work on one.

use super::{Refusal, Standing, Step, table::Check};
use crate::{
    domain::{IllegalTransition, kyc::facts::ClaimFact},
    kernel::timestamp::Timestamp,
};

/// Whoever goes home with a review on the desk doesn't keep it.
const MINUTES_TO_REVIEW: u64 = 30;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    pub operator: String,
    pub at: Timestamp,
}

pub(super) fn step(from: &Standing, fact: &ClaimFact, at: Timestamp) -> Result<Step, Refusal> {
    let running = from.case.claim.as_ref().filter(|claim| claim.runs_at(at));
    match fact {
        ClaimFact::Claimed { operator } => {
            if !is_reviewed(from.check) {
                return Err(IllegalTransition { from: from.check.name(), event: "ReviewClaimed" }.into());
            }
            match running {
                Some(claim) if claim.operator != *operator => Err(Refusal::AlreadyClaimed),
                Some(claim) if at <= claim.at => Ok(Step::Stale),
                Some(_) | None => Ok(Step::Assigned(Some(Claim { operator: operator.clone(), at }))),
            }
        }
        ClaimFact::Returned { operator } => match running {
            Some(claim) if claim.operator != *operator => Err(Refusal::AlreadyClaimed),
            Some(_) => Ok(Step::Assigned(None)),
            // It has ended by itself, or with the review.
            None => Ok(Step::Stale),
        },
    }
}

/// A claim ends with the review.
pub(super) fn is_reviewed(check: Check) -> bool {
    match check {
        Check::InReview | Check::OnHold => true,
        Check::Pending
        | Check::Submitted
        | Check::ResubmissionRequired
        | Check::Approved
        | Check::Rejected
        | Check::Expired
        | Check::Abandoned
        | Check::Closed => false,
    }
}

impl Claim {
    /// Both are told by the operators' own clocks, so one file of events always comes to the same.
    fn runs_at(&self, at: Timestamp) -> bool {
        at.ms_since(self.at) < MINUTES_TO_REVIEW * 60_000
    }
}

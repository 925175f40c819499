//! Which operator has a customer's review on the desk, so that no two work on one.

use super::table::Check;
use crate::{
    domain::{IllegalTransition, kyc::facts::ClaimFact},
    kernel::{operator, timestamp::Timestamp},
};

/// Whoever goes home with a review on the desk doesn't keep it.
const MINUTES_TO_REVIEW: u64 = 30;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    pub operator: String,
    pub at: Timestamp,
}

/// What becomes of a claim.
pub(super) enum Assignment {
    Changed(Option<Claim>),
    Stale,
}

pub(super) enum NoClaim {
    Illegal(IllegalTransition),
    /// Another operator has the review.
    AlreadyClaimed,
}

pub(super) fn assign(
    check: Check,
    claim: Option<&Claim>,
    fact: &ClaimFact,
    at: Timestamp,
) -> Result<Assignment, NoClaim> {
    let running = claim.filter(|claim| claim.runs_at(at));
    match fact {
        ClaimFact::Claimed { operator } => {
            if !is_reviewed(check) {
                let illegal = IllegalTransition { from: check.name(), event: "ReviewClaimed" };
                return Err(NoClaim::Illegal(illegal));
            }
            match running {
                Some(claim) if !operator::is_same(&claim.operator, operator) => Err(NoClaim::AlreadyClaimed),
                Some(claim) if at <= claim.at => Ok(Assignment::Stale),
                Some(_) | None => Ok(Assignment::Changed(Some(Claim { operator: operator.clone(), at }))),
            }
        }
        ClaimFact::Returned { operator } => match running {
            Some(claim) if !operator::is_same(&claim.operator, operator) => Err(NoClaim::AlreadyClaimed),
            Some(_) => Ok(Assignment::Changed(None)),
            // It has ended by itself, or with the review.
            None => Ok(Assignment::Stale),
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

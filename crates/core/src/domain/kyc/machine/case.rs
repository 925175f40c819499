//! What is kept of a customer's check: the cycle, its results, and until when an approval holds.

use super::{
    claim::Claim,
    reviews::Reviews,
    table::{Check, Edge, SideEffect},
};
use crate::{
    domain::kyc::facts::{CheckDecision, CheckFact, CheckResult, ReviewDecision},
    kernel::timestamp::Timestamp,
};

/// A customer who hasn't finished within this time has lapsed.
const DAYS_TO_FINISH: u32 = 30;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Case {
    pub cycle: i64,
    pub attempt: i64,
    pub last_result: Option<LastResult>,
    pub reasons: Vec<String>,
    pub valid_until: Option<Timestamp>,
    /// When time itself ends the present state, unless something else does before.
    pub due_at: Option<Timestamp>,
    pub reviews: Reviews,
    pub claim: Option<Claim>,
}

/// The KycCompleted that was applied last in this cycle.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LastResult {
    pub provider: String,
    pub review_id: String,
    pub decision: CheckDecision,
    /// The event's time; unknown of what an earlier release applied.
    pub at: Option<Timestamp>,
    /// kycVersion after it: as long as that is the present one, nothing else has happened.
    pub version: Option<i64>,
}

impl Default for Case {
    fn default() -> Self {
        Case {
            cycle: 1,
            attempt: 1,
            last_result: None,
            reasons: Vec::new(),
            valid_until: None,
            due_at: None,
            reviews: Reviews::default(),
            claim: None,
        }
    }
}

impl Case {
    /// Asks for the customer's documents, from now on.
    pub fn begun(self, now: Timestamp) -> Case {
        Case { due_at: Some(now.plus_days(DAYS_TO_FINISH)), ..self }
    }

    /// Of the old cycle nothing is left but its number and which reviews are old.
    fn next_cycle(&self) -> Case {
        Case { cycle: self.cycle + 1, reviews: self.reviews_of_next_cycle(), ..Case::default() }
    }

    /// The same, where a new cycle has begun and the old one's result is still there.
    pub fn without_result(self) -> Case {
        let reviews = self.reviews_of_next_cycle();
        Case { last_result: None, reasons: Vec::new(), valid_until: None, reviews, ..self }
    }

    fn reviews_of_next_cycle(&self) -> Reviews {
        self.reviews.of_next_cycle(self.last_result.as_ref().map(|last| last.review_id.as_str()))
    }

    /// The case after an edge, but for what depends on whether the approval still holds.
    pub(super) fn after(&self, from: Check, edge: Edge, fact: &CheckFact, at: Timestamp, version: i64) -> Case {
        let mut next = match edge.also {
            SideEffect::NextAttempt => Case { attempt: self.attempt + 1, ..self.clone() },
            SideEffect::NextCycle => self.next_cycle(),
            SideEffect::ClearValidity => Case { valid_until: None, ..self.clone() },
            SideEffect::Nothing
            | SideEffect::Suspend
            | SideEffect::Reinstate
            | SideEffect::Confirm
            | SideEffect::Close => self.clone(),
        };
        match fact {
            CheckFact::Completed(result) => next.note(from, result, at, version),
            CheckFact::Reviewed { decision: ReviewDecision::Approved, valid_until, .. } => {
                next.valid_until = valid_until.or(next.valid_until);
            }
            CheckFact::Held { reason } => next.reasons = vec![reason.clone()],
            CheckFact::Reviewed { decision: ReviewDecision::Rejected, .. }
            | CheckFact::Submitted
            | CheckFact::Released
            | CheckFact::Lapsed { .. }
            | CheckFact::Restarted
            | CheckFact::Appealed
            | CheckFact::Expired { .. }
            | CheckFact::Suspended { .. }
            | CheckFact::Reinstated { .. }
            | CheckFact::SuspensionConfirmed
            | CheckFact::AccountClosed { .. } => {}
        }
        next
    }

    /// When time ends the check. What leaves the check as it is leaves the customer no more time than before.
    pub(super) fn due(mut self, to: Check, also: SideEffect, now: Timestamp) -> Case {
        let goes_on = matches!(also, SideEffect::Suspend | SideEffect::Reinstate);
        self.due_at = match to {
            Check::Approved => self.valid_until,
            Check::Pending | Check::ResubmissionRequired if goes_on => self.due_at,
            Check::Pending | Check::ResubmissionRequired => return self.begun(now),
            Check::Submitted
            | Check::InReview
            | Check::OnHold
            | Check::Rejected
            | Check::Expired
            | Check::Abandoned
            | Check::Closed => None,
        };
        self
    }

    fn note(&mut self, from: Check, result: &CheckResult, at: Timestamp, version: i64) {
        if let Some(last) = &self.last_result {
            self.reviews.superseded(&last.review_id, &result.review_id);
        }
        self.last_result = Some(LastResult {
            provider: result.provider.clone(),
            review_id: result.review_id.clone(),
            decision: result.decision,
            at: Some(at),
            version: Some(version),
        });
        self.reasons = result.reasons.clone();
        if keeps_validity(from, result.decision) {
            self.valid_until = result.valid_until.or(self.valid_until);
        }
    }

    /// Until when an approval holds that names no end: of an approval that is over nothing is left.
    fn validity_kept_from(&self, check: Check) -> Option<Timestamp> {
        match check {
            Check::Expired | Check::Abandoned => None,
            Check::Pending
            | Check::Submitted
            | Check::InReview
            | Check::ResubmissionRequired
            | Check::OnHold
            | Check::Approved
            | Check::Rejected
            | Check::Closed => self.valid_until,
        }
    }

    pub(super) fn is_stale(&self, check: Check, version: i64, result: &CheckResult, at: Timestamp) -> bool {
        let is_earlier = |last: &LastResult| last.at.is_some_and(|last_at| at < last_at);
        result.cycle.is_some_and(|cycle| cycle != self.cycle)
            || self.reviews.is_of_an_earlier_cycle(&result.review_id)
            || self
                .last_result
                .as_ref()
                .is_some_and(|last| is_earlier(last) || self.repeats(last, check, version, result))
    }

    /// Whether a result says once more what the edge taken last said. Of a result whose validUntil isn't kept it can't make a
    /// difference.
    fn repeats(&self, last: &LastResult, check: Check, version: i64, result: &CheckResult) -> bool {
        let says_another_end = keeps_validity(check, result.decision)
            && result.valid_until.or(self.validity_kept_from(check)) != self.valid_until;
        last.version == Some(version)
            && last.provider == result.provider
            && last.review_id == result.review_id
            && last.decision == result.decision
            && self.reasons == result.reasons
            && !says_another_end
    }
}

/// Of an approval; and on ON_HOLD of everything that stays there, for whoever releases it.
fn keeps_validity(check: Check, decision: CheckDecision) -> bool {
    decision == CheckDecision::Approved || (check == Check::OnHold && decision != CheckDecision::Rejected)
}

//! What a customer's standing comes to, and what the customer is told of it.

use std::collections::BTreeMap;

use super::{
    suspensions::{Suspension, Suspensions},
    table::Check,
};
use crate::{domain::notifications::facts::Template, kernel::names::names};

names! {
    /// kycStatus: the check, or SUSPENDED in its place.
    Status {
        Pending = "PENDING",
        Submitted = "SUBMITTED",
        InReview = "IN_REVIEW",
        ResubmissionRequired = "RESUBMISSION_REQUIRED",
        OnHold = "ON_HOLD",
        Approved = "APPROVED",
        Rejected = "REJECTED",
        Expired = "EXPIRED",
        Abandoned = "ABANDONED",
        Suspended = "SUSPENDED",
        Closed = "CLOSED",
    }
}

/// A letter to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Notice {
    pub template: Template,
    pub params: BTreeMap<&'static str, String>,
}

impl Status {
    pub fn of(check: Check, suspensions: &Suspensions) -> Status {
        if !suspensions.is_empty() && check != Check::Closed {
            return Status::Suspended;
        }
        match check {
            Check::Pending => Status::Pending,
            Check::Submitted => Status::Submitted,
            Check::InReview => Status::InReview,
            Check::ResubmissionRequired => Status::ResubmissionRequired,
            Check::OnHold => Status::OnHold,
            Check::Approved => Status::Approved,
            Check::Rejected => Status::Rejected,
            Check::Expired => Status::Expired,
            Check::Abandoned => Status::Abandoned,
            Check::Closed => Status::Closed,
        }
    }

    /// The check of a customer of whom the status is all that an earlier release kept. It suspended what was approved, and
    /// judged the approval's end when the suspension ended.
    pub fn check(self) -> Check {
        match self {
            Status::Pending => Check::Pending,
            Status::Submitted => Check::Submitted,
            Status::InReview => Check::InReview,
            Status::ResubmissionRequired => Check::ResubmissionRequired,
            Status::OnHold => Check::OnHold,
            Status::Approved | Status::Suspended => Check::Approved,
            Status::Rejected => Check::Rejected,
            Status::Expired => Check::Expired,
            Status::Abandoned => Check::Abandoned,
            Status::Closed => Check::Closed,
        }
    }
}

impl Notice {
    /// When the check becomes what the customer waits for. Only what to mend is told in detail: why somebody was rejected
    /// may be a suspicion that they must not hear of.
    pub(super) fn of(before: Check, after: Check, reasons: &[String]) -> Option<Notice> {
        if before == after {
            return None;
        }
        let (template, params) = match after {
            Check::Approved => (Template::KycApproved, BTreeMap::new()),
            Check::Rejected => (Template::KycRejected, BTreeMap::new()),
            Check::ResubmissionRequired => {
                let reasons = Some(Suspension::joined(reasons)).filter(|joined| !joined.is_empty());
                (Template::KycResubmission, reasons.into_iter().map(|reasons| ("reasons", reasons)).collect())
            }
            Check::Pending
            | Check::Submitted
            | Check::InReview
            | Check::OnHold
            | Check::Expired
            | Check::Abandoned
            | Check::Closed => return None,
        };
        Some(Notice { template, params })
    }
}

//! Know your customer: from the first document to the closed account.

mod table;

pub use self::table::{Edge, Input, SideEffect, Status, transition};
use crate::{
    domain::{
        IllegalTransition,
        kyc::facts::{Check, CheckDecision, KycFact},
    },
    kernel::timestamp::Timestamp,
};

/// A customer who hasn't finished within this time has lapsed.
pub const DAYS_TO_FINISH: u32 = 30;

/// Where a customer stands, and what led there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    pub status: Status,
    /// Counts the edges taken.
    pub version: i64,
    pub case: Case,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Case {
    pub cycle: i64,
    pub attempt: i64,
    pub last_check: Option<LastCheck>,
    pub reasons: Vec<String>,
    pub valid_until: Option<Timestamp>,
    /// When time itself ends the present state, unless something else does before.
    pub due_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LastCheck {
    pub provider: String,
    pub review_id: String,
    pub decision: CheckDecision,
}

impl Case {
    /// A customer has registered, and is asked for documents.
    pub fn begun(at: Timestamp) -> Case {
        Case { due_at: Some(at.plus_days(DAYS_TO_FINISH)), ..Case::default() }
    }
}

impl Default for Case {
    fn default() -> Self {
        Case { cycle: 1, attempt: 1, last_check: None, reasons: Vec::new(), valid_until: None, due_at: None }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    Taken {
        standing: Standing,
        announcement: Option<Announcement>,
    },
    /// A result that was applied last, or a deadline that an edge taken since has made void.
    Stale,
}

/// What the rest of the system is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Announcement {
    pub may_trade: bool,
    pub reason: Option<String>,
}

pub fn step(from: &Standing, fact: &KycFact, at: Timestamp) -> Result<Step, IllegalTransition> {
    if is_stale(from, fact) {
        return Ok(Step::Stale);
    }
    let edge = transition(from.status, input(fact, &from.case, at))?;
    let announce = |may_trade| Some(Announcement { may_trade, reason: reason(fact) });
    let announcement = match edge.also {
        SideEffect::Activate => announce(true),
        SideEffect::Restrict => announce(false),
        SideEffect::Nothing | SideEffect::NextAttempt | SideEffect::NextCycle => None,
    };
    let case = next_case(&from.case, fact, edge, at);
    Ok(Step::Taken { standing: Standing { status: edge.to, version: from.version + 1, case }, announcement })
}

fn is_stale(from: &Standing, fact: &KycFact) -> bool {
    match fact {
        KycFact::Completed(check) => from
            .case
            .last_check
            .as_ref()
            .is_some_and(|last| last.review_id == check.review_id && last.decision == check.decision),
        KycFact::Expired { kyc_version } | KycFact::Lapsed { kyc_version } => *kyc_version != from.version,
        KycFact::Submitted
        | KycFact::Reviewed { .. }
        | KycFact::Held
        | KycFact::Released
        | KycFact::Restarted
        | KycFact::Appealed
        | KycFact::Suspended { .. }
        | KycFact::Reinstated
        | KycFact::SuspensionConfirmed
        | KycFact::AccountClosed { .. } => false,
    }
}

fn input(fact: &KycFact, case: &Case, at: Timestamp) -> Input {
    match fact {
        KycFact::Submitted => Input::Submitted,
        KycFact::Completed(check) => Input::Completed(check.decision),
        KycFact::Reviewed { decision, .. } => Input::Reviewed(*decision),
        KycFact::Held => Input::Held,
        KycFact::Released => Input::Released,
        KycFact::Lapsed { .. } => Input::Lapsed,
        KycFact::Restarted => Input::Restarted,
        KycFact::Appealed => Input::Appealed,
        KycFact::Expired { .. } => Input::Expired,
        KycFact::Suspended { .. } => Input::Suspended,
        KycFact::Reinstated => Input::Reinstated { still_valid: case.valid_until.is_none_or(|until| until >= at) },
        KycFact::SuspensionConfirmed => Input::SuspensionConfirmed,
        KycFact::AccountClosed { .. } => Input::AccountClosed,
    }
}

fn next_case(case: &Case, fact: &KycFact, edge: Edge, at: Timestamp) -> Case {
    let mut next = case.clone();
    match edge.also {
        SideEffect::NextAttempt => next.attempt += 1,
        SideEffect::NextCycle => (next.cycle, next.attempt) = (case.cycle + 1, 1),
        SideEffect::Nothing | SideEffect::Activate | SideEffect::Restrict => {}
    }
    if let KycFact::Completed(check) = fact {
        note(&mut next, check);
    }
    next.due_at = match edge.to {
        Status::Approved => next.valid_until,
        Status::Pending | Status::ResubmissionRequired => Some(at.plus_days(DAYS_TO_FINISH)),
        Status::Submitted
        | Status::InReview
        | Status::OnHold
        | Status::Rejected
        | Status::Expired
        | Status::Abandoned
        | Status::Suspended
        | Status::Closed => None,
    };
    next
}

fn note(case: &mut Case, check: &Check) {
    let (provider, review_id) = (check.provider.clone(), check.review_id.clone());
    case.last_check = Some(LastCheck { provider, review_id, decision: check.decision });
    case.reasons = check.reasons.clone();
    if check.decision == CheckDecision::Approved {
        case.valid_until = check.valid_until;
    }
}

fn reason(fact: &KycFact) -> Option<String> {
    match fact {
        KycFact::Suspended { reason } | KycFact::AccountClosed { reason } => Some(reason.clone()),
        KycFact::Reviewed { reason, .. } => reason.clone(),
        KycFact::Completed(check) => check.reasons.first().cloned(),
        KycFact::Submitted
        | KycFact::Held
        | KycFact::Released
        | KycFact::Lapsed { .. }
        | KycFact::Restarted
        | KycFact::Appealed
        | KycFact::Expired { .. }
        | KycFact::Reinstated
        | KycFact::SuspensionConfirmed => None,
    }
}

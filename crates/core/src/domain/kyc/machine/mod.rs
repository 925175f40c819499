//! Know your customer: from the first document to the closed account. The check and the set of suspensions are two things,
//! each with a table of its own; a customer may trade only where both allow it.

mod case;
mod claim;
mod reviews;
mod status;
mod suspensions;
mod table;

use std::fmt;

use self::claim::{Assignment, NoClaim};
pub use self::{
    case::{Case, LastResult},
    claim::Claim,
    reviews::Reviews,
    status::{Notice, Status},
    suspensions::{Change, MOST_SUSPENSIONS, Named, NoChange, Open, Suspension, Suspensions, change},
    table::{Check, Edge, Input, SideEffect, transition},
};
use crate::{
    domain::{
        IllegalTransition,
        kyc::facts::{CheckFact, KycFact},
    },
    kernel::{
        ids::{EventId, SuspensionId},
        timestamp::Timestamp,
    },
};

/// Where a customer stands, and what led there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    pub check: Check,
    pub suspensions: Suspensions,
    /// Counts the edges taken.
    pub version: i64,
    pub case: Case,
}

/// An event as it is decided on.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    pub fact: &'a KycFact,
    pub event: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// When it is decided.
    pub now: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    Taken(Box<Taken>),
    /// Nothing but who has the review on the desk changes.
    Assigned(Option<Claim>),
    /// A result that is old or was applied last, or a deadline that an edge taken since has made void.
    Stale,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Taken {
    pub standing: Standing,
    pub announcement: Option<Announcement>,
    pub notice: Option<Notice>,
}

/// What the rest of the system is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Announcement {
    pub may_trade: bool,
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    Illegal(IllegalTransition),
    /// An approval that had ended before it was given.
    AlreadyExpired,
    WhichSuspension,
    NoSuchSuspension,
    TooManySuspensions,
    /// Another operator has the review.
    AlreadyClaimed,
}

impl Standing {
    pub fn status(&self) -> Status {
        Status::of(self.check, &self.suspensions)
    }

    pub fn may_trade(&self) -> bool {
        self.status() == Status::Approved
    }
}

pub fn step(from: &Standing, told: Told<'_>) -> Result<Step, Refusal> {
    let fact = match told.fact {
        KycFact::Check(fact) => fact,
        KycFact::Claim(fact) => {
            return match claim::assign(from.check, from.case.claim.as_ref(), fact, told.at)? {
                Assignment::Changed(claim) => Ok(Step::Assigned(claim)),
                Assignment::Stale => Ok(Step::Stale),
            };
        }
    };
    if is_stale(from, fact, told.at) {
        return Ok(Step::Stale);
    }
    let input = Input::of(fact);
    let edge = transition(from.check, input)?;
    let Some(suspensions) = suspensions_after(from, fact, edge.also, &told).map_err(|no| no.of(from, input))? else {
        return Ok(Step::Stale);
    };
    let version = from.version + 1;
    let case = from.case.after(from.check, edge, fact, told.at, version);
    let check = if edge.or_expired { judged(&case, input, &told)? } else { edge.to };
    let mut case = case.due(check, edge.also, told.now);
    case.claim = case.claim.filter(|_| claim::is_reviewed(check));
    let standing = Standing { check, suspensions, version, case };
    let announcement = (standing.may_trade() != from.may_trade())
        .then(|| Announcement { may_trade: standing.may_trade(), reason: reason(fact) });
    let notice = Notice::of(from.check, standing.check, &standing.case.reasons);
    Ok(Step::Taken(Box::new(Taken { standing, announcement, notice })))
}

fn is_stale(from: &Standing, fact: &CheckFact, at: Timestamp) -> bool {
    match fact {
        CheckFact::Completed(result) => from.case.is_stale(from.check, from.version, result, at),
        CheckFact::Expired { kyc_version } | CheckFact::Lapsed { kyc_version } => *kyc_version != from.version,
        CheckFact::Held { .. } => from.check == Check::OnHold,
        CheckFact::Submitted
        | CheckFact::Reviewed { .. }
        | CheckFact::Released
        | CheckFact::Restarted
        | CheckFact::Appealed
        | CheckFact::Suspended { .. }
        | CheckFact::Reinstated { .. }
        | CheckFact::SuspensionConfirmed
        | CheckFact::AccountClosed { .. } => false,
    }
}

/// None where nothing changes, because the suspension is open already.
fn suspensions_after(
    from: &Standing,
    fact: &CheckFact,
    also: SideEffect,
    told: &Told<'_>,
) -> Result<Option<Suspensions>, NoChange> {
    let own = SuspensionId::of_event(told.event);
    let (id, reason) = match fact {
        CheckFact::Suspended { id, reason } => (Some(id.unwrap_or(own)), reason.clone()),
        CheckFact::Completed(result) => (Some(own), Suspension::joined(&result.reasons)),
        CheckFact::Reinstated { id, .. } => (*id, String::new()),
        CheckFact::Submitted
        | CheckFact::Reviewed { .. }
        | CheckFact::Held { .. }
        | CheckFact::Released
        | CheckFact::Lapsed { .. }
        | CheckFact::Restarted
        | CheckFact::Appealed
        | CheckFact::Expired { .. }
        | CheckFact::SuspensionConfirmed
        | CheckFact::AccountClosed { .. } => (None, String::new()),
    };
    let open = &from.suspensions;
    Ok(match change(open.open(), open.named(id), also)? {
        Change::Keep => Some(open.clone()),
        Change::Open => Some(open.with(id.unwrap_or(own), Suspension { reason, since: told.at })),
        Change::Stale => None,
        Change::LiftNamed => Some(open.without(id)),
        Change::LiftOnly | Change::CloseAll => Some(Suspensions::default()),
    })
}

/// Whether an approval still holds, on every edge that comes to one. What ended before it was said contradicts itself; what
/// came late opens nothing.
fn judged(case: &Case, input: Input, told: &Told<'_>) -> Result<Check, Refusal> {
    let Some(until) = case.valid_until else { return Ok(Check::Approved) };
    if until <= told.at && input != Input::Reinstated {
        return Err(Refusal::AlreadyExpired);
    }
    Ok(if until > told.now { Check::Approved } else { Check::Expired })
}

impl Input {
    fn of(fact: &CheckFact) -> Input {
        match fact {
            CheckFact::Submitted => Input::Submitted,
            CheckFact::Completed(result) => Input::Completed(result.decision),
            CheckFact::Reviewed { decision, .. } => Input::Reviewed(*decision),
            CheckFact::Held { .. } => Input::Held,
            CheckFact::Released => Input::Released,
            CheckFact::Lapsed { .. } => Input::Lapsed,
            CheckFact::Restarted => Input::Restarted,
            CheckFact::Appealed => Input::Appealed,
            CheckFact::Expired { .. } => Input::Expired,
            CheckFact::Suspended { .. } => Input::Suspended,
            CheckFact::Reinstated { .. } => Input::Reinstated,
            CheckFact::SuspensionConfirmed => Input::SuspensionConfirmed,
            CheckFact::AccountClosed { .. } => Input::AccountClosed,
        }
    }
}

/// Why trading begins or ends.
fn reason(fact: &CheckFact) -> Option<String> {
    match fact {
        CheckFact::Suspended { reason, .. } | CheckFact::AccountClosed { reason } => Some(reason.clone()),
        CheckFact::Reviewed { reason, .. } | CheckFact::Reinstated { reason, .. } => reason.clone(),
        CheckFact::Completed(result) => Some(Suspension::joined(&result.reasons)).filter(|joined| !joined.is_empty()),
        CheckFact::Submitted
        | CheckFact::Held { .. }
        | CheckFact::Released
        | CheckFact::Lapsed { .. }
        | CheckFact::Restarted
        | CheckFact::Appealed
        | CheckFact::Expired { .. }
        | CheckFact::SuspensionConfirmed => None,
    }
}

impl NoChange {
    fn of(self, from: &Standing, input: Input) -> Refusal {
        match self {
            NoChange::NoneOpen => IllegalTransition { from: from.check.name(), event: input.name() }.into(),
            NoChange::WhichSuspension => Refusal::WhichSuspension,
            NoChange::NoSuchSuspension => Refusal::NoSuchSuspension,
            NoChange::TooManySuspensions => Refusal::TooManySuspensions,
        }
    }
}

impl From<NoClaim> for Refusal {
    fn from(no: NoClaim) -> Refusal {
        match no {
            NoClaim::Illegal(illegal) => Refusal::Illegal(illegal),
            NoClaim::AlreadyClaimed => Refusal::AlreadyClaimed,
        }
    }
}

impl From<IllegalTransition> for Refusal {
    fn from(illegal: IllegalTransition) -> Refusal {
        Refusal::Illegal(illegal)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Illegal(illegal) => illegal.fmt(f),
            Refusal::AlreadyExpired => f.write_str("AlreadyExpired"),
            Refusal::WhichSuspension => f.write_str("WhichSuspension"),
            Refusal::NoSuchSuspension => f.write_str("NoSuchSuspension"),
            Refusal::TooManySuspensions => f.write_str("TooManySuspensions"),
            Refusal::AlreadyClaimed => f.write_str("AlreadyClaimed"),
        }
    }
}

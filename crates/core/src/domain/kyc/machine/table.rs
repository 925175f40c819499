//! The table of the check and the events. Suspensions stand beside the check, in a table of their own.

use crate::{
    domain::{
        IllegalTransition,
        kyc::facts::{CheckDecision, ReviewDecision},
    },
    kernel::names::names,
};

names! {
    /// How far the check of a customer's identity has come.
    Check {
        Pending = "PENDING",
        Submitted = "SUBMITTED",
        InReview = "IN_REVIEW",
        ResubmissionRequired = "RESUBMISSION_REQUIRED",
        OnHold = "ON_HOLD",
        Approved = "APPROVED",
        Rejected = "REJECTED",
        Expired = "EXPIRED",
        Abandoned = "ABANDONED",
        Closed = "CLOSED",
    }
}

/// An event, as far as the tables look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    Submitted,
    Completed(CheckDecision),
    Held,
    Released,
    Reviewed(ReviewDecision),
    Lapsed,
    Restarted,
    Appealed,
    Expired,
    Suspended,
    Reinstated,
    SuspensionConfirmed,
    AccountClosed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Edge {
    pub to: Check,
    /// EXPIRED takes the place of APPROVED where validUntil isn't after now.
    pub or_expired: bool,
    pub also: SideEffect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SideEffect {
    Nothing,
    /// attempt + 1
    NextAttempt,
    /// cycle + 1, attempt 1, and nothing of the old cycle.
    NextCycle,
    /// The old approval's validUntil goes before the result is applied.
    ClearValidity,
    /// A suspension is opened.
    Suspend,
    /// A suspension is lifted.
    Reinstate,
    /// The suspensions were right, and end with the check.
    Confirm,
    /// The suspensions end with the account.
    Close,
}

/// The table of LIFECYCLES, KYC.
pub fn transition(from: Check, input: Input) -> Result<Edge, IllegalTransition> {
    use Check::{
        Abandoned, Approved, Closed, Expired, InReview, OnHold, Pending, Rejected, ResubmissionRequired, Submitted,
    };
    let edge = |to, also| Ok(Edge { to, or_expired: false, also });
    let judged = |also| Ok(Edge { to: Approved, or_expired: true, also });
    let to = |to| edge(to, SideEffect::Nothing);
    let refused = || Err(IllegalTransition { from: from.name(), event: input.name() });
    match input {
        Input::Submitted => match from {
            Pending => to(Submitted),
            ResubmissionRequired => edge(Submitted, SideEffect::NextAttempt),
            Submitted | InReview | OnHold | Approved | Rejected | Expired | Abandoned | Closed => refused(),
        },
        Input::Completed(CheckDecision::Approved) => match from {
            // From APPROVED it is a renewal.
            Pending | Submitted | InReview | ResubmissionRequired | Approved => judged(SideEffect::Nothing),
            Abandoned | Expired => judged(SideEffect::ClearValidity),
            OnHold => to(OnHold),
            Rejected | Closed => refused(),
        },
        Input::Completed(CheckDecision::Rejected) => match from {
            Pending | Submitted | InReview | ResubmissionRequired | OnHold => to(Rejected),
            Abandoned | Expired => edge(Rejected, SideEffect::ClearValidity),
            // Ongoing monitoring has found something.
            Approved => edge(Approved, SideEffect::Suspend),
            Rejected | Closed => refused(),
        },
        Input::Completed(CheckDecision::Resubmit) => match from {
            Pending | Submitted | InReview | ResubmissionRequired => to(ResubmissionRequired),
            Abandoned | Expired => edge(ResubmissionRequired, SideEffect::ClearValidity),
            OnHold => to(OnHold),
            Approved | Rejected | Closed => refused(),
        },
        Input::Completed(CheckDecision::Review) => match from {
            Pending | Submitted | ResubmissionRequired => to(InReview),
            Abandoned | Expired => edge(InReview, SideEffect::ClearValidity),
            OnHold => to(OnHold),
            InReview | Approved | Rejected | Closed => refused(),
        },
        Input::Held => match from {
            Pending | Submitted | InReview | ResubmissionRequired => to(OnHold),
            OnHold | Approved | Rejected | Expired | Abandoned | Closed => refused(),
        },
        Input::Released => match from {
            OnHold => to(InReview),
            Pending | Submitted | InReview | ResubmissionRequired | Approved | Rejected | Expired | Abandoned
            | Closed => refused(),
        },
        Input::Reviewed(ReviewDecision::Approved) => match from {
            InReview | OnHold => judged(SideEffect::Nothing),
            Pending | Submitted | ResubmissionRequired | Approved | Rejected | Expired | Abandoned | Closed => {
                refused()
            }
        },
        Input::Reviewed(ReviewDecision::Rejected) => match from {
            InReview | OnHold => to(Rejected),
            Pending | Submitted | ResubmissionRequired | Approved | Rejected | Expired | Abandoned | Closed => {
                refused()
            }
        },
        Input::Lapsed => match from {
            Pending | ResubmissionRequired => to(Abandoned),
            Submitted | InReview | OnHold | Approved | Rejected | Expired | Abandoned | Closed => refused(),
        },
        Input::Restarted => match from {
            Abandoned | Expired => edge(Pending, SideEffect::NextCycle),
            Pending | Submitted | InReview | ResubmissionRequired | OnHold | Approved | Rejected | Closed => refused(),
        },
        Input::Appealed => match from {
            Rejected => edge(Pending, SideEffect::NextCycle),
            Pending | Submitted | InReview | ResubmissionRequired | OnHold | Approved | Expired | Abandoned
            | Closed => refused(),
        },
        Input::Expired => match from {
            Approved => to(Expired),
            Pending | Submitted | InReview | ResubmissionRequired | OnHold | Rejected | Expired | Abandoned
            | Closed => refused(),
        },
        Input::Suspended => match from {
            Pending | Submitted | InReview | ResubmissionRequired | OnHold | Approved | Rejected | Expired
            | Abandoned => edge(from, SideEffect::Suspend),
            Closed => refused(),
        },
        Input::Reinstated => match from {
            Approved => judged(SideEffect::Reinstate),
            Pending | Submitted | InReview | ResubmissionRequired | OnHold | Rejected | Expired | Abandoned => {
                edge(from, SideEffect::Reinstate)
            }
            Closed => refused(),
        },
        Input::SuspensionConfirmed => match from {
            Pending | Submitted | InReview | ResubmissionRequired | OnHold | Approved | Rejected | Expired
            | Abandoned => edge(Rejected, SideEffect::Confirm),
            Closed => refused(),
        },
        Input::AccountClosed => match from {
            Pending | Submitted | InReview | ResubmissionRequired | OnHold | Approved | Rejected | Expired
            | Abandoned => edge(Closed, SideEffect::Close),
            Closed => refused(),
        },
    }
}

impl Input {
    /// Every input there is, for tests that walk the whole table.
    pub const ALL: &'static [Input] = &[
        Input::Submitted,
        Input::Completed(CheckDecision::Approved),
        Input::Completed(CheckDecision::Rejected),
        Input::Completed(CheckDecision::Resubmit),
        Input::Completed(CheckDecision::Review),
        Input::Held,
        Input::Released,
        Input::Reviewed(ReviewDecision::Approved),
        Input::Reviewed(ReviewDecision::Rejected),
        Input::Lapsed,
        Input::Restarted,
        Input::Appealed,
        Input::Expired,
        Input::Suspended,
        Input::Reinstated,
        Input::SuspensionConfirmed,
        Input::AccountClosed,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Input::Submitted => "KycSubmitted",
            Input::Completed(CheckDecision::Approved) => "KycCompleted APPROVED",
            Input::Completed(CheckDecision::Rejected) => "KycCompleted REJECTED",
            Input::Completed(CheckDecision::Resubmit) => "KycCompleted RESUBMIT",
            Input::Completed(CheckDecision::Review) => "KycCompleted REVIEW",
            Input::Held => "KycHeld",
            Input::Released => "KycReleased",
            Input::Reviewed(ReviewDecision::Approved) => "KycReviewed APPROVED",
            Input::Reviewed(ReviewDecision::Rejected) => "KycReviewed REJECTED",
            Input::Lapsed => "KycLapsed",
            Input::Restarted => "KycRestarted",
            Input::Appealed => "KycAppealed",
            Input::Expired => "KycExpired",
            Input::Suspended => "KycSuspended",
            Input::Reinstated => "KycReinstated",
            Input::SuspensionConfirmed => "KycSuspensionConfirmed",
            Input::AccountClosed => "AccountClosed",
        }
    }
}

impl SideEffect {
    pub const ALL: &'static [SideEffect] = &[
        SideEffect::Nothing,
        SideEffect::NextAttempt,
        SideEffect::NextCycle,
        SideEffect::ClearValidity,
        SideEffect::Suspend,
        SideEffect::Reinstate,
        SideEffect::Confirm,
        SideEffect::Close,
    ];

    /// In words, for those who print the table.
    pub fn name(self) -> &'static str {
        match self {
            SideEffect::Nothing => "",
            SideEffect::NextAttempt => "attempt + 1",
            SideEffect::NextCycle => "a new cycle",
            SideEffect::ClearValidity => "clears the old validUntil first",
            SideEffect::Suspend => "opens a suspension",
            SideEffect::Reinstate => "lifts a suspension",
            SideEffect::Confirm => "closes all suspensions: there must be one",
            SideEffect::Close => "closes all suspensions",
        }
    }
}

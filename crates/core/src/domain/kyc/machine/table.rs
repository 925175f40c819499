//! The table of states and events.

use crate::{
    domain::{
        IllegalTransition,
        kyc::facts::{CheckDecision, ReviewDecision},
    },
    kernel::names::names,
};

names! {
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

/// An event, as far as the table looks at it.
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
    /// Whether the approval is still valid at the event's time.
    Reinstated {
        still_valid: bool,
    },
    SuspensionConfirmed,
    AccountClosed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Edge {
    pub to: Status,
    pub also: SideEffect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SideEffect {
    Nothing,
    /// attempt + 1
    NextAttempt,
    /// cycle + 1, attempt 1
    NextCycle,
    /// UserActive is published.
    Activate,
    /// UserRestricted is published.
    Restrict,
}

/// The table of LIFECYCLES, KYC.
pub fn transition(from: Status, input: Input) -> Result<Edge, IllegalTransition> {
    use Status::{
        Abandoned, Approved, Closed, Expired, InReview, OnHold, Pending, Rejected, ResubmissionRequired, Submitted,
        Suspended,
    };
    let to = |to, also| Ok(Edge { to, also });
    let refused = || Err(IllegalTransition { from: from.name(), event: input.name() });
    match input {
        Input::Submitted => match from {
            Pending => to(Submitted, SideEffect::Nothing),
            ResubmissionRequired => to(Submitted, SideEffect::NextAttempt),
            Submitted | InReview | OnHold | Approved | Rejected | Expired | Abandoned | Suspended | Closed => refused(),
        },
        Input::Completed(CheckDecision::Approved) => match from {
            Pending | Submitted | InReview => to(Approved, SideEffect::Activate),
            // A renewal: trading goes on, so there is nothing to announce.
            Approved => to(Approved, SideEffect::Nothing),
            ResubmissionRequired | OnHold | Rejected | Expired | Abandoned | Suspended | Closed => refused(),
        },
        Input::Completed(CheckDecision::Rejected) => match from {
            Pending | Submitted | InReview => to(Rejected, SideEffect::Nothing),
            // Ongoing monitoring found something.
            Approved => to(Suspended, SideEffect::Restrict),
            ResubmissionRequired | OnHold | Rejected | Expired | Abandoned | Suspended | Closed => refused(),
        },
        Input::Completed(CheckDecision::Resubmit) => match from {
            Pending | Submitted | InReview => to(ResubmissionRequired, SideEffect::Nothing),
            ResubmissionRequired | OnHold | Approved | Rejected | Expired | Abandoned | Suspended | Closed => refused(),
        },
        Input::Completed(CheckDecision::Review) => match from {
            Pending | Submitted => to(InReview, SideEffect::Nothing),
            InReview | ResubmissionRequired | OnHold | Approved | Rejected | Expired | Abandoned | Suspended
            | Closed => refused(),
        },
        Input::Held => match from {
            Submitted | InReview => to(OnHold, SideEffect::Nothing),
            Pending | ResubmissionRequired | OnHold | Approved | Rejected | Expired | Abandoned | Suspended
            | Closed => refused(),
        },
        Input::Released => match from {
            OnHold => to(InReview, SideEffect::Nothing),
            Pending | Submitted | InReview | ResubmissionRequired | Approved | Rejected | Expired | Abandoned
            | Suspended | Closed => refused(),
        },
        Input::Reviewed(ReviewDecision::Approved) => match from {
            InReview | OnHold => to(Approved, SideEffect::Activate),
            Pending | Submitted | ResubmissionRequired | Approved | Rejected | Expired | Abandoned | Suspended
            | Closed => refused(),
        },
        Input::Reviewed(ReviewDecision::Rejected) => match from {
            InReview | OnHold => to(Rejected, SideEffect::Nothing),
            Pending | Submitted | ResubmissionRequired | Approved | Rejected | Expired | Abandoned | Suspended
            | Closed => refused(),
        },
        Input::Lapsed => match from {
            Pending | ResubmissionRequired => to(Abandoned, SideEffect::Nothing),
            Submitted | InReview | OnHold | Approved | Rejected | Expired | Abandoned | Suspended | Closed => refused(),
        },
        Input::Restarted => match from {
            Abandoned | Expired => to(Pending, SideEffect::NextCycle),
            Pending | Submitted | InReview | ResubmissionRequired | OnHold | Approved | Rejected | Suspended
            | Closed => refused(),
        },
        Input::Appealed => match from {
            Rejected => to(Pending, SideEffect::NextCycle),
            Pending | Submitted | InReview | ResubmissionRequired | OnHold | Approved | Expired | Abandoned
            | Suspended | Closed => refused(),
        },
        Input::Expired => match from {
            Approved => to(Expired, SideEffect::Restrict),
            Pending | Submitted | InReview | ResubmissionRequired | OnHold | Rejected | Expired | Abandoned
            | Suspended | Closed => refused(),
        },
        Input::Suspended => match from {
            Approved | Expired => to(Suspended, SideEffect::Restrict),
            Pending | Submitted | InReview | ResubmissionRequired | OnHold | Rejected | Abandoned | Suspended
            | Closed => refused(),
        },
        Input::Reinstated { still_valid } => match from {
            Suspended if still_valid => to(Approved, SideEffect::Activate),
            Suspended => to(Expired, SideEffect::Nothing),
            Pending | Submitted | InReview | ResubmissionRequired | OnHold | Approved | Rejected | Expired
            | Abandoned | Closed => refused(),
        },
        Input::SuspensionConfirmed => match from {
            Suspended => to(Rejected, SideEffect::Nothing),
            Pending | Submitted | InReview | ResubmissionRequired | OnHold | Approved | Rejected | Expired
            | Abandoned | Closed => refused(),
        },
        Input::AccountClosed => match from {
            Approved => to(Closed, SideEffect::Restrict),
            Pending | Submitted | InReview | ResubmissionRequired | OnHold | Rejected | Expired | Abandoned
            | Suspended => to(Closed, SideEffect::Nothing),
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
        Input::Reinstated { still_valid: true },
        Input::Reinstated { still_valid: false },
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
            Input::Reinstated { .. } => "KycReinstated",
            Input::SuspensionConfirmed => "KycSuspensionConfirmed",
            Input::AccountClosed => "AccountClosed",
        }
    }
}

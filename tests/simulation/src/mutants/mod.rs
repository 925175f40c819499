//! Mutants prove that the simulation finds bugs. Each behaves like a function without some part of the protocol. It changes the
//! bytes at the boundary of an invocation, so the product has no switch for it.

mod effects;
mod inbox;
mod jobs;
mod requests;

use boma_google::Invocation;
use serde_json::Value as Json;

use crate::coverage::Step;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mutant {
    /// The product itself.
    #[default]
    None,
    /// Acknowledges before it publishes the follow-ups.
    AckBeforePublish,
    /// Acknowledges before it commits, so that the next message may overtake.
    AckBeforeCommit,
    /// Answers a refusal with an error, so that it is retried.
    RefusedRetried,
    /// Publishes no follow-ups for a duplicate.
    DuplicateNotPublishedAgain,
    /// Commits the state first, and the record after it.
    RecordInSecondCommit,
    /// Writes without preconditions.
    NoPrecondition,
    /// Compares events by id alone.
    NoDigest,
    /// Applies every version of access, however old.
    NoVersionGuard,
    /// Decides a replay without reading its record.
    ReplaySkipsInbox,
    /// Counts delivery attempts from 2.
    AttemptCountedTwice,
    /// Acknowledges faults.
    FaultAcked,
    /// Files a letter again although it exists.
    LetterFiledAnew,
    /// Writes no timeline.
    NoTimeline,
    /// Takes each debit twice.
    TakenTwice,
    /// Leaves a withdrawal that has ended as it is, although the bank has paid.
    LateSettlementRefused,
    /// Counts a withdrawal for the limits at the time that its event names.
    LimitByEventTime,
    /// Gives each mail a new id.
    MailUnderAnotherId,
    /// Leaves triggered price alerts open.
    MetAlertsStay,
    /// Requests an identity check that has begun already.
    AskedAgain,
    /// Forgets a customer's suspensions at an approval.
    SuspensionLost,
    /// Takes every interaction for the first one.
    CountsAnew,
    /// Takes each message for one of its type's own topic.
    NoSourceCheck,
    /// Access takes a version that the customer's KYC hasn't come to.
    VersionAheadAccepted,
    /// The clock publishes each expiry under a new id.
    IdOfTheMoment,
    /// The clock publishes expiries too early.
    ADayAhead,
    /// The clock finds nothing.
    FindsNothing,
    /// The trial balance finds nobody.
    LooksAtNobody,
    /// Letters are released in the wrong order.
    YoungestFirst,
}

impl Mutant {
    pub const ALL: &'static [Mutant] = &[
        Mutant::AckBeforePublish,
        Mutant::AckBeforeCommit,
        Mutant::RefusedRetried,
        Mutant::DuplicateNotPublishedAgain,
        Mutant::RecordInSecondCommit,
        Mutant::NoPrecondition,
        Mutant::NoDigest,
        Mutant::NoVersionGuard,
        Mutant::ReplaySkipsInbox,
        Mutant::AttemptCountedTwice,
        Mutant::FaultAcked,
        Mutant::LetterFiledAnew,
        Mutant::NoTimeline,
        Mutant::TakenTwice,
        Mutant::LateSettlementRefused,
        Mutant::LimitByEventTime,
        Mutant::MailUnderAnotherId,
        Mutant::MetAlertsStay,
        Mutant::AskedAgain,
        Mutant::SuspensionLost,
        Mutant::CountsAnew,
        Mutant::NoSourceCheck,
        Mutant::VersionAheadAccepted,
        Mutant::IdOfTheMoment,
        Mutant::ADayAhead,
        Mutant::FindsNothing,
        Mutant::LooksAtNobody,
        Mutant::YoungestFirst,
    ];

    /// The push body that the mutant is given.
    pub fn body(self, body: Vec<u8>) -> Vec<u8> {
        if !matches!(self, Mutant::AttemptCountedTwice | Mutant::NoSourceCheck) {
            return body;
        }
        let mut push: Json = serde_json::from_slice(&body).expect("a push body");
        if self == Mutant::NoSourceCheck {
            requests::take_for_its_own_topic(&mut push);
        } else {
            push["deliveryAttempt"] = (push["deliveryAttempt"].as_u64().unwrap_or(1) + 1).into();
        }
        push.to_string().into_bytes()
    }

    pub fn acks_before(self, step: Step) -> bool {
        match step {
            Step::Commit => self == Mutant::AckBeforeCommit,
            Step::Publish => self == Mutant::AckBeforePublish,
            Step::Read | Step::Query | Step::Wait => false,
        }
    }

    pub fn wrap(self, function: &str, real: Box<dyn Invocation>, body: Vec<u8>) -> Box<dyn Invocation> {
        match self {
            // The world and `body` implement these.
            Mutant::None
            | Mutant::AckBeforePublish
            | Mutant::AckBeforeCommit
            | Mutant::AttemptCountedTwice
            | Mutant::NoSourceCheck => real,
            Mutant::VersionAheadAccepted if function == "access" => Box::new(inbox::Deceived::version_ahead(real)),
            Mutant::VersionAheadAccepted => real,
            Mutant::DuplicateNotPublishedAgain => Box::new(requests::DuplicateNotPublishedAgain::of(real)),
            Mutant::RecordInSecondCommit => Box::new(requests::RecordInSecondCommit::of(real)),
            Mutant::NoPrecondition => Box::new(requests::NoPrecondition::of(real)),
            Mutant::NoTimeline => Box::new(requests::NoTimeline::of(real)),
            Mutant::TakenTwice => Box::new(effects::TakenTwice::of(real)),
            Mutant::LateSettlementRefused => Box::new(inbox::Deceived::late_settlement_refused(real, &body)),
            Mutant::LimitByEventTime => Box::new(effects::LimitByEventTime::of(real, &body)),
            Mutant::MailUnderAnotherId => Box::new(effects::MailUnderAnotherId::of(real)),
            Mutant::MetAlertsStay => Box::new(effects::MetAlertsStay::of(real)),
            Mutant::SuspensionLost => Box::new(effects::SuspensionLost::of(real)),
            Mutant::AskedAgain => Box::new(inbox::Deceived::blind_for(real, "kyc_cases")),
            Mutant::CountsAnew => Box::new(inbox::Deceived::blind_for(real, "engagement")),
            Mutant::IdOfTheMoment if function == "clock" => Box::new(jobs::IdOfTheMoment::of(real)),
            Mutant::ADayAhead if function == "clock" => Box::new(jobs::ADayAhead::of(real)),
            Mutant::FindsNothing if function == "clock" => Box::new(jobs::FindsNothing::of(real)),
            Mutant::LooksAtNobody if function == "trial-balance" => Box::new(jobs::FindsNothing::of(real)),
            Mutant::YoungestFirst if function == "clock" || function.starts_with("release") => {
                Box::new(jobs::YoungestFirst::of(real))
            }
            Mutant::IdOfTheMoment
            | Mutant::ADayAhead
            | Mutant::FindsNothing
            | Mutant::LooksAtNobody
            | Mutant::YoungestFirst => real,
            Mutant::FaultAcked => Box::new(requests::Answering::always(real, 204)),
            Mutant::RefusedRetried => Box::new(requests::Answering::only(real, "REFUSED", 503)),
            Mutant::NoDigest => Box::new(inbox::Deceived::no_digest(real, &body)),
            Mutant::NoVersionGuard => Box::new(inbox::Deceived::no_version_guard(real)),
            Mutant::ReplaySkipsInbox => Box::new(inbox::Deceived::replay_skips_inbox(real, &body)),
            Mutant::LetterFiledAnew => Box::new(inbox::Deceived::blind_for(real, "dead_letters")),
        }
    }
}

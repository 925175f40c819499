//! The proof that the simulator can fail: what a function would say if a part of the protocol were missing. Each mutant
//! changes what is said at the boundary of a conversation, bytes in and bytes out; there is no switch for it in the product.

mod effects;
mod inbox;
mod requests;
mod sweeps;

use boma_google::Invocation;
use serde_json::Value as Json;

use crate::coverage::Step;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mutant {
    /// The real thing.
    #[default]
    None,
    /// The message is acknowledged first, and what it owes is published afterwards.
    AckBeforePublish,
    /// The message is acknowledged first, and takes effect when the next one may be under way already.
    AckBeforeCommit,
    /// A business no comes again and again.
    RefusedRetried,
    /// A redelivery finds the record, and publishes nothing.
    DuplicateNotPublishedAgain,
    /// State in one commit, the record in the next.
    RecordInSecondCommit,
    /// Writes take effect on whatever version is there.
    NoPrecondition,
    /// The same id is the same event, whatever it claims.
    NoDigest,
    /// Every fact about access counts, however old.
    NoVersionGuard,
    /// A replay is decided without a look at what was decided before.
    ReplaySkipsInbox,
    /// The attempts are counted from 2.
    AttemptCountedTwice,
    /// Faults are acknowledged.
    FaultAcked,
    /// A letter that is there is filed anew.
    LetterFiledAnew,
    /// What is applied is told to nobody.
    NoTimeline,
    /// What is taken from an account is taken once more.
    TakenTwice,
    /// A mail has an id of its own making.
    MailUnderAnotherId,
    /// A price leaves open the alerts that it meets.
    MetAlertsStay,
    /// A customer's check is asked for, whoever has begun it already.
    AskedAgain,
    /// Every interaction is taken for the first.
    CountsAnew,
    /// What the clock says has another id each time.
    IdOfTheMoment,
    /// The clock says what hasn't ended yet.
    ADayAhead,
    /// The clock finds nothing.
    FindsNothing,
    /// The trial balance finds nobody.
    LooksAtNobody,
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
        Mutant::MailUnderAnotherId,
        Mutant::MetAlertsStay,
        Mutant::AskedAgain,
        Mutant::CountsAnew,
        Mutant::IdOfTheMoment,
        Mutant::ADayAhead,
        Mutant::FindsNothing,
        Mutant::LooksAtNobody,
    ];

    /// The push body as the mutant reads it.
    pub fn body(self, body: Vec<u8>) -> Vec<u8> {
        if self != Mutant::AttemptCountedTwice {
            return body;
        }
        let mut push: Json = serde_json::from_slice(&body).expect("a push body");
        push["deliveryAttempt"] = (push["deliveryAttempt"].as_u64().unwrap_or(1) + 1).into();
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
            // The world and the body do these.
            Mutant::None | Mutant::AckBeforePublish | Mutant::AckBeforeCommit | Mutant::AttemptCountedTwice => real,
            Mutant::DuplicateNotPublishedAgain => Box::new(requests::DuplicateNotPublishedAgain::of(real)),
            Mutant::RecordInSecondCommit => Box::new(requests::RecordInSecondCommit::of(real)),
            Mutant::NoPrecondition => Box::new(requests::NoPrecondition::of(real)),
            Mutant::NoTimeline => Box::new(requests::NoTimeline::of(real)),
            Mutant::TakenTwice => Box::new(effects::TakenTwice::of(real)),
            Mutant::MailUnderAnotherId => Box::new(effects::MailUnderAnotherId::of(real)),
            Mutant::MetAlertsStay => Box::new(effects::MetAlertsStay::of(real)),
            Mutant::AskedAgain => Box::new(inbox::Deceived::blind_for(real, "kyc_cases")),
            Mutant::CountsAnew => Box::new(inbox::Deceived::blind_for(real, "engagement")),
            Mutant::IdOfTheMoment if function == "clock" => Box::new(sweeps::IdOfTheMoment::of(real)),
            Mutant::ADayAhead if function == "clock" => Box::new(sweeps::ADayAhead::of(real)),
            Mutant::FindsNothing if function == "clock" => Box::new(sweeps::FindsNothing::of(real)),
            Mutant::LooksAtNobody if function == "trial-balance" => Box::new(sweeps::FindsNothing::of(real)),
            Mutant::IdOfTheMoment | Mutant::ADayAhead | Mutant::FindsNothing | Mutant::LooksAtNobody => real,
            Mutant::FaultAcked => Box::new(requests::Answering::always(real, 204)),
            Mutant::RefusedRetried => Box::new(requests::Answering::only(real, "REFUSED", 503)),
            Mutant::NoDigest => Box::new(inbox::Deceived::no_digest(real, &body)),
            Mutant::NoVersionGuard => Box::new(inbox::Deceived::no_version_guard(real)),
            Mutant::ReplaySkipsInbox => Box::new(inbox::Deceived::replay_skips_inbox(real, &body)),
            Mutant::LetterFiledAnew => Box::new(inbox::Deceived::blind_for(real, "dead_letters")),
        }
    }
}

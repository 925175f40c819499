//! Mutants: each breaks the product in one way by intercepting the real delivery. They prove that the checker finds such a bug.

mod ack_before_publish;
mod attempt_off_by_one;
mod duplicate_not_published_again;
mod no_digest;
mod no_look_after_filing;
mod no_precondition;
mod no_version_guard;
mod own_letter_first;
mod record_in_second_commit;
mod replay_skips_inbox;

pub use self::{
    ack_before_publish::AckBeforePublish,
    attempt_off_by_one::{CountsFromTwo, CountsFromZero},
    duplicate_not_published_again::DuplicateNotPublishedAgain,
    no_digest::NoDigest,
    no_look_after_filing::NoLookAfterFiling,
    no_precondition::NoPrecondition,
    no_version_guard::NoVersionGuard,
    own_letter_first::OwnLetterFirst,
    record_in_second_commit::RecordInSecondCommit,
    replay_skips_inbox::ReplaySkipsInbox,
};
use boma_core::store::path::DocumentPath;

fn is_record(path: &DocumentPath) -> bool {
    path.to_string().starts_with("processed_events/")
}

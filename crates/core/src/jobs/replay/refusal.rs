//! Which letters may not be replayed, and why.

use std::fmt;

use crate::{
    jobs::replay::{letter::Letter, terms::Choice},
    kernel::timestamp::Timestamp,
    protocol::dead_letter::{Kind, Status},
};

/// Records live 45 days. Without its record an event would be new again, so a letter is refused well before that.
const OLDEST_DAYS: u64 = 40;

/// A message that crashed may have been handled before, up to the 31 days ago for which Pub/Sub keeps it: then its record is older
/// than its letter. Or it crashed when it had only to publish, up to a day after its commit; and a duplicate publishes for 13 days.
const OLDEST_CRASHED_DAYS: u64 = 12;

const DAY_MS: u64 = 86_400_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// An operator closed it for good.
    Discarded,
    NotOpen(Status),
    Timeless,
    OlderThan {
        days: u64,
    },
    Cut,
    /// A replay is taken whatever its type is: it would say what its publisher may not.
    OutOfPlace,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Discarded => f.write_str("it is DISCARDED; only its own id brings it back"),
            Refusal::NotOpen(status) => write!(f, "it is {status}, not OPEN"),
            Refusal::Timeless => f.write_str("it doesn't say when it was received"),
            Refusal::OlderThan { days } => {
                write!(f, "it is older than {days} days: the record that would know the event again lives 45")
            }
            Refusal::OutOfPlace => {
                f.write_str("it came where its type isn't published; only its own id brings it back")
            }
            Refusal::Cut => f.write_str("its body was cut when it was filed, so the event isn't whole"),
        }
    }
}

/// None: it may go.
pub(super) fn refusal(letter: &Letter, choice: Choice, now: Timestamp) -> Option<Refusal> {
    match (letter.status, choice) {
        (Status::Open, _) | (Status::Discarded, Choice::ByName) => {}
        (Status::Discarded, Choice::ByFilter) => return Some(Refusal::Discarded),
        (Status::Replayed, _) => return Some(Refusal::NotOpen(letter.status)),
    }
    let Some(received_at) = letter.received_at else { return Some(Refusal::Timeless) };
    let days = if letter.kind == Kind::Crashed { OLDEST_CRASHED_DAYS } else { OLDEST_DAYS };
    if now.ms_since(received_at) > days * DAY_MS {
        return Some(Refusal::OlderThan { days });
    }
    if letter.is_cut {
        return Some(Refusal::Cut);
    }
    (letter.is_out_of_place && choice == Choice::ByFilter).then_some(Refusal::OutOfPlace)
}

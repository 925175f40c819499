//! What differs between the replays of the clock and those of an operator.

use crate::kernel::names::names;

names! {
    /// How letters were chosen.
    Choice {
        /// Each by its own id, which brings back a discarded one, too.
        ByName = "BY_NAME",
        ByFilter = "BY_FILTER",
    }
}

/// On whose behalf the letters of a key are replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terms {
    /// Nobody looks on. Only what is as it was when it was listed goes; for one consumer the ordering key keeps the order, so only a
    /// letter that goes to another one waits for the earlier ones.
    Unattended,
    /// Each letter waits for the one before it: they may be for several consumers, between which no key keeps the order.
    Operator { choice: Choice, settle_within_ms: u32 },
    /// The same without any waiting: the order then holds for each consumer only.
    OperatorWithoutWaiting { choice: Choice },
}

/// The bodies of so many are read and published together, and each may have 256 KiB.
const UNATTENDED_AT_ONCE: usize = 20;
const UNATTENDED_PAUSE_MS: u32 = 250;
const UNATTENDED_SETTLE_WITHIN_MS: u32 = 10_000;

const FIRST_PAUSE_MS: u32 = 40;
const LONGEST_PAUSE_MS: u32 = 2_000;

impl Terms {
    pub(super) fn choice(self) -> Choice {
        match self {
            Terms::Unattended => Choice::ByFilter,
            Terms::Operator { choice, .. } | Terms::OperatorWithoutWaiting { choice } => choice,
        }
    }

    pub(super) fn is_unattended(self) -> bool {
        self == Terms::Unattended
    }

    pub(super) fn at_once(self) -> usize {
        match self {
            Terms::Unattended => UNATTENDED_AT_ONCE,
            Terms::Operator { .. } | Terms::OperatorWithoutWaiting { .. } => 1,
        }
    }

    /// Whether it matters when letters are settled.
    pub(super) fn waits(self) -> bool {
        !matches!(self, Terms::OperatorWithoutWaiting { .. })
    }

    /// Whether the letters on their way to a consumer must be settled first. `next`: whose the next letter is, if there is one.
    pub(super) fn must_settle(self, consumer: &str, next: Option<&str>) -> bool {
        match self {
            Terms::Unattended => next.is_some_and(|next| next != consumer),
            Terms::Operator { .. } => true,
            Terms::OperatorWithoutWaiting { .. } => false,
        }
    }

    /// Until the next look at letters that have been waited for so long. An operator's first looks come soon, since most letters
    /// are settled at once, and the later ones each half as long again after the one before.
    pub(super) fn pause_ms(self, waited_ms: u32) -> u32 {
        match self {
            Terms::Unattended => UNATTENDED_PAUSE_MS,
            Terms::Operator { .. } | Terms::OperatorWithoutWaiting { .. } => {
                (FIRST_PAUSE_MS + waited_ms / 2).min(LONGEST_PAUSE_MS)
            }
        }
    }

    pub(super) fn settle_within_ms(self) -> u32 {
        match self {
            Terms::Unattended => UNATTENDED_SETTLE_WITHIN_MS,
            Terms::Operator { settle_within_ms, .. } => settle_within_ms,
            Terms::OperatorWithoutWaiting { .. } => 0,
        }
    }
}

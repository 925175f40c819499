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
    /// Nobody looks on, and only what is as it was when it was listed goes. Each letter waits for the one before it: they may be for
    /// several consumers, between which no key keeps the order.
    Unattended,
    /// The same while an operator looks on.
    Operator { choice: Choice, settle_within_ms: u32 },
    /// The same without any waiting: the order then holds for each consumer only.
    OperatorWithoutWaiting { choice: Choice },
}

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

    /// Whether the letters on their way must be settled before the next one goes.
    pub(super) fn waits(self) -> bool {
        !matches!(self, Terms::OperatorWithoutWaiting { .. })
    }

    pub(super) fn settle_within_ms(self) -> u32 {
        match self {
            Terms::Unattended => UNATTENDED_SETTLE_WITHIN_MS,
            Terms::Operator { settle_within_ms, .. } => settle_within_ms,
            Terms::OperatorWithoutWaiting { .. } => 0,
        }
    }
}

/// Until the next look at letters that have been waited for so long. The first looks come soon, since most letters are settled at
/// once, and the later ones each half as long again after the one before.
pub(in crate::jobs) fn pause_ms(waited_ms: u32) -> u32 {
    (FIRST_PAUSE_MS + waited_ms / 2).min(LONGEST_PAUSE_MS)
}

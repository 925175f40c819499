//! Whether a customer may trade. Its only state is the version that was applied last.

use crate::domain::customer::access::facts::AccessFact;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    Set {
        trading_enabled: bool,
        version: i64,
    },
    /// A later fact was applied already.
    Stale,
}

/// Facts that carry state may overtake one another; only a version above the last applied one counts.
pub fn transition(applied_version: i64, fact: AccessFact) -> Step {
    if fact.version > applied_version {
        Step::Set { trading_enabled: fact.may_trade, version: fact.version }
    } else {
        Step::Stale
    }
}

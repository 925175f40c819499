//! Whether a customer may trade. Its only state is the version that was applied last.

use std::fmt;

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

/// A version that the customer's KYC hasn't come to: `kyc` can't have said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VersionAhead;

impl fmt::Display for VersionAhead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VersionAhead")
    }
}

/// Facts that carry state may overtake one another; only a version above the last applied one counts.
pub fn transition(applied_version: i64, kyc_version: i64, fact: AccessFact) -> Result<Step, VersionAhead> {
    if fact.version <= applied_version {
        return Ok(Step::Stale);
    }
    if fact.version > kyc_version {
        return Err(VersionAhead);
    }
    Ok(Step::Set { trading_enabled: fact.may_trade, version: fact.version })
}

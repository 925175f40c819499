//! The suspensions of a customer, and their table: each is opened and lifted by itself, and no approval undoes one.

use std::{collections::BTreeMap, fmt};

use super::table::SideEffect;
use crate::kernel::{ids::SuspensionId, text, timestamp::Timestamp};

/// A document that triggers something stays under 200 KiB: so many reasons of 1 KiB do, beside all else that a case holds.
pub const MOST_SUSPENSIONS: usize = 100;

/// The open ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Suspensions(pub BTreeMap<SuspensionId, Suspension>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Suspension {
    pub reason: String,
    /// The time of the event that opened it.
    pub since: Timestamp,
}

/// How many are open, as far as the table looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Open {
    None,
    One,
    Several,
    /// As many as there may be.
    Full,
}

/// Which suspension an event names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Named {
    None,
    /// One that is open.
    Open,
    /// One that isn't.
    Other,
}

/// What becomes of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    Keep,
    Open,
    /// It is open already.
    Stale,
    LiftNamed,
    /// The only one, which nobody needs to name.
    LiftOnly,
    CloseAll,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoChange {
    /// An event that needs a suspension, and none is open.
    NoneOpen,
    WhichSuspension,
    NoSuchSuspension,
    TooManySuspensions,
}

/// The table of the suspensions.
pub fn change(open: Open, named: Named, effect: SideEffect) -> Result<Change, NoChange> {
    match effect {
        SideEffect::Nothing | SideEffect::NextAttempt | SideEffect::NextCycle | SideEffect::ClearValidity => {
            Ok(Change::Keep)
        }
        SideEffect::Suspend => match (named, open) {
            (Named::Open, Open::None | Open::One | Open::Several | Open::Full) => Ok(Change::Stale),
            (Named::None | Named::Other, Open::None | Open::One | Open::Several) => Ok(Change::Open),
            (Named::None | Named::Other, Open::Full) => Err(NoChange::TooManySuspensions),
        },
        SideEffect::Reinstate => match (open, named) {
            (Open::None, Named::None | Named::Open | Named::Other) => Err(NoChange::NoneOpen),
            (Open::One | Open::Several | Open::Full, Named::Open) => Ok(Change::LiftNamed),
            (Open::One | Open::Several | Open::Full, Named::Other) => Err(NoChange::NoSuchSuspension),
            (Open::One, Named::None) => Ok(Change::LiftOnly),
            (Open::Several | Open::Full, Named::None) => Err(NoChange::WhichSuspension),
        },
        SideEffect::Confirm => match open {
            Open::None => Err(NoChange::NoneOpen),
            Open::One | Open::Several | Open::Full => Ok(Change::CloseAll),
        },
        SideEffect::Close => Ok(Change::CloseAll),
    }
}

impl Suspensions {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn open(&self) -> Open {
        match self.0.len() {
            0 => Open::None,
            1 => Open::One,
            many if many < MOST_SUSPENSIONS => Open::Several,
            _ => Open::Full,
        }
    }

    pub(super) fn named(&self, id: Option<SuspensionId>) -> Named {
        match id {
            None => Named::None,
            Some(id) if self.0.contains_key(&id) => Named::Open,
            Some(_) => Named::Other,
        }
    }

    pub(super) fn with(&self, id: SuspensionId, suspension: Suspension) -> Suspensions {
        let added = [(id, suspension)];
        Suspensions(self.0.clone().into_iter().chain(added).collect())
    }

    pub(super) fn without(&self, id: Option<SuspensionId>) -> Suspensions {
        Suspensions(self.0.clone().into_iter().filter(|(open, _)| Some(*open) != id).collect())
    }
}

impl Suspension {
    /// Where a provider's reasons are the reason.
    pub fn joined(reasons: &[String]) -> String {
        text::kept(reasons.join(", "))
    }
}

impl Open {
    pub const ALL: &'static [Open] = &[Open::None, Open::One, Open::Several, Open::Full];

    pub fn name(self) -> &'static str {
        match self {
            Open::None => "none",
            Open::One => "one",
            Open::Several => "several",
            Open::Full => "as many as may be",
        }
    }
}

impl Named {
    pub const ALL: &'static [Named] = &[Named::None, Named::Open, Named::Other];

    pub fn name(self) -> &'static str {
        match self {
            Named::None => "naming none",
            Named::Open => "naming an open one",
            Named::Other => "naming another",
        }
    }
}

impl Change {
    pub fn name(self) -> &'static str {
        match self {
            Change::Keep => "kept",
            Change::Open => "one more",
            Change::Stale => "stale",
            Change::LiftNamed => "the named one lifted",
            Change::LiftOnly => "the only one lifted",
            Change::CloseAll => "none",
        }
    }
}

impl NoChange {
    pub fn name(self) -> &'static str {
        match self {
            NoChange::NoneOpen => "IllegalTransition",
            NoChange::WhichSuspension => "WhichSuspension",
            NoChange::NoSuchSuspension => "NoSuchSuspension",
            NoChange::TooManySuspensions => "TooManySuspensions",
        }
    }
}

impl fmt::Display for NoChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

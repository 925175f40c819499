//! The state machines: one file each, one total match each. They know nothing of documents, messages or one another.

pub mod access;
pub mod engagement;
pub mod kyc;
pub mod leads;
pub mod payments;
pub mod price_alerts;
pub mod profile;

use std::fmt;

/// An event that the table doesn't list for the present state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IllegalTransition {
    pub from: &'static str,
    pub event: &'static str,
}

impl fmt::Display for IllegalTransition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IllegalTransition{{from: {}, event: {}}}", self.from, self.event)
    }
}

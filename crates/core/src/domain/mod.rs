//! The business: one folder for each subject, with its facts, its state machine and its documents.

pub mod approvals;
pub mod customer;
pub mod engagement;
pub mod kyc;
pub mod leads;
pub mod market;
pub mod notes;
pub mod notifications;
pub mod payments;
pub mod pulse;

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

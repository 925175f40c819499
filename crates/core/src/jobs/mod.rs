//! The work of scheduled functions.

pub mod clock;
pub mod trial_balance;

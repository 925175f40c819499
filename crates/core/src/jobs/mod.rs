//! The work of scheduled functions.

pub mod clock;
pub mod replay;
pub mod trial_balance;

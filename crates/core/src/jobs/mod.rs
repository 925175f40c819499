//! The work of scheduled functions, and of those that release what waited for a document.

pub mod clock;
pub mod pulse;
pub mod release;
pub mod replay;
pub mod trial_balance;
pub mod warehouse;

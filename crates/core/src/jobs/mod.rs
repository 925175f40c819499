//! The work of scheduled functions, of those that release what waited for a document, and of the one that operators call.

pub mod clock;
pub mod operator;
pub mod pulse;
pub mod release;
pub mod replay;
pub mod trial_balance;
pub mod warehouse;

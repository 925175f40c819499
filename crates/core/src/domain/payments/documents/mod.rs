//! How these documents are read and written.

pub mod balances;
pub mod transaction;
pub mod withdrawals;

//! How these documents are read and written.

pub mod balances;
pub mod booked;
pub mod known;
pub mod transaction;
pub mod withdrawals;

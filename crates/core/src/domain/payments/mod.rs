//! Payments, withdrawals, refunds, disputes, and the postings that they make.

pub mod documents;
pub mod facts;
pub mod machine;

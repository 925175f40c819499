//! Leads, and how they become customers.

pub mod documents;
pub mod facts;
pub mod machine;

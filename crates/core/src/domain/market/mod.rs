//! Prices, and the alerts on them.

pub mod documents;
pub mod facts;
pub mod machine;

//! Whether a customer may trade.

pub mod facts;
pub mod machine;

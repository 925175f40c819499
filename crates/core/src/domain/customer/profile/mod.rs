//! Who a customer is.

pub mod facts;
pub mod machine;

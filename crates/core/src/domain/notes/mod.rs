//! What operators note about a customer, and which of them looks after the customer.

pub mod documents;
pub mod facts;
pub mod machine;

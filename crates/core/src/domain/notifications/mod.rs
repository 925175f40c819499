//! What customers are told.

pub mod documents;
pub mod facts;

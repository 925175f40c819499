//! What customers do, as a score.

pub mod documents;
pub mod facts;
pub mod machine;

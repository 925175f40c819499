//! What needs two people: one asks for it, another one decides.

pub mod documents;
pub mod facts;
pub mod machine;

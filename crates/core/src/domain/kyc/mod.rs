//! KYC: identity checks, reviews, suspensions.

pub mod documents;
pub mod facts;
pub mod machine;

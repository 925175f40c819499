//! A customer: the profile, and whether trading is allowed.

pub mod access;
pub mod documents;
pub mod profile;

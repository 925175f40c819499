//! What each event carries, read into types that can't be wrong. One file for each consumer's family of events.

pub mod access;
pub mod kyc;
pub mod leads;
pub mod payments;
pub mod profile;

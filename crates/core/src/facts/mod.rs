//! What each event carries, read into types that can't be wrong. One file for each consumer's family of events.

pub mod access;
pub mod interactions;
pub mod kyc;
pub mod leads;
pub mod market;
pub mod notifications;
pub mod outside;
pub mod payments;
pub mod profile;

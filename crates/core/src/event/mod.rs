//! Events: which there are, how they are read, and how follow-ups are written.

pub mod catalog;
pub mod description;
pub mod envelope;
pub mod fields;
pub mod outbox;
pub mod reader;
pub mod shape;

//! Events: which there are, how they are read, and how follow-ups are written.

pub mod binary;
pub mod catalog;
pub mod description;
pub mod envelope;
pub mod fields;
pub mod origin;
pub mod outbox;
pub mod reader;
pub mod shape;
pub mod subscription;

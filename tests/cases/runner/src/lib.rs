//! Runs case files: given these documents, when this message arrives, then that is stored and published.
//!
//! The real conversation runs against a small store that decodes the real request bytes. What is said to and fro is kept as a
//! transcript, so that the same case can run again through Wasm and Node and be compared byte for byte.

pub mod case;
mod change;
pub mod functions;
pub mod indexes;
mod query;
pub mod run;
pub mod store;
pub mod transcript;
pub mod typed_json;
pub mod warehouse;

//! What Boma decides, and how: pure, without I/O, clock or randomness. The core is only told things.
//!
//! Read it in the order of its rooms; each imports only from those before it, and `domain` and `protocol` nothing of each other.

pub mod kernel;

pub mod store;

pub mod warehouse;

pub mod event;

pub mod domain;
pub mod protocol;

pub mod jobs;

pub mod prelude;

//! How these documents are read and written.

pub mod user;

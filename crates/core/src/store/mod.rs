//! Documents: values, paths, what is read of them and what is written.

pub mod document;
pub mod path;
pub mod personal;
pub mod query;
pub mod snapshot;
pub mod value;
pub mod write;

//! What one call of a function does, step by step, without I/O.

pub mod change;
pub mod dead_letter;
pub mod deadlines;
pub mod decision;
pub mod delivery;
pub mod function;
pub mod handler;
pub mod inbox;
pub mod job;
pub mod outcome;
pub mod request;
pub mod response;
pub mod run;
pub mod step;
pub mod timeline;

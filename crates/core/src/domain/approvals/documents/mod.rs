//! approvals/{commandId}, and the command in it.

pub mod approval;
pub mod json;

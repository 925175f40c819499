//! Something for an operator to look at.

use serde_json::{Map as JsonMap, Value as Json};

/// A line of its own in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub severity: Severity,
    pub text: String,
    pub fields: JsonMap<String, Json>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Warning,
    Error,
}

//! What is told of a finished sweep.

use serde_json::{Map as JsonMap, Value as Json};

#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub function: &'static str,
    pub ending: Ending,
    /// For whoever called.
    pub answer: JsonMap<String, Json>,
    pub remarks: Vec<Remark>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    Finished,
    /// Time ran out. What was done stays done, and the next run goes on behind it.
    Stopped,
    /// Something failed, so that not everything was done.
    Faulty(String),
    /// The caller's own words can't be read.
    Malformed(String),
}

/// One thing that somebody has to look at: a line of its own in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Remark {
    pub weight: Weight,
    pub text: String,
    pub fields: JsonMap<String, Json>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    Warning,
    Error,
}

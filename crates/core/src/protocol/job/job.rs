//! The work of a scheduled function. The protocol around it is the same for all: [`super::JobRun`].

use serde_json::{Map as JsonMap, Value as Json};

use crate::{
    event::fields::Fields,
    kernel::{json, malformed::Malformed, timestamp::Timestamp},
    protocol::{
        job::{checkpoint::Checkpoint, finding::Finding},
        outcome::Fault,
        step::{Answer, Step},
    },
};

/// Names one step, is told the answer, and so on until it ends. Pure: it keeps nothing but what it was told.
pub trait Job: Sized {
    /// The name of its function.
    const FUNCTION: &'static str;

    /// The fields that a caller may give; any other is refused.
    const PARAMS: &'static [&'static str];

    /// A larger body of parameters is refused.
    const MAX_PARAMS_BYTES: usize = json::MAX_BYTES;

    /// As is one with a longer string in it.
    const MAX_PARAM_CHARS: usize = json::MAX_STRING_CHARS;

    fn from_params(params: &Fields<'_>) -> Result<Self, Malformed>;

    /// Whether it resumes where the last run stopped, and stores a checkpoint where it stops itself.
    fn keeps_checkpoint(&self) -> bool;

    /// Begins there instead of at the beginning.
    fn resume_at(&mut self, checkpoint: Checkpoint);

    /// A call that failed was repeated as often as it may be.
    fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<End>;

    /// Everything up to here is done.
    fn checkpoint(&self) -> Option<Checkpoint>;

    fn summary(&self) -> Summary;
}

/// How a job ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Finished,
    /// Not finished; [`Job::checkpoint`] says where to go on.
    Stopped,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// For the caller, and for the log line where it is a number.
    pub answer: JsonMap<String, Json>,
    /// For an operator to look at.
    pub findings: Vec<Finding>,
    /// Failures because of which not everything was done. The next run tries again.
    pub faults: Vec<String>,
}

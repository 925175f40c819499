//! The result of a run.

use serde_json::{Map as JsonMap, Value as Json};

use crate::{
    kernel::malformed::Malformed,
    protocol::{
        job::{
            checkpoint::Checkpoint,
            finding::Finding,
            job::{Job, Summary},
        },
        outcome::Fault,
    },
};

#[derive(Clone, Debug, PartialEq)]
pub struct JobReport {
    pub function: &'static str,
    pub outcome: JobOutcome,
    /// For the caller.
    pub answer: JsonMap<String, Json>,
    pub findings: Vec<Finding>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobOutcome {
    Finished,
    /// Time ran out. The next run resumes behind what is done.
    Stopped,
    /// A failure, so that not everything was done.
    Faulty(String),
    /// The caller's parameters can't be read.
    Malformed(String),
}

impl JobReport {
    pub(super) fn of<J: Job>(
        summary: Summary,
        checkpoint: Option<Checkpoint>,
        is_stopped: bool,
        fault: Option<&Fault>,
    ) -> JobReport {
        let Summary { mut answer, findings, mut faults } = summary;
        faults.extend(fault.map(Fault::to_string));
        let is_partial = is_stopped || !faults.is_empty();
        let stopped_at = checkpoint.filter(|_| is_partial).map(|checkpoint| checkpoint.to_json());
        answer.insert("stoppedAt".to_owned(), stopped_at.into());
        answer.insert("faults".to_owned(), faults.clone().into());
        let outcome = match faults.into_iter().next() {
            Some(first) => JobOutcome::Faulty(first),
            None if is_stopped => JobOutcome::Stopped,
            None => JobOutcome::Finished,
        };
        JobReport { function: J::FUNCTION, outcome, answer, findings }
    }

    pub(super) fn malformed(function: &'static str, malformed: &Malformed) -> JobReport {
        let reason = malformed.reason();
        let answer = [("error".to_owned(), reason.into())].into_iter().collect();
        JobReport { function, outcome: JobOutcome::Malformed(reason.to_owned()), answer, findings: Vec::new() }
    }
}

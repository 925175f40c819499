//! The protocol of a scheduled function, without I/O, as [`crate::protocol::delivery`] is that of one message.
//!
//! A run ends before its function times out, and stores a checkpoint: the next run resumes there. So documents that stay in a query
//! for whatever reason, however many there are, never keep a run from those behind them. Two runs at once, or a run that is broken
//! off, do no harm: a job does nothing that may not be done twice.

mod checkpoint;
mod finding;
#[expect(clippy::module_inception, reason = "the trait of the protocol that this folder is about")]
mod job;
mod report;

pub use self::{
    checkpoint::Checkpoint,
    finding::{Finding, Severity},
    job::{End, Job, Summary},
    report::{JobOutcome, JobReport},
};
use crate::{
    event::fields::Fields,
    kernel::{
        json,
        malformed::{Malformed, path_to},
        timestamp::Timestamp,
    },
    protocol::{
        outcome::Fault,
        run::{Run, Task},
        step::{Answer, Call, Reply, Step},
    },
    store::{path::DocumentPath, snapshot::Snapshot},
};

/// After this time nothing new is begun. The longest call takes 30 s and is repeated no more, so a run ends well within 9 minutes.
pub const JOB_MS: u64 = 420_000;

/// For a job that didn't stop by itself: its function is ended after 540 s.
const JOB_ENDS_MS: u64 = 530_000;

#[derive(Clone, Debug)]
pub struct JobRun<J>(Run<Checkpointed<J>>);

impl<J: Job> JobRun<J> {
    /// `body` is the caller's: nothing, or an object of parameters.
    pub fn new(body: &[u8]) -> Self {
        JobRun(Run::of(Checkpointed {
            job: from_params(body),
            began: None,
            has_stored_checkpoint: false,
            fault: None,
            is_stopped: false,
            at: At::Start,
        }))
    }

    /// The next step, given the answer to the last one.
    pub fn next(&mut self, reply: Reply) -> Step<JobReport> {
        self.0.next(reply)
    }
}

/// A job with its checkpoint: read before it begins, written or removed when it ends.
#[derive(Clone, Debug)]
struct Checkpointed<J> {
    job: Result<J, Malformed>,
    began: Option<Timestamp>,
    /// Whether the last run stored where it stopped.
    has_stored_checkpoint: bool,
    /// A failure around the job.
    fault: Option<Fault>,
    is_stopped: bool,
    at: At,
}

#[derive(Clone, Copy, Debug)]
enum At {
    Start,
    ReadingCheckpoint,
    Working,
    WritingCheckpoint,
}

impl<J: Job> Task for Checkpointed<J> {
    type Outcome = JobReport;
    const LASTS_MS: u64 = JOB_MS;
    const ENDS_MS: u64 = JOB_ENDS_MS;

    fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<JobReport> {
        self.began.get_or_insert(now);
        match (self.at, answer) {
            (At::Start, _) => self.start(now),
            (At::Working, answer) => self.work(answer, now),
            (At::ReadingCheckpoint, Answer::Found(stored)) => self.resume(&stored, now),
            (At::WritingCheckpoint, Answer::Committed) => self.done(),
            (At::ReadingCheckpoint | At::WritingCheckpoint, Answer::Failed(fault)) => self.fail(fault),
            (
                At::ReadingCheckpoint | At::WritingCheckpoint,
                Answer::Begin
                | Answer::Found(_)
                | Answer::Rows(_)
                | Answer::Committed
                | Answer::Published
                | Answer::Appended { .. }
                | Answer::Waited,
            ) => self.fail(Fault::Protocol("an answer to another step")),
        }
    }

    fn out_of_time(&mut self) -> JobReport {
        self.fault = Some(Fault::OutOfTime);
        self.report()
    }
}

impl<J: Job> Checkpointed<J> {
    fn start(&mut self, now: Timestamp) -> Step<JobReport> {
        match &self.job {
            Err(_) => self.done(),
            Ok(job) if job.keeps_checkpoint() => {
                self.at = At::ReadingCheckpoint;
                Step::Call(Call::read(vec![Self::checkpoint_path()]))
            }
            Ok(_) => self.work(Answer::Begin, now),
        }
    }

    /// A checkpoint that can't be read is as good as none.
    fn resume(&mut self, stored: &Snapshot, now: Timestamp) -> Step<JobReport> {
        let stored = stored.get(&Self::checkpoint_path());
        self.has_stored_checkpoint = stored.is_some_and(|document| document.fields.contains_key("task"));
        let checkpoint = stored.and_then(|document| Checkpoint::read(document).ok().flatten());
        if let (Ok(job), Some(checkpoint)) = (&mut self.job, checkpoint) {
            job.resume_at(checkpoint);
        }
        self.work(Answer::Begin, now)
    }

    fn work(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<JobReport> {
        self.at = At::Working;
        let Ok(job) = &mut self.job else { return self.done() };
        match job.next(answer, now) {
            Step::Done(End::Finished) => self.close(now),
            Step::Done(End::Stopped) => self.stop(now),
            Step::Call(_) | Step::Wait { .. } if self.is_over(now) => self.stop(now),
            Step::Call(call) => Step::Call(call),
            Step::Wait { ms } => Step::Wait { ms },
        }
    }

    fn is_over(&self, now: Timestamp) -> bool {
        self.began.is_some_and(|began| now.ms_since(began) >= JOB_MS)
    }

    fn stop(&mut self, now: Timestamp) -> Step<JobReport> {
        self.is_stopped = true;
        self.close(now)
    }

    /// Stores the checkpoint of a run that stopped, or removes that of the last run. After a failure the stored one stays: the work
    /// behind it is still to be done.
    fn close(&mut self, now: Timestamp) -> Step<JobReport> {
        let Ok(job) = &self.job else { return self.done() };
        let checkpoint = if self.is_stopped { job.checkpoint() } else { None };
        let is_due = checkpoint.is_some() || (self.has_stored_checkpoint && job.summary().faults.is_empty());
        if !is_due || !job.keeps_checkpoint() {
            return self.done();
        }
        self.at = At::WritingCheckpoint;
        Step::Call(Call::commit(vec![Checkpoint::write(Self::checkpoint_path(), checkpoint.as_ref(), now)]))
    }

    fn fail(&mut self, fault: Fault) -> Step<JobReport> {
        self.fault = Some(fault);
        self.done()
    }

    fn done(&self) -> Step<JobReport> {
        Step::Done(self.report())
    }

    fn report(&self) -> JobReport {
        match &self.job {
            Ok(job) => JobReport::of::<J>(job.summary(), job.checkpoint(), self.is_stopped, self.fault.as_ref()),
            Err(malformed) => JobReport::malformed(J::FUNCTION, malformed),
        }
    }

    fn checkpoint_path() -> DocumentPath {
        DocumentPath::checkpoint(J::FUNCTION)
    }
}

fn from_params<J: Job>(body: &[u8]) -> Result<J, Malformed> {
    let params = if body.is_empty() {
        Default::default()
    } else {
        json::parse_object_up_to(body, J::MAX_PARAMS_BYTES, J::MAX_PARAM_CHARS)?
    };
    if let Some(unknown) = params.keys().find(|name| !J::PARAMS.contains(&name.as_str())) {
        return Err(Malformed::new(&path_to("", unknown), "unknown"));
    }
    J::from_params(&Fields::new("", &params))
}

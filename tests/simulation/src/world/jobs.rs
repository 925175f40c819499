//! Scheduled jobs: when they run, their interruptions, and their results.

use super::{ROOT, World};
use crate::{
    auditors,
    call::Call,
    coverage::{Sometimes, Step},
    event_queue::QueuedEvent,
    history::JobRun,
    in_flight::{InFlight, Interruption},
    plan::{BEGINNING_MS, FaultKind, HOUR_MS},
    stored::text,
};
use boma_core::protocol::response::HttpResponse;
use googleapis_tonic_google_firestore_v1::google::firestore::v1::BatchGetDocumentsRequest;

/// Job runs are numbered from here: no run has so many pushes.
pub(super) const FIRST_CALL: u64 = 1 << 40;

/// A job stops by itself after 7 minutes.
const SHORTEST_STALL_MS: u64 = 420_000;
const LONGEST_STALL_MS: u64 = 520_000;

/// Jobs are few, so they are interrupted more often than deliveries.
const TIMES_AS_OFTEN: u32 = 5;

const STEPS: [Step; 5] = [Step::Read, Step::Query, Step::Publish, Step::Commit, Step::Wait];

impl World {
    /// Some jobs while sources publish, and twice as many in and after a leap in time.
    pub(super) fn schedule_job_runs(&mut self, calm_at_ms: u64) {
        let spoken_ms = BEGINNING_MS + self.plan.span_ms;
        for number in 0..self.plan.calls {
            let at_ms = self.chance.between(BEGINNING_MS, spoken_ms);
            self.schedule_job_run(at_ms, if number % 3 == 2 { "trial-balance" } else { "clock" });
        }
        if self.plan.leap_ms > 0 {
            for number in 0..2 * self.plan.calls {
                let from_ms = if number % 2 == 0 { spoken_ms } else { calm_at_ms - HOUR_MS };
                let at_ms = self.chance.between(from_ms, calm_at_ms);
                self.schedule_job_run(at_ms, if number % 4 == 3 { "trial-balance" } else { "clock" });
            }
        }
    }

    /// The scheduler, too, calls at least once: some jobs are started twice.
    fn schedule_job_run(&mut self, at_ms: u64, function: &'static str) {
        self.event_queue.at(at_ms, QueuedEvent::SchedulerCalls { function });
        if self.chance.one_in(4) {
            let again_ms = at_ms + self.chance.between(0, 200);
            self.event_queue.at(again_ms, QueuedEvent::SchedulerCalls { function });
        }
    }

    pub(super) fn scheduler_calls(&mut self, function: &'static str) {
        if self.in_flight.values().any(|in_flight| in_flight.push.is_none() && in_flight.function == function) {
            self.coverage.see(Sometimes::JobRunsOverlap);
        }
        self.calls += 1;
        let id = FIRST_CALL + self.calls;
        let instance = self.fleet.any_of(function, &mut self.chance);
        let mut in_flight = InFlight::of(None, function, instance, Vec::new(), self.mutant);
        in_flight.interruption = self.interruption();
        self.in_flight.insert(id, in_flight);
        self.invocation_begins(id);
    }

    fn interruption(&mut self) -> Interruption {
        let rate = self.plan.rate(FaultKind::Interrupted) * TIMES_AS_OFTEN;
        if !self.chance.hits(rate) {
            return Interruption::default();
        }
        let crashes_at = Some(*self.chance.pick(&STEPS)).filter(|_| !self.chance.one_in(3));
        // A job commits a checkpoint only when its time is over.
        let stalls = crashes_at.is_none_or(|step| step == Step::Commit);
        let stalls_at = stalls.then(|| *self.chance.pick(&[Step::Query, Step::Publish, Step::Publish]));
        Interruption { crashes_at, stalls_at }
    }

    pub(super) fn may_be_interrupted(&mut self, id: u64, expected_ms: u64) {
        let in_flight = self.in_flight.get_mut(&id).expect("it asks");
        let (instance, at, function) = (in_flight.instance, in_flight.at, in_flight.function);
        let Interruption { crashes_at, stalls_at } = in_flight.interruption;
        if at.is_none() {
            return;
        }
        if stalls_at == at {
            in_flight.interruption.stalls_at = None;
            let for_ms = self.chance.between(SHORTEST_STALL_MS, LONGEST_STALL_MS);
            self.trace("", |_| format!("  an instance of {function} stands still"));
            self.freezes(instance, for_ms);
        } else if crashes_at == at {
            let after_ms = self.chance.between(0, expected_ms);
            self.event_queue.after(after_ms, QueuedEvent::InstanceCrashes { instance });
        }
    }

    pub(super) fn note_crash_of_a_job(&mut self, in_flight: &InFlight, step: Step) {
        if in_flight.push.is_none() && in_flight.created.is_none() {
            self.coverage.see(match step {
                Step::Read => Sometimes::JobCrashedAtRead,
                Step::Query => Sometimes::JobCrashedAtQuery,
                Step::Publish => Sometimes::JobCrashedAtPublish,
                Step::Commit => Sometimes::JobCrashedAtCommit,
                Step::Wait => Sometimes::JobCrashedAtWait,
            });
        }
    }

    /// A job that reads a checkpoint with a task resumes there.
    pub(super) fn may_be_resumed(&mut self, call: &Call, request: &BatchGetDocumentsRequest) {
        let checkpoint = format!("{ROOT}sweeps/{}", call.function);
        let names_task = |name: &String| self.store.get(name).is_some_and(|fields| !text(fields, "task").is_empty());
        let is_resumed = request.documents.iter().any(|name| *name == checkpoint && names_task(name));
        if let Some(in_flight) = self.in_flight.get_mut(&call.caller).filter(|_| is_resumed) {
            in_flight.is_resumed = true;
        }
    }

    /// The response of a job.
    pub(super) fn job_finishes(&mut self, id: u64, response: &HttpResponse) {
        let in_flight = &self.in_flight[&id];
        let run = JobRun {
            function: in_flight.function,
            began_ms: in_flight.began_ms,
            outcome: response.outcome(),
            is_resumed: in_flight.is_resumed,
        };
        self.trace_invocation(id, |_| format!("answers {} {}", response.status, response.outcome()));
        match response.outcome() {
            "STOPPED" => self.coverage.see(Sometimes::JobStopped),
            "FINISHED" if run.is_resumed => self.coverage.see(Sometimes::JobResumed),
            "FINISHED" => {}
            _ => self.coverage.see(Sometimes::JobFailed),
        }
        if let Some(violation) = auditors::at_job_response(self, &run, response) {
            self.complain(violation);
        }
        self.history.job_runs.push(run);
    }
}

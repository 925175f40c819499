//! The end of a run: without faults, all messages are handled, then jobs and operators do what is left to do.

use super::{INSPECTION_EVERY_MS, LONGEST_DRAIN_MS, Phase, World};
use crate::{auditors::Violation, call::LATEST_MS, event_queue::QueuedEvent, plan::MINUTE_MS};

/// A task that begins when all messages are handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ClosingTask {
    Call(&'static str),
    /// Operators replay the open letters.
    Mend,
}

const CLOCK: ClosingTask = ClosingTask::Call("clock");
const BALANCE: ClosingTask = ClosingTask::Call("trial-balance");

/// The first run of a job may only resume another one. A replay may create new work for the clock.
const CLOSING_TASKS: &[ClosingTask] =
    &[CLOCK, CLOCK, ClosingTask::Mend, CLOCK, CLOCK, ClosingTask::Mend, CLOCK, CLOCK, CLOCK, BALANCE, BALANCE];

impl World {
    pub(super) fn calm(&mut self) {
        self.plan.calm();
        self.outages.clear();
        self.phase = Phase::Draining;
        self.calm_since_ms = self.now_ms();
        // Late calls may still take effect.
        self.event_queue.after(LATEST_MS + MINUTE_MS, QueuedEvent::Inspection);
    }

    /// A message that nobody can read is tried for hours before Pub/Sub gives it up, and a key may have several, one behind the other.
    pub(super) fn begin_wait_anew(&mut self) {
        self.calm_since_ms = self.now_ms();
    }

    pub(super) fn inspect(&mut self) {
        if !self.is_drained() {
            if self.now_ms() - self.calm_since_ms > LONGEST_DRAIN_MS {
                let what = format!(
                    "{} deliveries under way, or messages waiting, after six calm hours without a message given up",
                    self.in_flight.len()
                );
                self.complain(Violation::new("drains", what));
                self.phase = Phase::Over;
            }
            self.event_queue.after(INSPECTION_EVERY_MS, QueuedEvent::Inspection);
            return;
        }
        let done = match self.phase {
            Phase::Busy | Phase::Draining => 0,
            Phase::Closing(done) => done,
            Phase::Over => return,
        };
        let Some(task) = CLOSING_TASKS.get(done) else {
            self.phase = Phase::Over;
            return;
        };
        self.phase = Phase::Closing(done + 1);
        self.begin_wait_anew();
        match task {
            ClosingTask::Call(function) => self.scheduler_calls(function),
            ClosingTask::Mend => self.operators_mend(),
        }
        self.event_queue.after(INSPECTION_EVERY_MS, QueuedEvent::Inspection);
    }
}

//! Calls of the scheduler: when they come, what interrupts them, and what they come to.

use super::{ROOT, World};
use crate::{
    agenda::{BEGINNING_MS, Happening},
    auditors,
    call::Call,
    chronicle::Sweep,
    coverage::{Sometimes, Step},
    flight::{Flight, Interruption},
    plan::{HOUR_MS, Mischief},
    stored::text,
};
use boma_core::protocol::response::HttpResponse;
use googleapis_tonic_google_firestore_v1::google::firestore::v1::BatchGetDocumentsRequest;

/// The scheduler's calls are numbered from there: no world has so many pushes.
pub(super) const FIRST_CALL: u64 = 1 << 40;

/// A function stops by itself after 7 minutes.
const SHORTEST_STALL_MS: u64 = 420_000;
const LONGEST_STALL_MS: u64 = 520_000;

/// A call of the scheduler lasts longer than a delivery, and there are few of them.
const TIMES_AS_OFTEN: u32 = 5;

const STEPS: [Step; 5] = [Step::Read, Step::Query, Step::Publish, Step::Commit, Step::Wait];

impl World {
    /// Now and then while sources speak, and after a leap in time again and again, as long as something may go wrong.
    pub(super) fn put_down_calls(&mut self, calm_at_ms: u64) {
        let spoken_ms = BEGINNING_MS + self.plan.span_ms;
        for number in 0..self.plan.calls {
            let at_ms = self.chance.between(BEGINNING_MS, spoken_ms);
            self.put_down_call(at_ms, if number % 3 == 2 { "trial-balance" } else { "clock" });
        }
        if self.plan.leap_ms > 0 {
            for number in 0..2 * self.plan.calls {
                let from_ms = if number % 2 == 0 { spoken_ms } else { calm_at_ms - HOUR_MS };
                let at_ms = self.chance.between(from_ms, calm_at_ms);
                self.put_down_call(at_ms, if number % 4 == 3 { "trial-balance" } else { "clock" });
            }
        }
    }

    /// The scheduler, too, calls at least once.
    fn put_down_call(&mut self, at_ms: u64, function: &'static str) {
        self.agenda.at(at_ms, Happening::SchedulerCalls { function });
        if self.chance.one_in(4) {
            let again_ms = at_ms + self.chance.between(0, 200);
            self.agenda.at(again_ms, Happening::SchedulerCalls { function });
        }
    }

    pub(super) fn scheduler_calls(&mut self, function: &'static str) {
        if self.flights.values().any(|flight| flight.on.is_none() && flight.function == function) {
            self.coverage.see(Sometimes::SweptTwiceAtOnce);
        }
        self.calls += 1;
        let id = FIRST_CALL + self.calls;
        let instance = self.fleet.any_of(function, &mut self.chance);
        let mut flight = Flight::of(None, function, instance, Vec::new(), self.mutant);
        flight.interruption = self.interruption();
        self.flights.insert(id, flight);
        self.flight_begins(id);
    }

    fn interruption(&mut self) -> Interruption {
        let rate = self.plan.rate(Mischief::Interrupted) * TIMES_AS_OFTEN;
        if !self.chance.hits(rate) {
            return Interruption::default();
        }
        let crashes_at = Some(*self.chance.pick(&STEPS)).filter(|_| !self.chance.one_in(3));
        // A place is kept only by one whose time is over.
        let stalls = crashes_at.is_none_or(|step| step == Step::Commit);
        let stalls_at = stalls.then(|| *self.chance.pick(&[Step::Query, Step::Publish, Step::Publish]));
        Interruption { crashes_at, stalls_at }
    }

    pub(super) fn may_be_interrupted(&mut self, id: u64, expected_ms: u64) {
        let flight = self.flights.get_mut(&id).expect("it asks");
        let (instance, at, function) = (flight.instance, flight.at, flight.function);
        let Interruption { crashes_at, stalls_at } = flight.interruption;
        if at.is_none() {
            return;
        }
        if stalls_at == at {
            flight.interruption.stalls_at = None;
            let for_ms = self.chance.between(SHORTEST_STALL_MS, LONGEST_STALL_MS);
            self.tell("", |_| format!("  an instance of {function} stands still"));
            self.freezes(instance, for_ms);
        } else if crashes_at == at {
            let after_ms = self.chance.between(0, expected_ms);
            self.agenda.after(after_ms, Happening::InstanceCrashes { instance });
        }
    }

    pub(super) fn note_crash_of_a_sweep(&mut self, flight: &Flight, step: Step) {
        if flight.on.is_none() {
            self.coverage.see(match step {
                Step::Read => Sometimes::SweepCrashedAtRead,
                Step::Query => Sometimes::SweepCrashedAtQuery,
                Step::Publish => Sometimes::SweepCrashedAtPublish,
                Step::Commit => Sometimes::SweepCrashedAtCommit,
                Step::Wait => Sometimes::SweepCrashedAtWait,
            });
        }
    }

    /// Whoever reads a bookmark that names a task goes on there.
    pub(super) fn may_be_taken_up(&mut self, call: &Call, request: &BatchGetDocumentsRequest) {
        let bookmark = format!("{ROOT}sweeps/{}", call.function);
        let names_task = |name: &String| self.store.get(name).is_some_and(|fields| !text(fields, "task").is_empty());
        let is_taken_up = request.documents.iter().any(|name| *name == bookmark && names_task(name));
        if let Some(flight) = self.flights.get_mut(&call.flight).filter(|_| is_taken_up) {
            flight.is_taken_up = true;
        }
    }

    /// What the scheduler hears.
    pub(super) fn reports(&mut self, id: u64, response: &HttpResponse) {
        let flight = &self.flights[&id];
        let sweep = Sweep {
            function: flight.function,
            began_ms: flight.began_ms,
            outcome: response.outcome(),
            is_taken_up: flight.is_taken_up,
        };
        self.tell_flight(id, |_| format!("answers {} {}", response.status, response.outcome()));
        match response.outcome() {
            "STOPPED" => self.coverage.see(Sometimes::SweepStopped),
            "FINISHED" if sweep.is_taken_up => self.coverage.see(Sometimes::SweepTakenUp),
            "FINISHED" => {}
            _ => self.coverage.see(Sometimes::SweepFailed),
        }
        if let Some(violation) = auditors::at_a_report(self, &sweep, response) {
            self.complain(violation);
        }
        self.chronicle.sweeps.push(sweep);
    }
}

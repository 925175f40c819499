//! The state after an action.

use crate::{
    action::{Action, InjectedFault},
    in_flight::{CallResult, InFlight, Request},
    intern::Id,
    queue::Holder,
    state::{Seen, State, Violation},
    world::{PendingCall, World},
};
use boma_core::protocol::{
    deadlines,
    delivery::DeliveryReport,
    outcome::{Fault, Outcome, Verdict},
};
use in_memory_store::InMemoryStore;

impl World {
    pub fn after(&self, state: &State, action: Action) -> State {
        let mut next = *state;
        match action {
            Action::Answer { queue, holder } => {
                let result = self.carry_out(&mut next, queue, holder);
                self.resume(&mut next, queue, holder, result, false);
            }
            Action::Fault { queue, holder, fault } => {
                next.faults_left -= 1;
                self.inject(&mut next, queue, holder, fault);
            }
            Action::Redeliver { queue, from } => {
                next.faults_left -= 1;
                self.redeliver(&mut next, queue, from);
            }
            Action::ArriveLate(request) => self.arrive_late(&mut next, request),
            Action::Replay { letter } => self.replay(&mut next, letter),
            Action::CreateGivenLater => self.create_given_later(&mut next),
            Action::Release => self.release(&mut next),
        }
        self.forget_what_cannot_matter(&mut next);
        self.deliver(&mut next);
        next
    }

    /// Carries out the pending call, and answers with its result.
    fn carry_out(&self, state: &mut State, queue: usize, holder: Holder) -> CallResult {
        let in_flight = state.queues[queue].held_by(holder).expect("a delivery in flight");
        match self.pending_call(in_flight) {
            PendingCall::Read => CallResult::Read(state.store),
            PendingCall::Commit(request) => match self.committed(state.store, request) {
                Some(store) => {
                    state.store = store;
                    CallResult::Committed
                }
                None => {
                    if holder == Holder::Zombie {
                        self.remember(state, Seen::A_ZOMBIE_LOSE);
                    }
                    CallResult::Raced
                }
            },
            PendingCall::Publish(request) => {
                let before = state.accepted;
                self.accept(state, request);
                if self.scenario.remembers && state.accepted != before {
                    let in_flight = self.remembering(in_flight, |memory| memory.published_what_was_owed = true);
                    *state.queues[queue].held_by(holder) = Some(in_flight);
                }
                CallResult::Published
            }
            PendingCall::None => unreachable!("a delivery that has ended isn't held"),
        }
    }

    fn inject(&self, state: &mut State, queue: usize, holder: Holder, fault: InjectedFault) {
        let in_flight = state.queues[queue].held_by(holder).expect("a delivery in flight");
        let (request, is_commit) = match self.pending_call(in_flight) {
            PendingCall::Commit(request) => (Some(request), true),
            PendingCall::Publish(request) => (Some(request), false),
            PendingCall::Read | PendingCall::None => (None, false),
        };
        let is_lost = matches!(fault, InjectedFault::AnswerLost | InjectedFault::Late);
        if is_commit && is_lost && self.scenario.remembers {
            let in_flight = self.remembering(in_flight, |memory| memory.lost_a_commits_answer = true);
            *state.queues[queue].held_by(holder) = Some(in_flight);
        }
        if !is_commit && request.is_some() && fault == InjectedFault::Crash {
            self.remember(state, Seen::A_CRASH_BEFORE_PUBLISH);
        }
        match fault {
            InjectedFault::Crash => *state.queues[queue].held_by(holder) = None,
            InjectedFault::CrashAfterSending => {
                *state.queues[queue].held_by(holder) = None;
                self.send(state, request);
            }
            InjectedFault::NotDone => self.resume(state, queue, holder, CallResult::Unknown, true),
            InjectedFault::Late => {
                self.send(state, request);
                self.resume(state, queue, holder, CallResult::Unknown, true);
            }
            InjectedFault::AnswerLost => {
                self.carry_out(state, queue, holder);
                self.resume(state, queue, holder, CallResult::Unknown, true);
            }
            InjectedFault::OutOfTime => {
                self.carry_out(state, queue, holder);
                self.resume(state, queue, holder, CallResult::UnknownTooLate, true);
            }
            InjectedFault::Denied => self.resume(state, queue, holder, CallResult::Denied, true),
        }
    }

    fn send(&self, state: &mut State, request: Option<Id<Request>>) {
        let mut late_requests = self.late_requests.get(state.late_requests).as_ref().clone();
        late_requests.extend(request);
        late_requests.sort();
        state.late_requests = self.late_requests.id(late_requests);
    }

    fn arrive_late(&self, state: &mut State, request: Id<Request>) {
        let mut late_requests = self.late_requests.get(state.late_requests).as_ref().clone();
        let place = late_requests.iter().position(|it| *it == request).expect("it is under way");
        late_requests.remove(place);
        state.late_requests = self.late_requests.id(late_requests);
        match self.requests.get(request).as_ref() {
            Request::Commit(_) => {
                state.store = self.committed(state.store, request).expect("what can't matter was forgotten");
                self.remember(state, Seen::A_LATE_COMMIT_TAKE_EFFECT);
            }
            Request::Publish(_) => self.accept(state, request),
        }
    }

    fn forget_what_cannot_matter(&self, state: &mut State) {
        let late_requests = self.late_requests.get(state.late_requests);
        let kept: Vec<_> = late_requests.iter().copied().filter(|request| self.matters(state, *request)).collect();
        if kept.len() < late_requests.len() {
            self.remember(state, Seen::A_LATE_COMMIT_LOSE);
            state.late_requests = self.late_requests.id(kept);
        }
    }

    fn create_given_later(&self, state: &mut State) {
        let mut store = self.stores.get(state.store).as_ref().clone();
        for (path, document) in &self.scenario.given_later {
            store.put(path.clone(), document.clone());
        }
        state.store = self.stores.id(store);
    }

    fn resume(&self, state: &mut State, queue: usize, holder: Holder, result: CallResult, is_excused: bool) {
        let in_flight = state.queues[queue].held_by(holder).take().expect("a delivery in flight");
        self.hold_or_end(state, queue, holder, self.resumed(in_flight, result), is_excused);
    }

    /// Keeps the delivery in hand, or judges its report if it has ended.
    pub(crate) fn hold_or_end(
        &self,
        state: &mut State,
        queue: usize,
        holder: Holder,
        in_flight: Id<InFlight>,
        is_excused: bool,
    ) {
        if self.pending_call(in_flight) != PendingCall::None {
            *state.queues[queue].held_by(holder) = Some(in_flight);
            return;
        }
        let ended = self.in_flight.get(in_flight);
        let report = ended.report().expect("it has ended");
        match report.verdict() {
            Verdict::Ack => {
                if !self.may_be_acked(state, ended.consumer, ended.message) {
                    state.violation.get_or_insert(Violation::AckedUnsettled);
                }
                if report.outcome == Ok(Outcome::Crashed) && u32::from(ended.attempt) < deadlines::CRASHES_TO_FILE {
                    state.violation.get_or_insert(Violation::FiledTooEarly);
                }
                if holder == Holder::Live {
                    state.queues[queue].acked += 1;
                }
                self.remember_duplicate(
                    state,
                    report,
                    ended.memory.lost_a_commits_answer,
                    ended.memory.published_what_was_owed,
                );
            }
            Verdict::Retry => {
                if matches!(report.outcome, Err(Fault::Trap(_))) {
                    if u32::from(ended.attempt) >= deadlines::CRASHES_TO_FILE {
                        state.violation.get_or_insert(Violation::TrappedTooOften);
                    }
                } else if !is_excused && !self.may_have_tired(state, report) {
                    state.violation.get_or_insert(Violation::RetriedForNothing);
                }
            }
        }
    }

    /// Whether other writers and faults explain that the delivery used up its repeats.
    fn may_have_tired(&self, state: &State, report: &DeliveryReport) -> bool {
        let faults = u32::from(self.faults - state.faults_left);
        let writes = raced_writes(&self.stores.get(state.store));
        report.repeats == deadlines::MAX_REPEATS && report.repeats <= faults + writes
    }

    fn remember_duplicate(&self, state: &mut State, report: &DeliveryReport, lost_commit: bool, published: bool) {
        if report.outcome != Ok(Outcome::Duplicate) {
            return;
        }
        self.remember(state, Seen::A_DUPLICATE);
        if lost_commit {
            self.remember(state, Seen::A_LOST_COMMIT_AS_DUPLICATE);
        }
        if published && state.seen.has(Seen::A_CRASH_BEFORE_PUBLISH) {
            self.remember(state, Seen::THAT_CRASH_HEALED);
        }
    }

    pub(crate) fn remember(&self, state: &mut State, what: Seen) {
        if self.scenario.remembers {
            state.seen.also(what);
        }
    }
}

/// The number of writes that another writer may have lost a race to. Entries of a timeline don't count: no decision reads them.
fn raced_writes(store: &InMemoryStore) -> u32 {
    let raced = store.all().filter(|(path, _)| !path.id().contains("/timeline/"));
    raced.map(|(_, stored)| u32::try_from(stored.updated_at.seconds).expect("few")).sum()
}

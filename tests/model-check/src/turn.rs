//! What an action comes to.

use crate::{
    action::{Action, Mishap},
    intern::Id,
    queue::Who,
    state::{Saw, State, Wrong},
    talk::{InHand, Request, Told},
    world::{Asks, World},
};
use boma_core::protocol::{
    deadlines,
    delivery::DeliveryReport,
    outcome::{Fault, Outcome, Verdict},
};

impl World {
    pub fn after(&self, state: &State, action: Action) -> State {
        let mut next = *state;
        match action {
            Action::Answer { lane, who } => {
                let told = self.make_call(&mut next, lane, who);
                self.hear(&mut next, lane, who, told, false);
            }
            Action::Mishap { lane, who, mishap } => {
                next.faults_left -= 1;
                self.suffer(&mut next, lane, who, mishap);
            }
            Action::Redeliver { lane, from } => {
                next.faults_left -= 1;
                self.redeliver(&mut next, lane, from);
            }
            Action::Arrive(request) => self.arrive(&mut next, request),
            Action::Replay { letter } => self.replay(&mut next, letter),
            Action::Given => self.give(&mut next),
        }
        self.forget_what_cannot_matter(&mut next);
        self.deliver(&mut next);
        next
    }

    /// The call that the delivery asks for, and what there is to say about it.
    fn make_call(&self, state: &mut State, lane: usize, who: Who) -> Told {
        let talk = state.lanes[lane].hand(who).expect("someone who asks");
        match self.asks(talk) {
            Asks::ToRead => Told::Read(state.store),
            Asks::ToCommit(request) => match self.committed(state.store, request) {
                Some(store) => {
                    state.store = store;
                    Told::Committed
                }
                None => {
                    if who == Who::Zombie {
                        self.remember(state, Saw::A_ZOMBIE_LOSE);
                    }
                    Told::Raced
                }
            },
            Asks::ToPublish(request) => {
                let before = state.accepted;
                self.accept(state, request);
                if self.scenario.remembers && state.accepted != before {
                    let talk = self.remembering(talk, |memory| memory.published_what_was_owed = true);
                    *state.lanes[lane].hand(who) = Some(talk);
                }
                Told::Published
            }
            Asks::Nothing => unreachable!("a delivery that has ended is in nobody's hand"),
        }
    }

    fn suffer(&self, state: &mut State, lane: usize, who: Who, mishap: Mishap) {
        let talk = state.lanes[lane].hand(who).expect("someone to suffer it");
        let (request, is_commit) = match self.asks(talk) {
            Asks::ToCommit(request) => (Some(request), true),
            Asks::ToPublish(request) => (Some(request), false),
            Asks::ToRead | Asks::Nothing => (None, false),
        };
        let is_lost = matches!(mishap, Mishap::AnswerLost | Mishap::Late);
        if is_commit && is_lost && self.scenario.remembers {
            let talk = self.remembering(talk, |memory| memory.lost_a_commits_answer = true);
            *state.lanes[lane].hand(who) = Some(talk);
        }
        if !is_commit && request.is_some() && mishap == Mishap::Crash {
            self.remember(state, Saw::A_CRASH_BEFORE_PUBLISH);
        }
        match mishap {
            Mishap::Crash => *state.lanes[lane].hand(who) = None,
            Mishap::CrashAfterSending => {
                *state.lanes[lane].hand(who) = None;
                self.send(state, request);
            }
            Mishap::NotDone => self.hear(state, lane, who, Told::Unknown, true),
            Mishap::Late => {
                self.send(state, request);
                self.hear(state, lane, who, Told::Unknown, true);
            }
            Mishap::AnswerLost => {
                self.make_call(state, lane, who);
                self.hear(state, lane, who, Told::Unknown, true);
            }
            Mishap::OutOfTime => {
                self.make_call(state, lane, who);
                self.hear(state, lane, who, Told::UnknownTooLate, true);
            }
            Mishap::Denied => self.hear(state, lane, who, Told::Denied, true),
        }
    }

    fn send(&self, state: &mut State, request: Option<Id<Request>>) {
        let mut under_way = self.under_way.get(state.under_way).as_ref().clone();
        under_way.extend(request);
        under_way.sort();
        state.under_way = self.under_way.id(under_way);
    }

    fn arrive(&self, state: &mut State, request: Id<Request>) {
        let mut under_way = self.under_way.get(state.under_way).as_ref().clone();
        let place = under_way.iter().position(|it| *it == request).expect("it is under way");
        under_way.remove(place);
        state.under_way = self.under_way.id(under_way);
        match self.requests.get(request).as_ref() {
            Request::Commit(_) => {
                state.store = self.committed(state.store, request).expect("what can't matter was forgotten");
                self.remember(state, Saw::A_LATE_COMMIT_TAKE_EFFECT);
            }
            Request::Publish(_) => self.accept(state, request),
        }
    }

    fn forget_what_cannot_matter(&self, state: &mut State) {
        let under_way = self.under_way.get(state.under_way);
        let kept: Vec<_> = under_way.iter().copied().filter(|request| self.matters(state, *request)).collect();
        if kept.len() < under_way.len() {
            self.remember(state, Saw::A_LATE_COMMIT_LOSE);
            state.under_way = self.under_way.id(kept);
        }
    }

    fn give(&self, state: &mut State) {
        let mut store = self.stores.get(state.store).as_ref().clone();
        for (path, document) in &self.scenario.given_later {
            store.put(path.clone(), document.clone());
        }
        state.store = self.stores.id(store);
    }

    fn hear(&self, state: &mut State, lane: usize, who: Who, told: Told, is_mishap: bool) {
        let talk = state.lanes[lane].hand(who).take().expect("someone to hear it");
        self.take_up(state, lane, who, self.told(talk, told), is_mishap);
    }

    /// It stays in hand unless it has ended.
    pub(crate) fn take_up(&self, state: &mut State, lane: usize, who: Who, talk: Id<InHand>, is_excused: bool) {
        if self.asks(talk) != Asks::Nothing {
            *state.lanes[lane].hand(who) = Some(talk);
            return;
        }
        let ended = self.talks.get(talk);
        let report = ended.report().expect("it has ended");
        match report.verdict() {
            Verdict::Ack => {
                if !self.may_be_acked(state, ended.lane, ended.message) {
                    state.wrong.get_or_insert(Wrong::AckedUnsettled);
                }
                if report.outcome == Ok(Outcome::Crashed) && u32::from(ended.attempt) < deadlines::CRASHES_TO_FILE {
                    state.wrong.get_or_insert(Wrong::FiledTooEarly);
                }
                if who == Who::Live {
                    state.lanes[lane].acked += 1;
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
                        state.wrong.get_or_insert(Wrong::TrappedTooOften);
                    }
                } else if !is_excused && report.outcome != Ok(Outcome::Deferred) && !self.may_have_tired(state, report)
                {
                    state.wrong.get_or_insert(Wrong::RetriedForNothing);
                }
            }
        }
    }

    /// Whether others and faults were enough to make it try for as often as it may.
    fn may_have_tired(&self, state: &State, report: &DeliveryReport) -> bool {
        let faults = u32::from(self.faults - state.faults_left);
        let writes = self.stores.get(state.store).writes();
        report.repeats == deadlines::MAX_REPEATS && report.repeats <= faults + writes
    }

    fn remember_duplicate(&self, state: &mut State, report: &DeliveryReport, lost_commit: bool, published: bool) {
        if report.outcome != Ok(Outcome::Duplicate) {
            return;
        }
        self.remember(state, Saw::A_DUPLICATE);
        if lost_commit {
            self.remember(state, Saw::A_LOST_COMMIT_AS_DUPLICATE);
        }
        if published && state.saw.has(Saw::A_CRASH_BEFORE_PUBLISH) {
            self.remember(state, Saw::THAT_CRASH_HEALED);
        }
    }

    pub(crate) fn remember(&self, state: &mut State, what: Saw) {
        if self.scenario.remembers {
            state.saw.also(what);
        }
    }
}

//! The world as a model of stateright: its initial state, its actions and its properties.

use stateright::{Model, Property};

use crate::{
    action::{Action, InjectedFault},
    properties,
    state::{QUEUES, State},
    world::{PendingCall, World},
};

impl Model for World {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let mut state = self.beginning();
        self.deliver(&mut state);
        vec![state]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        // A violation ends the path.
        if state.violation.is_some() {
            return;
        }
        for queue in 0..QUEUES {
            for (holder, in_flight) in state.queues[queue].held() {
                actions.push(Action::Answer { queue, holder });
                if state.faults_left > 0 {
                    let possible_faults = self.possible_faults(state, self.pending_call(in_flight));
                    actions.extend(possible_faults.iter().map(|fault| Action::Fault { queue, holder, fault: *fault }));
                }
            }
            if state.faults_left > 0 {
                actions.extend(redeliveries(state, queue).map(|from| Action::Redeliver { queue, from }));
            }
        }
        let late_requests = self.late_requests.get(state.late_requests);
        let mut late: Vec<_> = late_requests.iter().map(|request| Action::ArriveLate(*request)).collect();
        late.dedup();
        actions.extend(late);
        if state.replays_left > 0 {
            actions.extend(self.replayable(state).into_iter().map(|letter| Action::Replay { letter }));
        }
        if self.lacks_what_is_given_later(state) {
            actions.push(Action::CreateGivenLater);
        }
        if self.may_release(state) {
            actions.push(Action::Release);
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        Some(self.after(state, action))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::of(&self.scenario)
    }
}

impl World {
    /// A call that would change nothing can only fail: carried out or lost, the state stays the same.
    fn possible_faults(&self, state: &State, pending_call: PendingCall) -> &'static [InjectedFault] {
        match pending_call {
            PendingCall::Commit(request) | PendingCall::Publish(request) if self.matters(state, request) => &[
                InjectedFault::Crash,
                InjectedFault::CrashAfterSending,
                InjectedFault::NotDone,
                InjectedFault::AnswerLost,
                InjectedFault::Late,
                InjectedFault::OutOfTime,
                InjectedFault::Denied,
            ],
            PendingCall::Commit(_) | PendingCall::Publish(_) | PendingCall::Read => {
                &[InjectedFault::Crash, InjectedFault::NotDone, InjectedFault::Denied]
            }
            PendingCall::None => &[],
        }
    }

    pub(crate) fn lacks_what_is_given_later(&self, state: &State) -> bool {
        let mut later = self.scenario.given_later.iter();
        later.any(|(path, _)| self.stores.get(state.store).document(path).is_none())
    }
}

/// From the message in hand when its ack deadline passes, or from any message that is acked.
fn redeliveries(state: &State, queue: usize) -> impl Iterator<Item = u8> {
    let queue = state.queues[queue];
    let has_room = queue.live.is_none() || queue.zombie.is_none();
    let from_in_hand = queue.live.map(|_| queue.acked);
    (0..queue.acked).chain(from_in_hand).filter(move |_| has_room)
}

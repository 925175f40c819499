//! The world as the checker walks it.

use stateright::{Model, Property};

use crate::{
    action::{Action, Mishap},
    properties,
    state::{LANES, State},
    world::{Asks, World},
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
        // What is wrong already needs no more steps.
        if state.wrong.is_some() {
            return;
        }
        for lane in 0..LANES {
            for (who, talk) in state.lanes[lane].in_hand() {
                actions.push(Action::Answer { lane, who });
                if state.faults_left > 0 {
                    let mishaps = self.mishaps(state, self.asks(talk));
                    actions.extend(mishaps.iter().map(|mishap| Action::Mishap { lane, who, mishap: *mishap }));
                }
            }
            if state.faults_left > 0 {
                actions.extend(redeliveries(state, lane).map(|from| Action::Redeliver { lane, from }));
            }
        }
        let under_way = self.under_way.get(state.under_way);
        let mut arriving: Vec<_> = under_way.iter().map(|request| Action::Arrive(*request)).collect();
        arriving.dedup();
        actions.extend(arriving);
        if state.replays_left > 0 {
            actions.extend(self.replayable(state).into_iter().map(|letter| Action::Replay { letter }));
        }
        if self.lacks_what_is_given_later(state) {
            actions.push(Action::Given);
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
    /// A call that would change nothing is as good as not made, whatever becomes of it.
    fn mishaps(&self, state: &State, asks: Asks) -> &'static [Mishap] {
        match asks {
            Asks::ToCommit(request) | Asks::ToPublish(request) if self.matters(state, request) => &[
                Mishap::Crash,
                Mishap::CrashAfterSending,
                Mishap::NotDone,
                Mishap::AnswerLost,
                Mishap::Late,
                Mishap::OutOfTime,
                Mishap::Denied,
            ],
            Asks::ToCommit(_) | Asks::ToPublish(_) | Asks::ToRead => &[Mishap::Crash, Mishap::NotDone, Mishap::Denied],
            Asks::Nothing => &[],
        }
    }

    fn lacks_what_is_given_later(&self, state: &State) -> bool {
        let mut later = self.scenario.given_later.iter();
        later.any(|(path, _)| self.stores.get(state.store).document(path).is_none())
    }
}

/// From the message in hand, whose ack deadline passes; from any that is acked already.
fn redeliveries(state: &State, lane: usize) -> impl Iterator<Item = u8> {
    let lane = state.lanes[lane];
    let has_room = lane.live.is_none() || lane.zombie.is_none();
    let from_in_hand = lane.live.map(|_| lane.acked);
    (0..lane.acked).chain(from_in_hand).filter(move |_| has_room)
}

//! The properties: `always` must hold in every state, `sometimes` in at least one.

use stateright::Property;

use crate::{
    release::oldest_due,
    scenario::Scenario,
    state::{QUEUES, Seen, State, Violation},
    world::World,
};

pub(crate) fn of(scenario: &Scenario) -> Vec<Property<World>> {
    let mut properties = vec![
        Property::always("state and records add up", |world: &World, state: &State| {
            world.in_store(state.store).adds_up
        }),
        Property::always("what is acked is settled", |_, state: &State| {
            state.violation != Some(Violation::AckedUnsettled)
        }),
        Property::always("nothing is retried without a fault", |_, state: &State| {
            state.violation != Some(Violation::RetriedForNothing)
        }),
        Property::always("what breaks its instance is filed at the fifth delivery", |_, state: &State| {
            !matches!(state.violation, Some(Violation::FiledTooEarly | Violation::TrappedTooOften))
        }),
        Property::always("an id is published with one content", |world: &World, state: &State| {
            world.has_one_content_per_id(state.accepted)
        }),
        Property::always("without a fault a delivery passes no older letter with its own", |_, state: &State| {
            state.violation != Some(Violation::PassedAnOlderLetter)
        }),
        // With a fault it may be left to the clock.
        Property::always("without a fault no letter waits for what is there", |world: &World, state: &State| {
            let is_promised = world.scenario.has_release && state.is_released && state.faults_left == world.faults;
            !is_promised || !is_at_rest(world, state) || oldest_due(&world.stores.get(state.store)).is_none()
        }),
        Property::always("effects come in the order of publication", is_in_order),
        Property::always("in the end everything is settled", |world: &World, state: &State| {
            !is_at_rest(world, state) || world.all_settled(state)
        }),
    ];
    if scenario.remembers {
        properties.extend([
            Property::sometimes("a duplicate", |_, state: &State| state.seen.has(Seen::A_DUPLICATE)),
            Property::sometimes("a commit whose answer was lost shows as a duplicate", |_, state: &State| {
                state.seen.has(Seen::A_LOST_COMMIT_AS_DUPLICATE)
            }),
            Property::sometimes("a zombie loses its race by a precondition", |_, state: &State| {
                state.seen.has(Seen::A_ZOMBIE_LOSE)
            }),
            Property::sometimes("a crash between commit and publish is healed by the duplicate", |_, state: &State| {
                state.seen.has(Seen::THAT_CRASH_HEALED)
            }),
            Property::sometimes("a late commit takes effect", |_, state: &State| {
                state.seen.has(Seen::A_LATE_COMMIT_TAKE_EFFECT)
            }),
            Property::sometimes("a late commit loses by a precondition", |_, state: &State| {
                state.seen.has(Seen::A_LATE_COMMIT_LOSE)
            }),
            Property::sometimes("an acked message comes again", |_, state: &State| {
                state.seen.has(Seen::AN_ACKED_MESSAGE_AGAIN)
            }),
        ]);
    }
    properties
}

/// A message is recorded only after all earlier ones of its key are recorded, filed or given up.
fn is_in_order(world: &World, state: &State) -> bool {
    let found = world.in_store(state.store);
    let entries = world.entry_lists.get(state.queues[0].entries);
    let given_up =
        entries.iter().enumerate().fold(0, |bits, (index, entry)| bits | u32::from(entry.is_given_up) << index);
    let settled = found.recorded | found.filed | given_up;
    let last_recorded = u32::BITS - found.recorded.leading_zeros();
    settled.trailing_ones() >= last_recorded
}

/// No delivery is in flight, no message waits and no request is late. Every path ends here: a delivery takes a bounded number
/// of steps, and only a fault delivers a message again.
fn is_at_rest(world: &World, state: &State) -> bool {
    let queue_rests = |queue: usize| {
        let queue = &state.queues[queue];
        queue.held().next().is_none() && usize::from(queue.acked) == world.entry_lists.get(queue.entries).len()
    };
    (0..QUEUES).all(queue_rests) && world.late_requests.get(state.late_requests).is_empty()
}

impl World {
    fn all_settled(&self, state: &State) -> bool {
        let names = self.consumers();
        (0..QUEUES).all(|queue| {
            let entries = self.entry_lists.get(state.queues[queue].entries);
            entries.iter().all(|entry| self.is_settled(state, names[queue], entry.message))
        }) && (self.scenario.ends_well)(&self.stores.get(state.store))
    }
}

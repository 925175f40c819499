//! What must always hold, and what must be seen to happen at least once.

use stateright::Property;

use crate::{
    scenario::Scenario,
    state::{LANES, Saw, State, Wrong},
    world::World,
};

pub(crate) fn of(scenario: &Scenario) -> Vec<Property<World>> {
    let mut properties = vec![
        Property::always("state and records add up", |world: &World, state: &State| {
            world.in_store(state.store).adds_up
        }),
        Property::always("what is acked is settled", |_, state: &State| state.wrong != Some(Wrong::AckedUnsettled)),
        Property::always("nothing is retried without a fault", |_, state: &State| {
            state.wrong != Some(Wrong::RetriedForNothing)
        }),
        Property::always("what breaks its instance is filed at the fifth delivery", |_, state: &State| {
            !matches!(state.wrong, Some(Wrong::FiledTooEarly | Wrong::TrappedTooOften))
        }),
        Property::always("an id is published with one content", |world: &World, state: &State| {
            world.has_one_content_per_id(state.accepted)
        }),
        Property::always("effects come in the order of publication", is_in_order),
        Property::always("in the end everything is settled", |world: &World, state: &State| {
            !is_at_rest(world, state) || world.all_settled(state)
        }),
    ];
    if scenario.remembers {
        properties.extend([
            Property::sometimes("a duplicate", |_, state: &State| state.saw.has(Saw::A_DUPLICATE)),
            Property::sometimes("a commit whose answer was lost shows as a duplicate", |_, state: &State| {
                state.saw.has(Saw::A_LOST_COMMIT_AS_DUPLICATE)
            }),
            Property::sometimes("a zombie loses its race by a precondition", |_, state: &State| {
                state.saw.has(Saw::A_ZOMBIE_LOSE)
            }),
            Property::sometimes("a crash between commit and publish is healed by the duplicate", |_, state: &State| {
                state.saw.has(Saw::THAT_CRASH_HEALED)
            }),
            Property::sometimes("a late commit takes effect", |_, state: &State| {
                state.saw.has(Saw::A_LATE_COMMIT_TAKE_EFFECT)
            }),
            Property::sometimes("a late commit loses by a precondition", |_, state: &State| {
                state.saw.has(Saw::A_LATE_COMMIT_LOSE)
            }),
            Property::sometimes("an acked message comes again", |_, state: &State| {
                state.saw.has(Saw::AN_ACKED_MESSAGE_AGAIN)
            }),
        ]);
    }
    properties
}

/// Whoever has a record has it after all that were published before it were settled or given up.
fn is_in_order(world: &World, state: &State) -> bool {
    let found = world.in_store(state.store);
    let queue = world.queues.get(state.lanes[0].queue);
    let given_up =
        queue.iter().enumerate().fold(0, |bits, (index, entry)| bits | u32::from(entry.is_given_up) << index);
    let settled = found.recorded | found.filed | given_up;
    let last_recorded = u32::BITS - found.recorded.leading_zeros();
    settled.trailing_ones() >= last_recorded
}

/// Nothing is in hand, waits for delivery or is under way. Every path comes to this: a delivery takes so many steps and no
/// more, and only a fault brings a message again.
fn is_at_rest(world: &World, state: &State) -> bool {
    let lane_rests = |lane: usize| {
        let lane = &state.lanes[lane];
        lane.in_hand().next().is_none() && usize::from(lane.acked) == world.queues.get(lane.queue).len()
    };
    (0..LANES).all(lane_rests) && world.under_way.get(state.under_way).is_empty()
}

impl World {
    fn all_settled(&self, state: &State) -> bool {
        let names = self.lane_names();
        (0..LANES).all(|lane| {
            let queue = self.queues.get(state.lanes[lane].queue);
            queue.iter().all(|entry| self.is_settled(state, names[lane], entry.message))
        }) && (self.scenario.ends_well)(&self.stores.get(state.store))
    }
}

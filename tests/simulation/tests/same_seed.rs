//! One seed is one run.

use simulation::{plan::Reduction, run::simulated, world::Watch};

#[test]
fn the_same_seed_tells_the_same_story_to_the_letter() {
    for seed in [3, 17, 40] {
        let trace = || {
            let world = simulated(seed, &Reduction::default(), Watch { traces: true, ..Watch::default() });
            (world.deliveries, world.coverage.table(), world.whole_trace())
        };
        assert_eq!(trace(), trace(), "seed {seed}");
    }
}

#[test]
fn another_seed_tells_another_story() {
    let deliveries = |seed| simulated(seed, &Reduction::default(), Watch::default()).coverage.table();
    assert_ne!(deliveries(3), deliveries(4));
}

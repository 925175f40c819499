//! One seed is one run.

use simulation::{plan::Less, run::lived, world::Watch};

#[test]
fn the_same_seed_tells_the_same_story_to_the_letter() {
    for seed in [3, 17, 40] {
        let story = || {
            let world = lived(seed, &Less::default(), Watch { tells: true, ..Watch::default() });
            (world.deliveries, world.coverage.table(), world.whole_story())
        };
        assert_eq!(story(), story(), "seed {seed}");
    }
}

#[test]
fn another_seed_tells_another_story() {
    let deliveries = |seed| lived(seed, &Less::default(), Watch::default()).coverage.table();
    assert_ne!(deliveries(3), deliveries(4));
}

//! One seed, one run.

use crate::{
    auditors::Violation,
    coverage::Coverage,
    plan::{Less, Plan},
    world::{Watch, World},
};

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    pub seed: u64,
    pub deliveries: u64,
    pub coverage: Coverage,
    pub violations: Vec<Violation>,
}

pub fn run(seed: u64, less: &Less, watch: Watch) -> Outcome {
    let world = lived(seed, less, watch);
    Outcome { seed, deliveries: world.deliveries, coverage: world.coverage, violations: world.violations }
}

/// The world as it is after the run.
pub fn lived(seed: u64, less: &Less, watch: Watch) -> World {
    let mut world = World::new(Plan::of(seed, less), watch);
    world.run();
    world
}

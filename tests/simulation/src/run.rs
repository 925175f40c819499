//! One seed, one run.

use crate::{
    auditors::Violation,
    coverage::Coverage,
    plan::{Plan, Reduction},
    world::{Watch, World},
};

/// The result of a run.
#[derive(Debug)]
pub struct Outcome {
    pub seed: u64,
    pub deliveries: u64,
    pub coverage: Coverage,
    pub violations: Vec<Violation>,
}

pub fn run(seed: u64, reduction: &Reduction, watch: Watch) -> Outcome {
    let world = simulated(seed, reduction, watch);
    Outcome { seed, deliveries: world.deliveries, coverage: world.coverage, violations: world.violations }
}

/// The world after the run.
pub fn simulated(seed: u64, reduction: &Reduction, watch: Watch) -> World {
    let mut world = World::new(Plan::of(seed, reduction), watch);
    world.run();
    world
}

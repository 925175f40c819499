//! The instances of the functions. Each function has several, each with its own clock.

use std::collections::BTreeMap;

use boma_functions::ALL;

use crate::{
    chance::Chance,
    plan::{FaultKind, Plan},
};

#[derive(Debug)]
pub struct Fleet {
    instances: BTreeMap<u64, Instance>,
    last: u64,
}

#[derive(Debug)]
pub struct Instance {
    pub function: &'static str,
    /// The number of Wasm instances that have trapped in it.
    pub generation: u32,
    /// How far its clock is ahead, plus `WORST_SKEW_MS`.
    ahead_ms: u64,
    pub frozen_until_ms: u64,
}

const WORST_SKEW_MS: u64 = 1_000;

impl Fleet {
    pub fn new(plan: &Plan, chance: &mut Chance) -> Fleet {
        let mut fleet = Fleet { instances: BTreeMap::new(), last: 0 };
        for function in ALL {
            for _ in 0..plan.instances_per_function {
                fleet.start(function.name, plan, chance);
            }
        }
        fleet
    }

    fn start(&mut self, function: &'static str, plan: &Plan, chance: &mut Chance) {
        let ahead_ms = if plan.rate(FaultKind::Skew) > 0 { chance.below(2 * WORST_SKEW_MS) } else { WORST_SKEW_MS };
        self.last += 1;
        self.instances.insert(self.last, Instance { function, generation: 0, ahead_ms, frozen_until_ms: 0 });
    }

    /// Any instance of the function.
    pub fn any_of(&self, function: &str, chance: &mut Chance) -> u64 {
        let candidates: Vec<u64> =
            self.instances.iter().filter(|(_, it)| it.function == function).map(|(number, _)| *number).collect();
        *chance.pick(&candidates)
    }

    pub fn get(&self, number: u64) -> Option<&Instance> {
        self.instances.get(&number)
    }

    pub fn get_mut(&mut self, number: u64) -> Option<&mut Instance> {
        self.instances.get_mut(&number)
    }

    /// Replaces a crashed instance by a new one. False if it had crashed before.
    pub fn replace(&mut self, number: u64, plan: &Plan, chance: &mut Chance) -> bool {
        let Some(gone) = self.instances.remove(&number) else { return false };
        self.start(gone.function, plan, chance);
        true
    }
}

impl Instance {
    /// The time on its clock.
    pub fn clock_ms(&self, now_ms: u64) -> u64 {
        now_ms + self.ahead_ms - WORST_SKEW_MS
    }
}

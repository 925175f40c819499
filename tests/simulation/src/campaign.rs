//! Runs many seeds on several threads until enough deliveries are simulated, the time is up, the user stops it, or a violation
//! is found.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use crate::{
    coverage::Coverage,
    plan::Reduction,
    run::{Outcome, run},
    world::Watch,
};

#[derive(Debug, Default)]
pub struct Campaign {
    next_seed: AtomicU64,
    stops: AtomicBool,
    tally: Mutex<Tally>,
}

/// The totals of all runs so far.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub runs: u64,
    pub deliveries: u64,
    pub coverage: Coverage,
    /// The lowest seed with a violation.
    pub failed: Option<u64>,
}

impl Campaign {
    pub fn from(seed: u64) -> Campaign {
        Campaign { next_seed: AtomicU64::new(seed), ..Campaign::default() }
    }

    /// Runs until `enough` is true or a violation is found.
    pub fn run(&self, threads: usize, reduction: &Reduction, watch: Watch, enough: impl Fn(&Tally) -> bool + Sync) {
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while !self.stops.load(Ordering::Relaxed) {
                        let seed = self.next_seed.fetch_add(1, Ordering::Relaxed);
                        // A panic is a finding as well, so its seed is kept.
                        let failure = SeedOnPanic { campaign: self, seed };
                        let outcome = run(seed, reduction, watch);
                        std::mem::forget(failure);
                        if self.count(&outcome, &enough) {
                            self.stop();
                        }
                    }
                });
            }
        });
    }

    pub fn stop(&self) {
        self.stops.store(true, Ordering::Relaxed);
    }

    pub fn is_stopped(&self) -> bool {
        self.stops.load(Ordering::Relaxed)
    }

    pub fn tally(&self) -> Tally {
        self.tally.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    fn count(&self, outcome: &Outcome, enough: impl Fn(&Tally) -> bool) -> bool {
        let mut tally = self.tally.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        tally.runs += 1;
        tally.deliveries += outcome.deliveries;
        tally.coverage.add(&outcome.coverage);
        if !outcome.violations.is_empty() {
            tally.failed = Some(tally.failed.map_or(outcome.seed, |first| first.min(outcome.seed)));
        }
        tally.failed.is_some() || enough(&tally)
    }
}

/// Keeps the seed of a run that panics.
struct SeedOnPanic<'a> {
    campaign: &'a Campaign,
    seed: u64,
}

impl Drop for SeedOnPanic<'_> {
    fn drop(&mut self) {
        self.campaign.tally.lock().unwrap_or_else(std::sync::PoisonError::into_inner).failed = Some(self.seed);
        self.campaign.stop();
    }
}

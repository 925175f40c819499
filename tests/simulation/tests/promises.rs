//! The simulation of everyday tests: 300,000 deliveries from fixed seeds, so that only a change of the code changes the result.
//! `npm run simulate` goes on with new seeds.

use simulation::{
    campaign::Campaign,
    plan::Reduction,
    run::simulated,
    shrink::{command, shrink},
    world::Watch,
};

const DELIVERIES: u64 = 300_000;
const FIRST_SEED: u64 = 1;
/// How often each fault at each step, and each `Sometimes` case, must have been seen.
const SEEN_AT_LEAST: u64 = 5;

#[test]
fn every_promise_is_kept_in_300_000_simulated_deliveries() {
    let campaign = Campaign::from(FIRST_SEED);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    campaign.run(threads, &Reduction::default(), Watch::default(), |tally| tally.deliveries >= DELIVERIES);
    let tally = campaign.tally();
    if let Some(seed) = tally.failed {
        panic!("{}", failure(seed));
    }
    let missing = tally.coverage.missing(SEEN_AT_LEAST);
    assert!(missing.is_empty(), "too seldom seen to prove anything: {}", missing.join("; "));
}

/// The shortest trace with the violation, and the command that shows it.
fn failure(seed: u64) -> String {
    let reduction = Reduction::default();
    let world = simulated(seed, &reduction, Watch::default());
    let Some(violation) = world.violations.first() else { return format!("seed {seed} panicked") };
    let shrunk = shrink(seed, &reduction, violation, Watch::default().mutant);
    format!(
        "seed {seed}\n{}\n{}\nthe whole run: {}\nthe shortest found: {}",
        shrunk.trace.join("\n"),
        shrunk.violation,
        command(seed, &reduction),
        command(seed, &shrunk.reduction),
    )
}

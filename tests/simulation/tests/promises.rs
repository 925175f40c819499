//! Everyday's share of the simulation: 300,000 deliveries from seeds that are always the same, so that a change of the code
//! and nothing else makes the difference. `npm run simulate` goes further, from seeds that nobody has seen.

use simulation::{
    campaign::Campaign,
    plan::Less,
    run::lived,
    shrink::{command, shrink},
    world::Watch,
};

const DELIVERIES: u64 = 300_000;
const FIRST_SEED: u64 = 1;
/// How often each fault at each step must have been met, and each thing that must sometimes happen have happened.
const SEEN_AT_LEAST: u64 = 5;

#[test]
fn every_promise_is_kept_in_300_000_simulated_deliveries() {
    let campaign = Campaign::from(FIRST_SEED);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    campaign.run(threads, &Less::default(), Watch::default(), |tally| tally.deliveries >= DELIVERIES);
    let tally = campaign.tally();
    if let Some(seed) = tally.failed {
        panic!("{}", failure(seed));
    }
    let missing = tally.coverage.missing(SEEN_AT_LEAST);
    assert!(missing.is_empty(), "too seldom seen to prove anything: {}", missing.join("; "));
}

/// The shortest history that breaks the promise, and the command that shows it.
fn failure(seed: u64) -> String {
    let less = Less::default();
    let world = lived(seed, &less, Watch::default());
    let Some(violation) = world.violations.first() else { return format!("seed {seed} panicked") };
    let shrunk = shrink(seed, &less, violation, Watch::default().mutant);
    format!(
        "seed {seed}\n{}\n{}\nthe whole run: {}\nthe shortest found: {}",
        shrunk.story.join("\n"),
        shrunk.violation,
        command(seed, &less),
        command(seed, &shrunk.less),
    )
}

//! `npm run simulate`: prints its progress, a summary, and the trace of the first violation.
#![expect(clippy::print_stdout, reason = "a command speaks to whoever called it")]
#![expect(
    clippy::disallowed_methods,
    reason = "how fast it is, is measured by the real clock; what is simulated isn't"
)]

mod arguments;

use std::{
    io::{Read as _, Write as _},
    process::ExitCode,
    sync::Arc,
    thread,
    time::{Duration, Instant, SystemTime},
};

use arguments::{Arguments, USAGE};
use simulation::{
    auditors::Violation,
    campaign::{Campaign, Tally},
    mutants::Mutant,
    plan::Reduction,
    run::simulated,
    shrink::{command, shrink},
    world::Watch,
};

/// How often each fault must be seen at each step to count as covered.
const ENOUGH_OF_EACH: u64 = 1_000;

fn main() -> ExitCode {
    let arguments = match Arguments::read(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(problem) => {
            println!("{problem}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match arguments.seed {
        Some(seed) if arguments.is_one_run() => one_run(seed, &arguments.reduction),
        _ => many_runs(&arguments),
    }
}

fn one_run(seed: u64, reduction: &Reduction) -> ExitCode {
    let world = simulated(seed, reduction, Watch { traces: true, ..Watch::default() });
    println!("seed {seed}: {} deliveries", world.deliveries);
    let Some(violation) = world.violations.first() else {
        println!("every promise was kept");
        return ExitCode::SUCCESS;
    };
    let trace = violation.key.as_ref().map(|key| world.trace_of(key)).unwrap_or_default();
    println!("{}\n\nBROKEN: {violation}", trace.join("\n"));
    ExitCode::FAILURE
}

fn many_runs(arguments: &Arguments) -> ExitCode {
    let began = Instant::now();
    let seed = arguments.seed.unwrap_or_else(seed_of_the_moment);
    let threads = arguments.threads.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    let campaign = Arc::new(Campaign::from(seed));
    println!("seeds from {seed} on, {threads} threads");
    let enough = |tally: &Tally| {
        let is_late = arguments.minutes.is_some_and(|minutes| began.elapsed() >= Duration::from_secs(60 * minutes));
        is_late || arguments.deliveries.is_some_and(|wanted| tally.deliveries >= wanted)
    };
    if arguments.stops_with_stdin {
        // Not in the scope, which would wait for this thread: it ends only when stdin is closed.
        let campaign = Arc::clone(&campaign);
        thread::spawn(move || wait_for_stop(&campaign));
    }
    thread::scope(|scope| {
        scope.spawn(|| show_progress(&campaign, began));
        campaign.run(threads, &arguments.reduction, Watch::default(), enough);
        campaign.stop();
    });
    let tally = campaign.tally();
    println!("\n{}\n{}", tally.coverage.table(), line(&tally, began));
    match tally.failed {
        None => ExitCode::SUCCESS,
        Some(seed) => tell_failure(seed, &arguments.reduction),
    }
}

fn tell_failure(seed: u64, reduction: &Reduction) -> ExitCode {
    let world = simulated(seed, reduction, Watch::default());
    println!("\nBROKEN with seed {seed}. The whole run again: {}", command(seed, reduction));
    if let Some(violation) = world.violations.first() {
        println!("{violation}\nShrinking ...");
        show_shrunk(seed, reduction, violation);
    }
    ExitCode::FAILURE
}

fn show_shrunk(seed: u64, reduction: &Reduction, violation: &Violation) {
    let shrunk = shrink(seed, reduction, violation, Mutant::None);
    println!("\n{}\n\nBROKEN: {}", shrunk.trace.join("\n"), shrunk.violation);
    println!("The shortest run found: {}", command(seed, &shrunk.reduction));
}

fn show_progress(campaign: &Campaign, began: Instant) {
    while !campaign.is_stopped() {
        thread::sleep(Duration::from_millis(500));
        print!("\r{}  ", line(&campaign.tally(), began));
        // A closed terminal must not end the run.
        _ = std::io::stdout().flush();
    }
}

fn line(tally: &Tally, began: Instant) -> String {
    let seconds = began.elapsed().as_secs().max(1);
    let ((pairs, sometimes), (all_pairs, all_sometimes)) =
        (tally.coverage.reached(ENOUGH_OF_EACH), tally.coverage.total());
    let (step, fault, rarest) = tally.coverage.rarest_pair();
    format!(
        "{} deliveries in {} runs, {}/s, {} faults; {pairs}/{all_pairs} pairs and {sometimes}/{all_sometimes} cases {ENOUGH_OF_EACH} times; rarest: {} x {} {rarest}",
        tally.deliveries,
        tally.runs,
        tally.deliveries / seconds,
        tally.coverage.faults(),
        step.name(),
        fault.name(),
    )
}

fn wait_for_stop(campaign: &Campaign) {
    let mut rest = Vec::new();
    _ = std::io::stdin().read_to_end(&mut rest);
    campaign.stop();
}

fn seed_of_the_moment() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(0)
}

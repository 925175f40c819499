//! Faults leave no trace in the documents: the same events give the same export, with crashes, losses, repeats and delays or
//! without.
//!
//! The documents depend on the order of events between topics. So the sources wait, as the local replay does, until the last
//! event and its follow-ups are handled.

use simulation::{
    coverage::{Coverage, Fault, Step},
    export::{Export, export},
    mutants::Mutant,
    plan::{DAY_MS, FaultKind, Plan, Reduction},
    world::{Watch, World},
};

const SEEDS: std::ops::RangeInclusive<u64> = 1..=18;
const SEEN_AT_LEAST: u64 = 3;

/// The faults that must be met at each step.
const MET: [&[Fault]; 4] =
    [&[Fault::CrashBefore, Fault::CrashAfter], &[Fault::AnswerLost], &[Fault::Late], &[Fault::Zombie]];

/// Faults of the sources, which are the same in both runs.
const OF_THE_SOURCES: &[FaultKind] =
    &[FaultKind::PublishedTwice, FaultKind::Reworded, FaultKind::Conflict, FaultKind::Malformed, FaultKind::Illegal];

/// A poison message, also one that only holds up others, is filed, and takes effect only when it is replayed, after later ones. So is what awaits a customer: sought back
/// after the registration it is applied. What comes early is released in the order of its key, and a lead's key and its customer's keep
/// none between them.
const NEVER: &[FaultKind] = &[
    FaultKind::Poison,
    FaultKind::HoldsUp,
    FaultKind::OutOfMemory,
    FaultKind::Replay,
    FaultKind::Seek,
    FaultKind::Early,
];

#[test]
fn the_same_events_with_restarts_give_the_same_export() {
    let mut seen = Coverage::default();
    for seed in SEEDS {
        let undisturbed = undisturbed(seed);
        assert_eq!(undisturbed.coverage.faults(), 0, "seed {seed}: nothing went wrong");
        let restarted = restarted(seed, Mutant::None);
        for world in [&undisturbed, &restarted] {
            assert!(world.violations.is_empty(), "seed {seed}: {}", world.violations[0]);
        }
        assert!(!export(&undisturbed).is_empty(), "seed {seed}: nobody was there");
        assert_eq!(difference(&export(&undisturbed), &export(&restarted)), None, "seed {seed}");
        seen.add(&restarted.coverage);
    }
    for step in [Step::Read, Step::Commit, Step::Publish] {
        for faults in MET {
            let times: u64 = faults.iter().map(|fault| seen.times(step, *fault)).sum();
            assert!(times >= SEEN_AT_LEAST, "{} x {faults:?} was met {times} times", step.name());
        }
    }
}

#[test]
fn what_is_committed_in_two_parts_gives_another_export() {
    let differs = |seed| {
        let (should, is) = (export(&undisturbed(seed)), export(&restarted(seed, Mutant::RecordInSecondCommit)));
        difference(&should, &is).is_some()
    };
    assert!(SEEDS.into_iter().any(differs), "not seen in any run");
}

fn undisturbed(seed: u64) -> World {
    simulated(seed, Mutant::None, |fault| OF_THE_SOURCES.contains(&fault))
}

fn restarted(seed: u64, mutant: Mutant) -> World {
    simulated(seed, mutant, |fault| !NEVER.contains(&fault))
}

fn simulated(seed: u64, mutant: Mutant, may_go_wrong: impl Fn(FaultKind) -> bool) -> World {
    let without = FaultKind::ALL.iter().copied().filter(|fault| !may_go_wrong(*fault)).collect();
    let mut plan = Plan::of(seed, &Reduction { without, ..Reduction::default() });
    plan.sources_wait = true;
    // No message is given up, because it would take effect after later ones. All deadlines pass in one leap.
    plan.max_attempts = u32::MAX;
    plan.calls = 0;
    plan.leap_ms = 90 * DAY_MS;
    let mut world = World::new(plan, Watch { mutant, collects_all: true, ..Watch::default() });
    world.run();
    world
}

/// The first field that differs.
fn difference(should: &Export, is: &Export) -> Option<String> {
    should.keys().chain(is.keys()).find_map(|path| match (should.get(path), is.get(path)) {
        (Some(should), Some(is)) => should.keys().chain(is.keys()).find_map(|field| {
            let (should, is) = (should.get(field), is.get(field));
            (should != is).then(|| format!("{field} of {path} is {is:?}, should be {should:?}"))
        }),
        (None, _) => Some(format!("{path} shouldn't be there")),
        (_, None) => Some(format!("{path} isn't there")),
    })
}

//! Restarts leave no trace: the same events come to the same documents, whatever crashed, was lost, repeated or late on the way.
//!
//! Only where the order of events between topics is the same can the documents be; so the sources wait, as the local replay does,
//! until everything that came of the last event is settled.

use simulation::{
    coverage::{Coverage, Fault, Step},
    export::{Export, export},
    mutants::Mutant,
    plan::{DAY_MS, Less, Mischief, Plan},
    world::{Watch, World},
};

const SEEDS: std::ops::RangeInclusive<u64> = 1..=12;
const SEEN_AT_LEAST: u64 = 3;

/// Each of these at each step, or it would prove nothing.
const MET: [&[Fault]; 4] =
    [&[Fault::CrashBefore, Fault::CrashAfter], &[Fault::AnswerLost], &[Fault::Late], &[Fault::Zombie]];

/// What sources do by themselves is the same in both runs.
const OF_THE_SOURCES: &[Mischief] = &[
    Mischief::PublishedTwice,
    Mischief::Reworded,
    Mischief::Conflict,
    Mischief::Malformed,
    Mischief::Early,
    Mischief::Illegal,
];

/// What breaks its function again and again is filed, and takes effect only when somebody replays it: after what came later.
const NEVER: &[Mischief] = &[Mischief::Poison, Mischief::OutOfMemory, Mischief::Replay];

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
    lived(seed, Mutant::None, |mischief| OF_THE_SOURCES.contains(&mischief))
}

fn restarted(seed: u64, mutant: Mutant) -> World {
    lived(seed, mutant, |mischief| !NEVER.contains(&mischief))
}

fn lived(seed: u64, mutant: Mutant, may_go_wrong: impl Fn(Mischief) -> bool) -> World {
    let without = Mischief::ALL.iter().copied().filter(|mischief| !may_go_wrong(*mischief)).collect();
    let mut plan = Plan::of(seed, &Less { without, ..Less::default() });
    plan.sources_wait = true;
    // Nothing is given up, for what is comes after the next; and time ends at one moment what it ends.
    plan.max_attempts = u32::MAX;
    plan.calls = 0;
    plan.leap_ms = 31 * DAY_MS;
    let mut world = World::new(plan, Watch { mutant, collects_all: true, ..Watch::default() });
    world.run();
    world
}

/// The first field that isn't the same, in words.
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

//! The seeds with which bugs were found. A seed's run changes whenever the simulation draws something else, so each bug also
//! has a case in tests/cases.

use simulation::{plan::Reduction, run::run, world::Watch};

/// Three seeds found no bug of the product: the auditor was wrong, or expected too much.
const FOUND: &[(u64, &str)] = &[
    (
        2_000_025,
        "a replay for another consumer that broke the instance was filed: kyc/crashed-in-replay-for-another.json",
    ),
    (
        3_000_371,
        "a replay that was applied, couldn't publish and then crashed was acked with its letter settled: \
         kyc/crashed-in-replay-settled-before.json",
    ),
    (
        100_000_760,
        "what had been applied, was delivered again weeks later and crashed was replayed after its record had expired: \
         kyc/replay-after-the-record-expired.json",
    ),
    (
        1_000_001_719,
        "a replay that an operator's seek brought back after its record had expired is known by its settled letter, and \
         the auditor of durability looked for the record alone",
    ),
    (
        1_000_011_620,
        "what was committed, couldn't publish and then crashed has a letter, and when it came again after 13 days \
         nothing but that letter was left of its follow-up: docs/decisions/publishing-again.md",
    ),
    (
        1_000_011_720,
        "what was given up while its last commit was still on its way has a letter, and replaying that after 13 days closed \
         it without publishing what the commit owed: kyc/replay-too-late-to-publish.json",
    ),
    (
        1_000_050_749,
        "the same of what had been filed as AWAITED by one delivery and was committed by another, slower one: \
         kyc/replay-of-awaited-too-late-to-publish.json",
    ),
    (
        20_006_719,
        "a replay that was refused, delivered again and applied, couldn't publish and then crashed left a letter that said \
         REFUSED: kyc/crashed-in-replay-refused-before.json",
    ),
    (
        50_026_975,
        "two messages of a key that nobody can read, and 30 attempts at each: the simulation expected them all to be given up \
         within six hours",
    ),
    (
        50_029_506,
        "a letter that an operator had replayed too early was filed again behind the back of its customer's release, which passed it \
         over for good: release/filed-again-meanwhile.json",
    ),
];

#[test]
fn seeds_that_found_a_bug_find_it_no_more() {
    for (seed, bug) in FOUND {
        let violations = run(*seed, &Reduction::default(), Watch::default()).violations;
        assert!(violations.is_empty(), "seed {seed} ({bug}): {}", violations[0]);
    }
}

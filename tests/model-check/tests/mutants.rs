//! The proof that the check can fail: each mutant breaks the property that it should, and the shortest path to it is printed
//! (`cargo test -p model-check --test mutants -- --nocapture`).

use model_check::{
    check::first_failure,
    mutants::{
        AckBeforePublish, CountsFromTwo, CountsFromZero, DuplicateNotPublishedAgain, NoDigest, NoLookAfterFiling,
        NoPrecondition, NoVersionGuard, OwnLetterFirst, RecordInSecondCommit, ReplaySkipsInbox,
    },
    product::{AsBuilt, Product},
    scenario::Scenario,
    scenarios::{customer, payments},
};

/// Asserts that the mutant violates this property with so many faults, and that the product violates none with as many.
#[expect(clippy::print_stdout, reason = "the path is what one wants to read")]
fn breaks<P: Into<Product>>(mutant: P, property: &str, scenario: Scenario, faults: u8) {
    let (name, mutant_name) = (scenario.name, std::any::type_name::<P>().rsplit("::").next().unwrap_or_default());
    let as_built = first_failure(AsBuilt.into(), scenario.clone(), faults);
    assert!(as_built.broken.is_empty(), "{name}: without the mutant, too: {:?}", as_built.broken);
    let walk = first_failure(mutant.into(), scenario, faults);
    let broken: Vec<_> = walk.broken.iter().map(|trace| trace.property).collect();
    let trace = walk.broken.iter().find(|trace| trace.property == property);
    let trace =
        trace.unwrap_or_else(|| panic!("{mutant_name} in {name}: {broken:?} of {} states", walk.progress.distinct));
    println!("{mutant_name} in {name}, {faults} faults, {} states: not so: {trace}", walk.progress.distinct);
}

#[test]
fn who_acks_before_publishing_loses_the_follow_up() {
    breaks(AckBeforePublish, "what is acked is settled", customer::kyc(1), 0);
}

#[test]
fn who_does_not_publish_for_a_duplicate_loses_what_a_crash_left() {
    breaks(DuplicateNotPublishedAgain::default(), "what is acked is settled", customer::kyc(1), 1);
}

#[test]
fn a_record_in_a_second_commit_is_apart_from_the_state() {
    breaks(RecordInSecondCommit::default(), "state and records add up", customer::kyc(1), 0);
}

#[test]
fn without_preconditions_a_zombie_overwrites_what_came_after_it() {
    breaks(NoPrecondition, "state and records add up", payments::money(2), 1);
}

#[test]
fn without_preconditions_a_zombie_turns_a_customer_back() {
    breaks(NoPrecondition, "state and records add up", customer::kyc(2), 1);
}

#[test]
fn without_digest_another_claim_under_the_same_id_is_lost() {
    breaks(NoDigest, "what is acked is settled", customer::conflicting(2), 0);
}

#[test]
fn without_version_guard_an_old_word_undoes_the_last_one() {
    breaks(NoVersionGuard, "state and records add up", customer::given_up(2), 1);
}

#[test]
fn a_replay_that_skips_the_inbox_counts_twice() {
    breaks(ReplaySkipsInbox::default(), "state and records add up", customer::given_up_and_replayed(1), 1);
}

#[test]
fn who_does_not_look_after_filing_leaves_a_letter_to_nobody() {
    let property = "without a fault no letter waits for what is there";
    breaks(NoLookAfterFiling::default(), property, customer::not_registered_yet(1), 0);
}

#[test]
fn who_replays_its_own_letter_first_passes_an_older_one() {
    breaks(
        OwnLetterFirst,
        "without a fault a delivery passes no older letter with its own",
        customer::not_registered_yet(2),
        0,
    );
}

#[test]
fn who_counts_attempts_from_zero_lets_a_message_break_once_more() {
    breaks(CountsFromZero, "what breaks its instance is filed at the fifth delivery", customer::breaking(1), 0);
}

#[test]
fn who_counts_attempts_from_two_gives_a_message_up_too_early() {
    breaks(CountsFromTwo, "what breaks its instance is filed at the fifth delivery", customer::breaking(1), 0);
}

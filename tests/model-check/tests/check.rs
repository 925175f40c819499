//! Every interleaving of two events with up to three faults, of every scenario. `npm run model-check` does the same with three
//! and four.

use model_check::{
    check::every_state,
    product::AsBuilt,
    scenario::Scenario,
    scenarios::{customer, payments},
};

const EVENTS: usize = 2;
const FAULTS: u8 = 3;

/// Fewer states would mean that the model has lost some of its behaviour.
fn holds(scenario: Scenario, least_distinct: usize) {
    let name = scenario.name;
    let walk = every_state(AsBuilt.into(), scenario, FAULTS, 1);
    if let Some(trace) = walk.broken.first() {
        panic!("{name}: not so: {trace}");
    }
    assert!(walk.progress.distinct >= least_distinct, "{name}: only {}", walk.progress);
}

#[test]
fn kyc_keeps_its_promises() {
    holds(customer::kyc(EVENTS), 9_000);
}

#[test]
fn payments_add_up() {
    holds(payments::money(EVENTS), 7_000);
}

#[test]
fn kyc_and_access_agree_in_the_end() {
    holds(customer::kyc_and_access(EVENTS), 1_000_000);
}

#[test]
fn what_pubsub_gives_up_is_filed_or_published() {
    holds(customer::given_up(EVENTS), 2_000_000);
}

#[test]
fn a_letter_of_what_was_given_up_can_be_replayed() {
    holds(customer::given_up_and_replayed(EVENTS), 400_000);
}

#[test]
fn a_refusal_can_be_replayed() {
    holds(customer::refused_and_replayed(EVENTS), 35_000);
}

#[test]
fn what_breaks_its_instance_is_filed_and_holds_up_nobody() {
    holds(customer::breaking(EVENTS), 50_000);
}

#[test]
fn two_claims_under_one_id_are_both_kept() {
    holds(customer::conflicting(EVENTS), 6_000);
}

#[test]
fn what_awaits_a_registration_is_handled_or_filed() {
    holds(customer::not_registered_yet(EVENTS), 1_000_000);
}

/// The `sometimes` properties: without them the others would prove little.
#[test]
fn what_should_happen_happens() {
    let walk = every_state(AsBuilt.into(), customer::kyc(EVENTS).remembering(), 2, 1);
    let seen: Vec<_> = walk.seen.iter().map(|trace| trace.property).collect();
    for wanted in [
        "a duplicate",
        "a commit whose answer was lost shows as a duplicate",
        "a zombie loses its race by a precondition",
        "a crash between commit and publish is healed by the duplicate",
        "a late commit takes effect",
        "a late commit loses by a precondition",
        "an acked message comes again",
    ] {
        assert!(seen.contains(&wanted), "never seen: {wanted}; only {seen:?}");
    }
    assert!(walk.broken.is_empty(), "{:?}", walk.broken);
}

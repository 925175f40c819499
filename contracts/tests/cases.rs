//! The case files against the schemas: what functions publish keeps the contract, and so does what was decided.

mod validator;

use contracts::{cases, contract};
use serde_json::Value as Json;
use validator::Validator;

/// What the schema of its type complains of.
fn complaint(validators: &[(String, Validator)], event: &Json) -> Option<String> {
    let known = validators.iter().find(|(name, _)| event["type"] == name.as_str());
    let (_, validator) = known.unwrap_or_else(|| panic!("{} has no contract", event["type"]));
    validator.complaint(event)
}

fn validators() -> Vec<(String, Validator)> {
    contract::all().iter().map(|it| (it.event_type().name().to_owned(), Validator::of(&it.schema()))).collect()
}

#[test]
fn what_functions_publish_keeps_the_contract() {
    let validators = validators();
    let mut judged = 0;
    for case in cases::all() {
        // What a case's own record owes may be anything.
        let ours = |published: &&Json| published["event"]["causationid"].is_string();
        for published in case.then.published.iter().filter(ours) {
            assert_eq!(complaint(&validators, &published["event"]), None, "{}", case.name);
            judged += 1;
        }
    }
    assert!(judged > 20, "only {judged} published events");
}

#[test]
fn what_was_decided_kept_the_contract() {
    let validators = validators();
    let mut judged = 0;
    for case in
        cases::all().iter().filter(|case| ["APPLIED", "IGNORED", "REFUSED"].contains(&case.then.outcome.as_str()))
    {
        let Some(event) = &case.when.event else { continue };
        assert_eq!(complaint(&validators, event), None, "{} ({})", case.name, case.function);
        judged += 1;
    }
    assert!(judged > 50, "only {judged} decided events");
}

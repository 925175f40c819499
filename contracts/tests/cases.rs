//! The case files against the schemas: what functions publish keeps the contract, and so does what was decided.

mod validator;

use std::collections::{BTreeMap, BTreeSet};

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

/// Of it there is no case: it takes a hundred suspensions.
const UNSEEN: &str = "TooManySuspensions";

#[test]
fn the_document_says_who_refuses_and_why_as_the_cases_show_it() {
    let document = &contracts::files()["docs/events.md"];
    let (_, section) = document.split_once("\n## What is refused\n").expect("the section");
    let table = section.split("\n## ").next().unwrap_or_default();
    let row = |line: &str| {
        let (reason, others) = line.strip_prefix("| `")?.split_once('`')?;
        let by = others.strip_suffix(" |")?.rsplit("| ").next()?;
        Some((reason.to_owned(), by.split(", ").map(str::to_owned).collect::<BTreeSet<_>>()))
    };
    let mut rows: BTreeMap<_, _> = table.lines().filter_map(row).collect();
    assert!(rows.remove(UNSEEN).is_some());
    assert_eq!(rows, cases::refusals());
}

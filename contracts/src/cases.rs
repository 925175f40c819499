//! Cause and follow-up, as the case files show them: the events that were read, and those published because of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use case_runner::case::Case;
use serde_json::Value as Json;

use crate::refusals;

/// # Panics
/// If a case file can't be read.
pub fn all() -> Vec<Case> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases");
    let below = |folder: &Path| fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("an entry").path());
    let files = below(&cases)
        .filter(|folder| !folder.ends_with("runner"))
        .flat_map(|folder| below(&folder).collect::<Vec<_>>());
    let mut files: Vec<_> =
        files.filter(|file| file.extension().is_some_and(|extension| extension == "json")).collect();
    files.sort();
    files.iter().map(|file| serde_json::from_str(&fs::read_to_string(file).expect("a file")).expect("a case")).collect()
}

/// By type: the types that an event of it has led to at a consumer.
pub(crate) fn consequences() -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut consequences: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for case in all().iter().filter(|case| case.then.outcome == "APPLIED") {
        let Some(cause) = case.when.event.as_ref().and_then(type_of) else { continue };
        let led_to = case.then.published.iter().filter_map(|published| type_of(&published["event"]));
        consequences.entry((cause, case.function.clone())).or_default().extend(led_to);
    }
    consequences
}

/// The types whose `reason` no document has afterwards, whatever came of it.
pub(crate) fn with_unkept_reason() -> BTreeSet<String> {
    let mut is_kept: BTreeMap<String, bool> = BTreeMap::new();
    for case in all().iter().filter(|case| case.then.outcome == "APPLIED") {
        let Some(event) = &case.when.event else { continue };
        let (Some(event_type), Some(reason)) = (type_of(event), event["data"]["reason"].as_str()) else { continue };
        let changed = serde_json::to_string(&case.then.changed).expect("JSON");
        *is_kept.entry(event_type).or_default() |= changed.contains(&Json::from(reason).to_string());
    }
    is_kept.into_iter().filter(|(_, is_kept)| !is_kept).map(|(event_type, _)| event_type).collect()
}

/// By a refusal's name: the functions that refused an event so.
pub fn refusals() -> BTreeMap<String, BTreeSet<String>> {
    let mut refusals: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for case in all().into_iter().filter(|case| case.then.outcome == "REFUSED" && case.when.event.is_some()) {
        let reason = case.then.reason.expect("each refusal has a reason");
        refusals.entry(refusals::name_of(&reason)).or_default().insert(case.function);
    }
    refusals
}

fn type_of(event: &Json) -> Option<String> {
    event["type"].as_str().map(str::to_owned)
}

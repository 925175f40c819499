//! A function's settings and its code say the same: what is deployed hears what the code reads.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use boma_core::{domain::approvals::facts::COMMANDS, event::catalog::Topic};
use boma_functions::{ALL, by_name};
use case_runner::functions::OF_TESTS;
use serde_json::Value as Json;

/// `[package.metadata.function]` of each function in this folder, by name.
fn settings_in(folder: &str) -> BTreeMap<String, Json> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root)
        .output()
        .expect("cargo metadata");
    let metadata: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let function = |package: &Json| {
        let parent = Path::new(package["manifest_path"].as_str()?).parent()?.parent()?;
        if !parent.ends_with(folder) {
            return None;
        }
        let name = package["name"].as_str()?.to_owned();
        Some((name, package["metadata"]["function"].as_object().map(|it| Json::Object(it.clone()))?))
    };
    packages.iter().filter_map(function).collect()
}

fn settings() -> BTreeMap<String, Json> {
    settings_in("functions")
}

#[test]
fn every_function_is_called_by_the_trigger_that_it_opens() {
    let mut said = settings();
    // A module of its own, which begins by itself.
    said.extend(settings_in("tests/wasm").into_iter().filter(|(name, _)| name != "probe"));
    let said: Vec<_> =
        said.iter().map(|(name, settings)| (name.as_str(), settings["trigger"].as_str().expect("a trigger"))).collect();
    let mut opened: Vec<_> =
        ALL.iter().chain(OF_TESTS).map(|function| (function.name, function.trigger.name())).collect();
    opened.sort_unstable();
    assert_eq!(said, opened, "trigger in each Cargo.toml, and FUNCTION in the code");
}

#[test]
fn every_function_that_is_deployed_is_tested_here() {
    let deployed: BTreeSet<_> = settings().into_keys().collect();
    let tested: BTreeSet<_> = ALL.iter().map(|function| function.name.to_owned()).collect();
    assert_eq!(deployed, tested, "functions/ and the dependencies of crates/functions");
}

#[test]
fn every_function_is_subscribed_to_what_it_hears() {
    for (name, settings) in settings() {
        let topics = settings["topics"].as_object().expect("topics");
        let subscribed = topics.iter().flat_map(|(topic, types)| {
            let types = types.as_array().expect("a list of types");
            types.iter().map(move |event_type| (topic.clone(), event_type.as_str().expect("a type").to_owned()))
        });
        let mut subscribed: Vec<_> = subscribed.collect();
        let pair =
            |heard: boma_core::event::catalog::EventType| (heard.topic().name().to_owned(), heard.name().to_owned());
        let mut heard: Vec<_> = by_name(&name).expect("a function").hears().into_iter().map(pair).collect();
        subscribed.sort();
        heard.sort();
        assert_eq!(subscribed, heard, "{name}: topics in its Cargo.toml, and HEARS in its code");
    }
}

#[test]
fn operator_publishes_every_command() {
    let said = &settings()["operator"]["publishes"][Topic::Operations.name()];
    let mut said: Vec<_> = said.as_array().expect("types").iter().map(|it| it.as_str().expect("a type")).collect();
    let mut commands: Vec<_> = COMMANDS.iter().map(|(command, _)| command.name()).collect();
    said.sort_unstable();
    commands.sort_unstable();
    assert_eq!(said, commands, "publishes in its Cargo.toml, and COMMANDS in the core");
}

#[test]
fn every_function_of_messages_hears_replays() {
    let deaf: Vec<_> = settings()
        .into_iter()
        .filter(|(_, settings)| settings["trigger"] == "pubsub" && settings["topics"].get("replays").is_none())
        .map(|(name, _)| name)
        .collect();
    assert!(deaf.is_empty(), "a letter of {} can't be replayed", deaf.join(", "));
}

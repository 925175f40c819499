//! A function's settings and its code say the same: what is deployed hears what the code reads.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use boma_functions::{ALL, by_name};
use serde_json::Value as Json;

/// `[package.metadata.function]` of each function, by name.
fn settings() -> BTreeMap<String, Json> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root)
        .output()
        .expect("cargo metadata");
    let metadata: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let function = |package: &Json| {
        // Test-only functions have settings too.
        package["manifest_path"].as_str().filter(|path| path.contains("/functions/"))?;
        let name = package["name"].as_str()?.to_owned();
        Some((name, package["metadata"]["function"].as_object().map(|it| Json::Object(it.clone()))?))
    };
    packages.iter().filter_map(function).collect()
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

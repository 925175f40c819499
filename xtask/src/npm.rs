//! The npm packages of a deployed function, at the versions of the root's lockfile.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::Complaint;

/// All that a function needs beside its own folder.
const DEPENDENCIES: [&str; 2] = ["@google-cloud/functions-framework", "@grpc/grpc-js"];

pub fn pinned(lockfile: &Path) -> Result<BTreeMap<&'static str, String>, Complaint> {
    let text = fs::read_to_string(lockfile).map_err(|error| format!("package-lock.json can't be read: {error}."))?;
    let lock: Value = serde_json::from_str(&text).map_err(|error| format!("package-lock.json is no JSON: {error}."))?;
    let version = |name: &str| lock["packages"][format!("node_modules/{name}")]["version"].as_str().map(str::to_owned);
    let pin = |name| version(name).map(|version| (name, version)).ok_or(name);
    DEPENDENCIES
        .into_iter()
        .map(pin)
        .collect::<Result<_, _>>()
        .map_err(|name| format!("package-lock.json has no {name}."))
}

//! The npm packages of a deployed function: those of the root's lockfile that it needs, at the same versions.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::complaint::Complaint;

/// All that a function needs beside its own folder.
const DEPENDENCIES: [&str; 1] = ["@google-cloud/functions-framework"];

/// The kinds of dependencies that npm installs, and whether it also does without.
const KINDS: [(&str, bool); 3] = [("dependencies", false), ("optionalDependencies", true), ("peerDependencies", true)];

pub struct Packages {
    /// What all this is made from.
    pub lockfile: PathBuf,
    pub dependencies: BTreeMap<&'static str, String>,
    /// The lockfile's entries of these and of all that they need, by their places in `node_modules`.
    entries: Map<String, Value>,
}

impl Packages {
    pub fn read(lockfile: PathBuf) -> Result<Packages, Complaint> {
        let all = entries(&lockfile)?;
        let about = |complaint| format!("package-lock.json {complaint}.");
        let entries = reachable(&all).map_err(about)?;
        let pin = |name| {
            let version = entries.get(&place("", name)).and_then(|entry| entry["version"].as_str());
            version.map(|version| (name, version.to_owned())).ok_or_else(|| about(format!("gives {name} no version")))
        };
        let dependencies = DEPENDENCIES.into_iter().map(pin).collect::<Result<_, _>>()?;
        Ok(Packages { lockfile, dependencies, entries })
    }

    /// The text of the function's own lockfile, with which `npm ci` installs just these.
    pub fn lockfile_of(&self, name: &str, version: &str, license: &str) -> String {
        let itself = json!({ "name": name, "version": version, "license": license, "dependencies": self.dependencies });
        let mut packages = self.entries.clone();
        packages.insert(String::new(), itself);
        let lockfile =
            json!({ "name": name, "version": version, "lockfileVersion": 3, "requires": true, "packages": packages });
        format!("{lockfile:#}\n")
    }
}

fn entries(lockfile: &Path) -> Result<Map<String, Value>, Complaint> {
    let text = fs::read_to_string(lockfile).map_err(|error| format!("package-lock.json can't be read: {error}."))?;
    let mut lock: Value =
        serde_json::from_str(&text).map_err(|error| format!("package-lock.json is no JSON: {error}."))?;
    match (lock["lockfileVersion"].as_u64(), lock["packages"].take()) {
        (Some(3), Value::Object(packages)) => Ok(packages),
        (_, _) => Err("package-lock.json is not of version 3, which is the only one that is known here.".to_owned()),
    }
}

/// What npm would install for a package that has only these dependencies.
fn reachable(all: &Map<String, Value>) -> Result<Map<String, Value>, String> {
    let mut found = Map::new();
    let mut ahead: Vec<String> = DEPENDENCIES.iter().map(|name| place("", name)).collect();
    while let Some(at) = ahead.pop() {
        if found.contains_key(&at) {
            continue;
        }
        let entry = all.get(&at).ok_or_else(|| format!("has no {at}"))?;
        for (kind, is_dispensable) in KINDS {
            for name in entry[kind].as_object().into_iter().flat_map(Map::keys) {
                match seen_from(&at, name, all) {
                    Some(needed) => ahead.push(needed),
                    None if is_dispensable => {}
                    None => return Err(format!("has no {name}, which {at} needs")),
                }
            }
        }
        found.insert(at, for_production(entry));
    }
    Ok(found)
}

/// Where Node finds a package when one at `from` asks for it: in its own `node_modules`, or in one further up.
fn seen_from(from: &str, name: &str, all: &Map<String, Value>) -> Option<String> {
    let mut folder = from;
    loop {
        let candidate = place(folder, name);
        if all.contains_key(&candidate) {
            return Some(candidate);
        }
        let up = folder.rfind("node_modules/")?;
        folder = folder[..up].trim_end_matches('/');
    }
}

fn place(folder: &str, name: &str) -> String {
    if folder.is_empty() { format!("node_modules/{name}") } else { format!("{folder}/node_modules/{name}") }
}

/// Without the mark `dev`, since a function needs the package; a package that was optional in both cases stays optional.
fn for_production(entry: &Value) -> Value {
    let mut entry = entry.clone();
    if let Some(fields) = entry.as_object_mut() {
        fields.remove("dev");
        if fields.remove("devOptional").is_some() {
            fields.insert("optional".to_owned(), Value::Bool(true));
        }
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::reachable;
    use serde_json::{Map, Value, json};

    /// Of two packages with one name each dependent gets its own; a package that nothing needs is left out.
    fn lock() -> Map<String, Value> {
        let lock = json!({
            "": {"devDependencies": {"lint": "1"}},
            "node_modules/@google-cloud/functions-framework": {
                "version": "5.0.0", "dependencies": {"bytes": "2", "web": "1"}, "peerDependencies": {"nobody": "1"}
            },
            "node_modules/bytes": {"version": "2.0.0", "dev": true},
            "node_modules/lint": {"version": "1.0.0", "dev": true, "dependencies": {"web": "1"}},
            "node_modules/web": {"version": "1.0.0", "dependencies": {"bytes": "1", "deep": "1"}},
            "node_modules/web/node_modules/bytes": {"version": "1.0.0"},
            "node_modules/web/node_modules/deep": {
                "version": "1.0.0", "dependencies": {"bytes": "1", "@google-cloud/functions-framework": "1"}, "optionalDependencies": {"watch": "1"}
            },
            "node_modules/watch": {"version": "1.0.0", "devOptional": true},
        });
        lock.as_object().expect("an object").clone()
    }

    #[test]
    fn a_package_that_is_missing_is_named_with_who_needs_it() {
        let without = |place: &str| {
            let mut lock = lock();
            lock.remove(place);
            reachable(&lock).err()
        };
        assert_eq!(
            without("node_modules/web/node_modules/deep").as_deref(),
            Some("has no deep, which node_modules/web needs")
        );
        let framework = "node_modules/@google-cloud/functions-framework";
        assert_eq!(without(framework).as_deref(), Some("has no node_modules/@google-cloud/functions-framework"));
        assert_eq!(without("node_modules/watch"), None);
    }

    #[test]
    fn what_is_needed_is_found_as_node_finds_it_and_nothing_else() {
        let found = reachable(&lock()).expect("all is there");
        let places: Vec<_> = found.keys().map(String::as_str).collect();
        assert_eq!(
            places,
            [
                "node_modules/@google-cloud/functions-framework",
                "node_modules/bytes",
                "node_modules/watch",
                "node_modules/web",
                "node_modules/web/node_modules/bytes",
                "node_modules/web/node_modules/deep",
            ]
        );
        assert_eq!(found["node_modules/bytes"], json!({"version": "2.0.0"}));
        assert_eq!(found["node_modules/watch"], json!({"version": "1.0.0", "optional": true}));
    }
}

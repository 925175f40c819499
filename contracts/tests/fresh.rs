//! The files that are checked in are the generated ones.

use std::{collections::BTreeSet, fs, path::Path};

#[test]
fn no_generated_file_is_stale() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (path, text) in contracts::files() {
        let is = fs::read_to_string(root.join(&path)).unwrap_or_default();
        assert!(is == text, "{path} is stale: npm run contracts");
    }
}

#[test]
fn no_schema_is_left_of_a_type_that_is_gone() {
    let files = contracts::files();
    let due: BTreeSet<_> = files.keys().filter_map(|path| path.strip_prefix("contracts/schemas/")).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    for entry in fs::read_dir(folder).expect("the folder") {
        let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
        assert!(due.contains(name.as_str()), "contracts/schemas/{name} is of no type");
    }
}

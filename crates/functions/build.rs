//! Makes the list of the dependencies that are functions.

use std::{env, fs, path::Path};

fn main() {
    let manifest = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("Cargo.toml");
    println!("cargo:rerun-if-changed={}", manifest.display());
    let text = fs::read_to_string(&manifest).expect("its own Cargo.toml");
    let name = |line: &str| {
        let (name, at) = line.split_once(" = ")?;
        at.contains("../../functions/").then(|| format!("{}::FUNCTION", name.replace('-', "_")))
    };
    let names: Vec<_> = text.lines().filter_map(name).collect();
    let list = format!("pub const ALL: &[Function] = &[{}];\n", names.join(", "));
    fs::write(Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("all.rs"), list).expect("the list");
}

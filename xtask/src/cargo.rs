//! What cargo knows of the workspace, and its build for wasm32.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::Value;

use crate::complaint::Complaint;

/// A function's instance has 512 MiB, in which Node lives too. Without a limit of its own a module could ask for 4 GiB, and the container
/// would be killed with every delivery in it; with one, an allocation fails, which is a trap of one delivery.
pub const MAX_MEMORY_BYTES: u32 = 128 * 1024 * 1024;

/// Settings of the environment by which a module would become another one.
const FOREIGN: [&str; 4] =
    ["RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "CARGO_PROFILE_RELEASE_"];

const TARGET: &str = "wasm32-unknown-unknown";

#[derive(Deserialize)]
pub struct Workspace {
    packages: Vec<Package>,
    target_directory: PathBuf,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
    metadata: Option<Value>,
}

#[derive(Deserialize)]
struct Target {
    crate_types: Vec<String>,
}

/// A crate with a table [package.metadata.function].
pub struct Member {
    pub name: String,
    pub folder: &'static str,
    pub function: Value,
    /// Whether it exports a module itself, as only a test of the boundary does.
    pub is_module: bool,
}

pub fn metadata(root: &Path) -> Result<Workspace, Complaint> {
    let output = Command::new(cargo())
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo metadata did not start: {error}."))?;
    if !output.status.success() {
        return Err("cargo metadata failed, see above.".to_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata answered something else: {error}."))
}

impl Workspace {
    /// The functions whose crates stand right under this folder, by name.
    pub fn members_under(&self, folder: &'static str) -> Vec<Member> {
        let parent = self.workspace_root.join(folder);
        let inside = |package: &&Package| package.manifest_path.parent().and_then(Path::parent) == Some(&parent);
        let mut members: Vec<_> =
            self.packages.iter().filter(inside).filter_map(|package| package.member(folder)).collect();
        members.sort_by(|a, b| a.name.cmp(&b.name));
        members
    }

    /// Where cargo leaves the module of this crate.
    pub fn wasm_of(&self, crate_name: &str) -> PathBuf {
        self.target_directory.join(TARGET).join("release").join(format!("{}.wasm", crate_name.replace('-', "_")))
    }

    pub fn target(&self) -> &Path {
        &self.target_directory
    }
}

impl Package {
    fn member(&self, folder: &'static str) -> Option<Member> {
        let function = self.metadata.as_ref()?.get("function")?.clone();
        let is_module = self.targets.iter().any(|target| target.crate_types.iter().any(|kind| kind == "cdylib"));
        Some(Member { name: self.name.clone(), folder, function, is_module })
    }
}

/// One call for all crates of a workspace, so that cargo shares what they share and uses all cores.
pub fn build_wasm(workspace: &Path, target: &Path, packages: &[String]) -> Result<(), Complaint> {
    if packages.is_empty() {
        return Ok(());
    }
    let mut build = Command::new(cargo());
    build.args(["build", "--release", "--locked", "--lib", "--target", TARGET, "--target-dir"]).arg(target);
    build.args(packages.iter().flat_map(|package| ["--package", package]));
    // This variable wins over all others and over every config.toml; a limit that stood in one was silently lost to RUSTFLAGS.
    build.env("CARGO_ENCODED_RUSTFLAGS", format!("-C\x1flink-arg=--max-memory={MAX_MEMORY_BYTES}"));
    for (name, _) in std::env::vars_os() {
        if FOREIGN.iter().any(|foreign| name.to_string_lossy().starts_with(foreign)) {
            build.env_remove(name);
        }
    }
    done(build.current_dir(workspace), "build")
}

/// Downloads the packages that the lockfile names.
pub fn fetch(root: &Path) -> Result<(), Complaint> {
    done(Command::new(cargo()).args(["fetch", "--quiet", "--locked"]).current_dir(root), "fetch")
}

/// Adds the workspace's own crates to the lockfile beside it, from nothing but what was downloaded.
pub fn complete_lock(workspace: &Path) -> Result<(), Complaint> {
    let mut metadata = Command::new(cargo());
    metadata.args(["metadata", "--quiet", "--format-version=1", "--offline"]).stdout(Stdio::null());
    done(metadata.current_dir(workspace), "metadata")
}

fn done(command: &mut Command, name: &str) -> Result<(), Complaint> {
    let status = command.status().map_err(|error| format!("cargo {name} did not start: {error}."))?;
    if status.success() { Ok(()) } else { Err(format!("cargo {name} failed, see above.")) }
}

/// The cargo that runs this build, so that both are of one toolchain.
fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

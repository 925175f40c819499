//! The crates that make Wasm modules of functions. A function is a library that knows no host; its module is one line around it:
//! `boma_abi::export!(function::FUNCTION);`. These crates are written into `target/modules/`, a workspace of its own with the
//! project's lockfile and release profile.
//!
//! That workspace has links to the project's folders. So every crate lies inside of it, and cargo names and hashes files by their paths
//! in it: a module is the same bytes wherever the checkout lies, and a panic names no folder of the machine that built it.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::{Complaint, package::write_if_new};

/// The folders of the project that have crates in them.
const LINKED: [&str; 4] = ["crates", "functions", "ops", "tests"];

pub struct Modules {
    pub folder: PathBuf,
    root: PathBuf,
}

/// The crate of this function's module, which is also the name of the module's file.
pub fn crate_name(function: &str) -> String {
    format!("{function}-module")
}

impl Modules {
    /// Below the project, whatever cargo's target directory is.
    pub fn under(root: &Path) -> Modules {
        Modules { folder: root.join("target/modules"), root: root.to_owned() }
    }

    /// Writes the crates of these functions, each with the folder that the function is in.
    pub fn write(&self, functions: &[(&str, &str)]) -> Result<(), Complaint> {
        fs::create_dir_all(&self.folder).map_err(|error| about(&self.folder, &error))?;
        for folder in LINKED {
            link(&self.root.join(folder), &self.folder.join(folder))?;
        }
        for (name, folder) in functions {
            let crate_folder = self.folder.join("modules").join(name);
            fs::create_dir_all(crate_folder.join("src")).map_err(|error| about(&crate_folder, &error))?;
            write_if_new(&crate_folder.join("Cargo.toml"), &manifest(name, folder))?;
            write_if_new(&crate_folder.join("src/lib.rs"), "boma_abi::export!(function::FUNCTION);\n")?;
        }
        let names: Vec<_> = functions.iter().map(|(name, _)| format!("\"modules/{name}\"")).collect();
        let project = read(&self.root.join("Cargo.toml"))?;
        write_if_new(&self.folder.join("Cargo.toml"), &workspace(&names, &project))?;
        // Cargo adds the crates of this workspace to it, and nothing else: see `check_lock`.
        let lock = self.folder.join("Cargo.lock");
        fs::copy(self.root.join("Cargo.lock"), &lock).map(|_| ()).map_err(|error| about(&lock, &error))
    }

    /// The modules are built of exactly the packages that the project's lockfile names.
    pub fn check_lock(&self) -> Result<(), Complaint> {
        let known = foreign_packages(&read(&self.root.join("Cargo.lock"))?);
        let used = foreign_packages(&read(&self.folder.join("Cargo.lock"))?);
        match used.difference(&known).next() {
            None => Ok(()),
            Some(package) => {
                Err(format!("Cargo.lock doesn't name a package that the modules are built of:\n{package}"))
            }
        }
    }
}

/// What crates inherit from the project, and its release profile.
fn workspace(members: &[String], project: &str) -> String {
    let is_kept = |section: &&str| section.starts_with("workspace.") || section.starts_with("profile.release]");
    let kept: Vec<_> = project.split("\n[").filter(is_kept).collect();
    format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n[{}\n", members.join(", "), kept.join("\n["))
}

fn manifest(name: &str, folder: &str) -> String {
    let module = crate_name(name);
    format!(
        "[package]\nname = {module:?}\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n\
         [lib]\ncrate-type = [\"cdylib\"]\n\n\
         [dependencies]\nboma-abi = {{ path = \"../../crates/abi\" }}\n\
         function = {{ package = {name:?}, path = \"../../{folder}/{name}\" }}\n"
    )
}

fn link(to: &Path, at: &Path) -> Result<(), Complaint> {
    if fs::read_link(at).is_ok_and(|there| there == to) {
        return Ok(());
    }
    let _ = fs::remove_file(at);
    symlink(to, at).map_err(|error| about(at, &error))
}

/// Name, version, source and checksum of each package that isn't the project's own.
fn foreign_packages(lock: &str) -> BTreeSet<String> {
    let foreign = lock.split("[[package]]").filter(|package| package.contains("\nsource = "));
    let line_of =
        |package: &str, key: &str| package.lines().find(|line| line.starts_with(key)).unwrap_or_default().to_owned();
    foreign
        .map(|package| ["name", "version", "source", "checksum"].map(|key| line_of(package, key)).join("\n"))
        .collect()
}

fn read(path: &Path) -> Result<String, Complaint> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}.", path.display()))
}

fn about(path: &Path, error: &std::io::Error) -> Complaint {
    format!("{}: {error}.", path.display())
}

#[cfg(test)]
mod tests {
    use super::{foreign_packages, workspace};

    #[test]
    fn the_workspace_has_what_crates_inherit_and_the_release_profile_alone() {
        let project = "[workspace]\nmembers = [\"a\"]\n\n[workspace.package]\nversion = \"1\"\n\n[profile.dev]\ndebug = 1\n\n\
                       [profile.dev.package.a]\nopt-level = 2\n\n[profile.release]\nlto = true\n";
        let expected = "[workspace]\nresolver = \"3\"\nmembers = [\"modules/kyc\"]\n\n\
                        [workspace.package]\nversion = \"1\"\n\n[profile.release]\nlto = true\n\n";
        assert_eq!(workspace(&["\"modules/kyc\"".to_owned()], project), expected);
    }

    #[test]
    fn packages_of_others_are_told_apart_by_version_source_and_checksum() {
        let lock = |version: &str, source: &str| {
            format!(
                "[[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"theirs\"\nversion = \"{version}\"\nsource = \"{source}\"\nchecksum = \"c\"\n"
            )
        };
        let known = foreign_packages(&lock("1", "registry"));
        assert_eq!(known.len(), 1);
        assert!(known.is_disjoint(&foreign_packages(&lock("2", "registry"))));
        assert!(known.is_disjoint(&foreign_packages(&lock("1", "git"))));
    }
}

//! The crates that make Wasm modules of functions. A function is a library that knows no host; its module is one line around it:
//! `boma_abi::export!(function::FUNCTION);`. These crates are written into `target/modules/`, a workspace of its own with the
//! project's lockfile and release profile.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::complaint::Complaint;
use crate::package::write_if_new;

pub struct Modules {
    pub folder: PathBuf,
    root: PathBuf,
}

/// The crate of this function's module, which is also the name of the module's file.
pub fn crate_name(function: &str) -> String {
    format!("{function}-module")
}

impl Modules {
    pub fn under(root: &Path, target: &Path) -> Modules {
        Modules { folder: target.join("modules"), root: root.to_owned() }
    }

    /// Writes the crates of these functions, each with the folder that the function is in.
    pub fn write(&self, functions: &[(&str, &str)]) -> Result<(), Complaint> {
        let manifest = read(&self.root.join("Cargo.toml"))?;
        let members: Vec<_> = functions.iter().map(|(name, _)| format!("{name:?}")).collect();
        let release = section(&manifest, "[profile.release]")?;
        let workspace = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n{release}", members.join(", "));
        for (name, folder) in functions {
            let crate_folder = self.folder.join(name);
            fs::create_dir_all(crate_folder.join("src"))
                .map_err(|error| format!("{}: {error}.", crate_folder.display()))?;
            write_if_new(&crate_folder.join("Cargo.toml"), &self.manifest(name, folder))?;
            write_if_new(&crate_folder.join("src/lib.rs"), "boma_abi::export!(function::FUNCTION);\n")?;
        }
        write_if_new(&self.folder.join("Cargo.toml"), &workspace)?;
        // Cargo adds the crates of this workspace to it, and nothing else: see `check_lock`.
        fs::copy(self.root.join("Cargo.lock"), self.folder.join("Cargo.lock"))
            .map(|_| ())
            .map_err(|error| format!("Cargo.lock: {error}."))
    }

    fn manifest(&self, name: &str, folder: &str) -> String {
        let path = |folder: &str| self.root.join(folder).display().to_string();
        let (module, abi, function) = (crate_name(name), path("crates/abi"), path(&format!("{folder}/{name}")));
        format!(
            "[package]\nname = {module:?}\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n\
             [lib]\ncrate-type = [\"cdylib\"]\n\n\
             [dependencies]\nboma-abi = {{ path = {abi:?} }}\nfunction = {{ package = {name:?}, path = {function:?} }}\n"
        )
    }

    /// The modules are built of exactly the packages that the project's lockfile names.
    pub fn check_lock(&self) -> Result<(), Complaint> {
        let known = registry_packages(&read(&self.root.join("Cargo.lock"))?);
        let used = registry_packages(&read(&self.folder.join("Cargo.lock"))?);
        match used.difference(&known).next() {
            None => Ok(()),
            Some(package) => {
                Err(format!("Cargo.lock doesn't name a package that the modules are built of:\n{package}"))
            }
        }
    }
}

/// From its heading to the next.
fn section(manifest: &str, heading: &str) -> Result<String, Complaint> {
    let from = manifest.find(heading).ok_or_else(|| format!("Cargo.toml has no {heading}."))?;
    let text = &manifest[from..];
    Ok(text[..text[1..].find("\n[").map_or(text.len(), |end| end + 2)].to_owned())
}

/// Name, version and checksum of each.
fn registry_packages(lock: &str) -> BTreeSet<String> {
    let of_registry = lock.split("[[package]]").filter(|package| package.contains("\nchecksum = "));
    let line_of =
        |package: &str, key: &str| package.lines().find(|line| line.starts_with(key)).unwrap_or_default().to_owned();
    of_registry.map(|package| ["name", "version", "checksum"].map(|key| line_of(package, key)).join("\n")).collect()
}

fn read(path: &Path) -> Result<String, Complaint> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}.", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{registry_packages, section};

    #[test]
    fn a_section_ends_at_the_next_heading_or_at_the_end() {
        let manifest = "[a]\nx = 1\n\n[profile.release]\nlto = true\n\n[b]\ny = 2\n";
        assert_eq!(section(manifest, "[profile.release]").as_deref(), Ok("[profile.release]\nlto = true\n\n"));
        assert_eq!(section(manifest, "[b]").as_deref(), Ok("[b]\ny = 2\n"));
        assert!(section(manifest, "[c]").is_err());
    }

    #[test]
    fn packages_of_the_registry_are_told_apart_by_version_and_checksum() {
        let lock = |version: &str| {
            format!(
                "[[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"theirs\"\nversion = \"{version}\"\nchecksum = \"c\"\n"
            )
        };
        assert_eq!(registry_packages(&lock("1")).len(), 1);
        assert!(registry_packages(&lock("1")).is_disjoint(&registry_packages(&lock("2"))));
    }
}

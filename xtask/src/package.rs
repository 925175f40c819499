//! A folder of `dist/`: made beside its place and renamed into it, so that an interrupted build leaves no half folder.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde_json::json;

use crate::bind;
use crate::check;
use crate::complaint::Complaint;
use crate::npm::Packages;

const VERSION: &str = env!("CARGO_PKG_VERSION");
const LICENSE: &str = env!("CARGO_PKG_LICENSE");

/// A crate that becomes a folder, and where it goes.
#[derive(Debug)]
pub struct Job {
    pub name: String,
    pub wasm: PathBuf,
    /// The text of `function.json`.
    pub settings: String,
    pub into: PathBuf,
}

/// The result of a build, for the line on the terminal.
pub struct Built {
    pub wasm_bytes: u64,
}

/// The files of the shim that go into each function: its own JavaScript, no tests, no package.json.
pub fn shim_files(folder: &Path) -> Result<Vec<PathBuf>, Complaint> {
    let mut files: Vec<_> =
        entries(folder)?.into_iter().filter(|path| path.extension() == Some(OsStr::new("js"))).collect();
    files.sort();
    Ok(files)
}

/// Makes the folder, unless it was made from just these inputs; then nothing is written and the answer is None.
pub fn bring_up_to_date(job: &Job, shim: &[PathBuf], packages: &Packages) -> Result<Option<Built>, Complaint> {
    let manifest = manifest(&job.name, &packages.dependencies);
    let inputs = inputs(job, shim, &packages.lockfile, &manifest)?;
    let stamp = sibling(&job.into, "inputs")?;
    if job.into.is_dir() && fs::read_to_string(&stamp).is_ok_and(|known| known == inputs) {
        return Ok(None);
    }

    let beside = sibling(&job.into, "new")?;
    remove_if_there(&beside)?;
    fs::create_dir_all(&beside).map_err(|error| about(&beside, &error))?;
    bind::write(&job.wasm, &beside)?;
    check::module(&beside.join("function_bg.wasm"))?;
    for file in shim {
        let name = file.file_name().unwrap_or_default();
        fs::copy(file, beside.join(name)).map_err(|error| about(file, &error))?;
    }
    write(&beside.join("package.json"), &manifest)?;
    write(&beside.join("package-lock.json"), &packages.lockfile_of(&package_name(&job.name), VERSION, LICENSE))?;
    write(&beside.join("function.json"), &job.settings)?;
    let wasm_bytes = fs::metadata(beside.join("function_bg.wasm")).map_err(|error| about(&beside, &error))?.len();

    // The stamp goes first and comes back last: whenever this is interrupted, the next build does it again.
    remove_if_there(&stamp)?;
    remove_if_there(&job.into)?;
    fs::rename(&beside, &job.into).map_err(|error| about(&job.into, &error))?;
    write(&stamp, &inputs)?;
    Ok(Some(Built { wasm_bytes }))
}

/// Folders of functions that are no more: a stack would start them, and a deployment deploy them.
pub fn remove_gone(dist: &Path, jobs: &[Job]) -> Result<(), Complaint> {
    let is_gone = |path: &PathBuf| path.is_dir() && jobs.iter().all(|job| &job.into != path);
    for path in entries(dist)?.into_iter().filter(is_gone) {
        remove_if_there(&sibling(&path, "inputs")?)?;
        remove_if_there(&path)?;
    }
    Ok(())
}

/// Leaves the file, and its time, as it is when it says this already.
pub fn write_if_new(path: &Path, text: &str) -> Result<(), Complaint> {
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    let beside = sibling(path, "new")?;
    write(&beside, text)?;
    fs::rename(&beside, path).map_err(|error| about(path, &error))
}

fn package_name(function: &str) -> String {
    format!("boma-{function}")
}

/// The shim's name for it: the framework takes no hyphen in one.
fn entry_point(function: &str) -> String {
    function.replace('-', "_")
}

fn manifest(name: &str, dependencies: &BTreeMap<&'static str, String>) -> String {
    let manifest = json!({
        "name": package_name(name),
        "version": VERSION,
        "private": true,
        "license": LICENSE,
        "type": "commonjs",
        "main": "index.js",
        "scripts": { "start": format!("functions-framework --target={}", entry_point(name)) },
        "dependencies": dependencies,
    });
    format!("{manifest:#}\n")
}

/// The inputs of the folder: short texts whole, of files the length and the time of the last change.
fn inputs(job: &Job, shim: &[PathBuf], lockfile: &PathBuf, manifest: &str) -> Result<String, Complaint> {
    let this_program = std::env::current_exe().map_err(|error| format!("this program can't find itself: {error}."))?;
    let mut text = format!("{manifest}{}", job.settings);
    for path in shim.iter().chain([&job.wasm, &this_program, lockfile]) {
        let known = fs::metadata(path).map_err(|error| about(path, &error))?;
        let changed = known.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let _ = writeln!(text, "{name} {} bytes, changed at {} ns", known.len(), changed.as_nanos());
    }
    Ok(text)
}

/// `dist/kyc` -> `dist/.kyc.new`: on the same file system, so that a rename is atomic, and hidden from listings.
fn sibling(path: &Path, suffix: &str) -> Result<PathBuf, Complaint> {
    let folder = path.parent().ok_or_else(|| format!("{} has no folder around it.", path.display()))?;
    fs::create_dir_all(folder).map_err(|error| about(folder, &error))?;
    Ok(folder.join(format!(".{}.{suffix}", path.file_name().unwrap_or_default().to_string_lossy())))
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Complaint> {
    let listed = fs::read_dir(folder).map_err(|error| about(folder, &error))?;
    listed.map(|entry| entry.map(|entry| entry.path()).map_err(|error| about(folder, &error))).collect()
}

fn remove_if_there(path: &Path) -> Result<(), Complaint> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(about(path, &error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn write(path: &Path, text: &str) -> Result<(), Complaint> {
    fs::write(path, text).map_err(|error| about(path, &error))
}

fn about(path: &Path, error: &std::io::Error) -> Complaint {
    format!("{}: {error}.", path.display())
}

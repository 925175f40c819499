//! The build: Rust -> wasm32 -> wasm-bindgen -> `dist/<function>/`, one folder that can be deployed as it is.
//!
//! `cargo run --manifest-path xtask/Cargo.toml` builds all functions, and into `dist-ops/` what operators run themselves, under `ops/`;
//! with `--test-crates` also the crates under `tests/wasm/`, the same way, into `dist-test/`.

mod bind;
mod cargo;
mod check;
mod complaint;
mod lock;
mod modules;
mod npm;
mod package;
mod secrets;
mod settings;
mod topics;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

use crate::complaint::Complaint;
use crate::package::Job;

/// Crates that operators run in processes of their own, and that are never deployed.
const OPERATORS: &str = "ops";
const TESTS: &str = "tests/wasm";

fn main() -> ExitCode {
    match arguments().and_then(|with_test_crates| build(&root(), with_test_crates)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(complaint) => {
            eprintln!("build: {complaint}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the test crates are asked for.
fn arguments() -> Result<bool, Complaint> {
    let mut with_test_crates = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--test-crates" => with_test_crates = true,
            other => return Err(format!("`{other}` is no option; the only one is --test-crates.")),
        }
    }
    Ok(with_test_crates)
}

fn build(root: &Path, with_test_crates: bool) -> Result<(), Complaint> {
    let workspace = cargo::metadata(root)?;
    let mut members = workspace.members_under("functions");
    if members.is_empty() {
        return Err("there is no crate with [package.metadata.function] under functions/.".to_owned());
    }
    members.extend(workspace.members_under(OPERATORS));
    if with_test_crates {
        members.extend(workspace.members_under(TESTS));
    }
    let jobs = members.iter().map(|member| job(root, &workspace, member)).collect::<Result<Vec<_>, _>>()?;
    // Before cargo's own part, too: another build would replace the modules that this one is about to read.
    let _until_the_end = lock::take(&root.join("dist"))?;
    build_modules(root, &workspace, &members)?;

    let packages = npm::Packages::read(root.join("package-lock.json"))?;
    let shim = package::shim_files(&root.join("shim"))?;
    let finished: Vec<_> = thread::scope(|scope| {
        let running: Vec<_> =
            jobs.iter().map(|job| scope.spawn(|| package::bring_up_to_date(job, &shim, &packages))).collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err("wasm-bindgen panicked.".to_owned())))
            .collect()
    });
    for (job, result) in jobs.iter().zip(finished) {
        if let Some(built) = result.map_err(|complaint| format!("{}: {complaint}", job.name))? {
            println!("{:<16} {:>6} KB of Wasm", job.name, built.wasm_bytes.div_ceil(1000));
        }
    }
    for dist in ["dist", "dist-ops"] {
        package::remove_gone(&root.join(dist), &jobs)?;
    }
    topics::write(&root.join("dist"))
}

fn job(root: &Path, workspace: &cargo::Workspace, member: &cargo::Member) -> Result<Job, Complaint> {
    let (dist, settings) = match member.folder {
        OPERATORS => ("dist-ops", settings::read_operators(&member.name, &member.function)?),
        TESTS => ("dist-test", settings::read(&member.name, &member.function)?),
        _ => ("dist", settings::read(&member.name, &member.function)?),
    };
    Ok(Job {
        name: member.name.clone(),
        wasm: workspace.wasm_of(&module_of(member)),
        settings: format!("{settings:#}\n"),
        into: root.join(dist).join(&member.name),
    })
}

/// The module of each: by a crate that is written around it, but for those that are modules themselves.
fn build_modules(root: &Path, workspace: &cargo::Workspace, members: &[cargo::Member]) -> Result<(), Complaint> {
    let (themselves, functions): (Vec<_>, Vec<_>) = members.iter().partition(|member| member.is_module);
    let modules = modules::Modules::under(root);
    modules.write(&functions.iter().map(|it| (it.name.as_str(), it.folder)).collect::<Vec<_>>())?;
    let names = |members: &[&cargo::Member]| members.iter().map(|member| module_of(member)).collect::<Vec<_>>();
    cargo::fetch(root)?;
    cargo::complete_lock(&modules.folder)?;
    modules.check_lock()?;
    cargo::build_wasm(&modules.folder, workspace.target(), &names(&functions))?;
    cargo::build_wasm(root, workspace.target(), &names(&themselves))
}

fn module_of(member: &cargo::Member) -> String {
    if member.is_module { member.name.clone() } else { modules::crate_name(&member.name) }
}

/// The repository's root: the folder above this crate's.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}

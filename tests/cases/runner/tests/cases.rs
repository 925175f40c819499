//! Every case file, natively. `BLESS=1 cargo test -p case-runner` writes what happens into the files, to be read and judged.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use case_runner::{case::Case, functions, run::run};

#[test]
fn every_case_ends_as_it_says() {
    let bless = std::env::var_os("BLESS").is_some();
    let transcripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../target/transcripts");
    let _ = fs::remove_dir_all(&transcripts);
    fs::create_dir_all(&transcripts).expect("a folder for the transcripts");
    let mut wrong = Vec::new();
    for path in case_files() {
        let text = fs::read_to_string(&path).expect("a case file");
        let mut case: Case = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let (then, transcript) = run(&case);
        let name = format!("{}.{}", case.function, path.file_name().expect("a name").to_string_lossy());
        fs::write(transcripts.join(name), serde_json::to_vec(&transcript).expect("JSON")).expect("a transcript");
        if then != case.then {
            if bless {
                case.then = then;
                fs::write(&path, serde_json::to_string_pretty(&case).expect("JSON") + "\n").expect("written");
            } else {
                let pretty = |it| serde_json::to_string_pretty(it).expect("JSON");
                wrong.push(format!("{}\nexpected {}\ncame to {}", path.display(), pretty(&case.then), pretty(&then)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} cases ended otherwise:\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn every_function_has_cases_and_every_case_a_name_of_its_own() {
    let cases: Vec<Case> =
        case_files().iter().map(|path| serde_json::from_slice(&fs::read(path).expect("read")).expect("JSON")).collect();
    let with_cases: BTreeSet<_> = cases.iter().map(|case| case.function.as_str()).collect();
    // Of the functions of the tests only some have any.
    let without: Vec<_> = boma_functions::ALL
        .iter()
        .chain(functions::OF_OPERATORS)
        .filter(|function| !with_cases.contains(function.name))
        .collect();
    assert!(without.is_empty(), "no cases of {without:?}");
    let names: BTreeSet<_> = cases.iter().map(|case| &case.name).collect();
    assert_eq!(names.len(), cases.len(), "two cases share a name");
}

/// tests/cases/{function}/{case}.json
fn case_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for function in functions::all() {
        let folder = fs::read_dir(root.join(function.name)).into_iter().flatten();
        files.extend(folder.map(|entry| entry.expect("an entry").path()));
    }
    files.sort();
    files
}

//! botocore's protocol test vectors, each in both directions. What does not pass is listed, with its reason, in `not_passed.toml`.

mod compare;
mod input;
mod output;

use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::PathBuf;

fn vectors() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../models/protocol-tests")
}

/// Runs a case in all its directions, giving each a name and what went wrong.
type Run = fn(&Json, &Json) -> Vec<(&'static str, Result<(), String>)>;

/// Runs all cases of a folder and compares the failures with the list.
fn run(folder: &str, run: Run) {
    let listed: BTreeMap<String, BTreeMap<String, String>> =
        toml::from_str(include_str!("not_passed.toml")).expect("the list is TOML");
    let mut listed = listed.get(folder).cloned().unwrap_or_default();
    let mut wrong = Vec::new();
    let mut passed = 0_usize;
    let mut files: Vec<_> =
        std::fs::read_dir(vectors().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let stem = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let suites: Vec<Json> = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        for suite in &suites {
            for case in suite["cases"].as_array().unwrap() {
                for (direction, result) in run(suite, case) {
                    let name = format!("{stem}/{}/{direction}", case["id"].as_str().unwrap());
                    match (result, listed.remove(&name)) {
                        (Ok(()), None) => passed += 1,
                        (Ok(()), Some(_)) => wrong.push(format!("{name} passes: take it off the list")),
                        (Err(_), Some(_)) => {}
                        (Err(error), None) => {
                            wrong.push(format!("{name}: {}", error.chars().take(1200).collect::<String>()))
                        }
                    }
                }
            }
        }
    }
    wrong.extend(listed.keys().map(|name| format!("{name} is listed but does not exist")));
    assert!(wrong.is_empty(), "{} wrong, {passed} passed\n{}", wrong.len(), wrong.join("\n"));
    assert!(passed > 500, "only {passed} directions of {folder} vectors were run");
}

#[test]
fn requests() {
    run("input", input::run);
}

#[test]
fn responses() {
    run("output", output::run);
}

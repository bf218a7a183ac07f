//! `cargo xtask models`: botocore's facts, without its prose, as compact files that are committed.

mod filter;
mod vectors;

use crate::operations;
use crate::problem::Problem;
use crate::repository;
use serde_json::Value;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The release that the committed models were made of.
const PIN: &str = "1.43.11";

/// Writes `models/botocore` and `models/protocol-tests`. `from` is an unpacked source distribution.
pub(crate) fn run(root: &Path, from: Option<&Path>) -> Result<(), Problem> {
    let source = match from {
        Some(folder) => folder.to_path_buf(),
        None => download(root)?,
    };
    let version = version(&source)?;
    if version != PIN {
        return Err(Problem::new(format!(
            "{} holds botocore {version}, but xtask/src/models.rs pins {PIN}; change the pin to take a new release",
            source.display()
        )));
    }
    for (name, service) in operations::read(root)? {
        let folder = service.model.as_deref().unwrap_or(&name);
        let model = read_model(&source.join("botocore/data").join(folder))?;
        let text = filter::compact(&name, &model, &service.operations)?;
        repository::write(&root.join(format!("models/botocore/{name}.json")), &text)?;
    }
    repository::write(&root.join("models/botocore/LICENSE-NOTE.md"), &note(MODELS_NOTE))?;
    vectors::copy(&source.join("tests/unit/protocols"), &root.join("models/protocol-tests"))?;
    repository::write(&root.join("models/protocol-tests/LICENSE-NOTE.md"), &note(VECTORS_NOTE))?;
    Ok(())
}

const MODELS_NOTE: &str = "\
The files of this folder are facts taken from the service models in botocore's data (`botocore/data/*/*/service-2.json`): names,
types, constraints and bindings of the operations in `models/operations.toml` and of the shapes that they reach. Documentation and
examples are left out.";

const VECTORS_NOTE: &str = "\
The files of this folder are botocore's protocol test vectors (`tests/unit/protocols` in its source distribution), without their
documentation.";

/// What a folder's LICENSE-NOTE.md says.
fn note(what: &str) -> String {
    format!(
        "# Source and licence\n\n{what} Written by `cargo xtask models`; do not edit.\n\n\
         Source: botocore {PIN}, <https://pypi.org/project/botocore/{PIN}/>, <https://github.com/boto/botocore>.\n\
         Copyright 2012-2022 Amazon.com, Inc. or its affiliates. All Rights Reserved. Licensed under the Apache License, Version 2.0\n\
         (<https://www.apache.org/licenses/LICENSE-2.0>).\n"
    )
}

/// Fetches the pinned source distribution with pip, once, into target/.
fn download(root: &Path) -> Result<PathBuf, Problem> {
    let folder = root.join("target/models");
    let unpacked = folder.join(format!("botocore-{PIN}"));
    if unpacked.join("botocore/data").is_dir() {
        return Ok(unpacked);
    }
    std::fs::create_dir_all(&folder).map_err(|error| Problem::file(&folder, error))?;
    let release = format!("botocore=={PIN}");
    call(
        &folder,
        "python3",
        &["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", &release],
    )?;
    call(&folder, "tar", &["-xzf", &format!("botocore-{PIN}.tar.gz")])?;
    Ok(unpacked)
}

/// Runs a program in a folder.
fn call(folder: &Path, program: &str, arguments: &[&str]) -> Result<(), Problem> {
    let command = format!("{program} {}", arguments.join(" "));
    let status = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .status()
        .map_err(|error| Problem::new(format!("cannot run `{command}`: {error}")))?;
    if status.success() {
        return Ok(());
    }
    Err(Problem::new(format!("`{command}` failed in {}: {status}", folder.display())))
}

/// The version that a source distribution says it has.
fn version(source: &Path) -> Result<String, Problem> {
    let path = source.join("botocore/__init__.py");
    let text = repository::read(&path)?;
    text.lines()
        .find_map(|line| line.strip_prefix("__version__ = "))
        .map(|value| value.trim().trim_matches(['\'', '"']).to_owned())
        .ok_or_else(|| Problem::file(&path, "no __version__; is this botocore's source distribution?"))
}

/// The newest `service-2.json` of a service, plain or gzipped.
fn read_model(folder: &Path) -> Result<Value, Problem> {
    let entries = std::fs::read_dir(folder).map_err(|error| Problem::file(folder, error))?;
    let mut versions: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()).collect();
    versions.sort();
    let newest = versions.pop().ok_or_else(|| Problem::file(folder, "no API version in it"))?;
    let (plain, zipped) = (newest.join("service-2.json"), newest.join("service-2.json.gz"));
    if plain.is_file() {
        return serde_json::from_str(&repository::read(&plain)?)
            .map_err(|error| Problem::file(&plain, error));
    }
    let file = std::fs::File::open(&zipped).map_err(|error| Problem::file(&zipped, error))?;
    let mut text = String::new();
    flate2::read::GzDecoder::new(file)
        .read_to_string(&mut text)
        .map_err(|error| Problem::file(&zipped, error))?;
    serde_json::from_str(&text).map_err(|error| Problem::file(&zipped, error))
}

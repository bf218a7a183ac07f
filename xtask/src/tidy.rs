//! `cargo xtask tidy`: house rules that no other tool checks.

mod pages;

use crate::problem::Problem;
use crate::{repository, shell};
use serde::Deserialize;
use std::path::Path;

/// A file longer than this is warned of.
const LONG: usize = 400;
/// A file longer than this fails.
const TOO_LONG: usize = 700;
/// Words of names that say nothing.
const EMPTY_WORDS: [&str; 4] = ["Manager", "Helper", "Util", "Impl"];
/// Licences of dependencies; anything else is looked at by a person first.
const LICENCES: [&str; 13] = [
    "MIT",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unlicense",
    "0BSD",
    "CC0-1.0",
    "Unicode-3.0",
    "BlueOak-1.0.0",
    "MIT-0",
    "BSL-1.0",
];

/// Checks all rules; every breach is printed, and any fails.
pub(crate) fn run(root: &Path) -> Result<(), Problem> {
    let mut breaches = Vec::new();
    for file in
        shell::output(root, "git", &["ls-files", "--cached", "--others", "--exclude-standard"])?.lines()
    {
        if file.ends_with(".rs") && !file.starts_with("api/") && root.join(file).exists() {
            source(file, &repository::read(&root.join(file))?, &mut breaches);
        }
        if pages::concern(file) && root.join(file).exists() {
            pages::source(file, &repository::read(&root.join(file))?, &mut breaches);
        }
    }
    manifests(root, &mut breaches)?;
    for breach in &breaches {
        eprintln!("tidy: {breach}");
    }
    if breaches.is_empty() {
        Ok(())
    } else {
        Err(Problem::new(format!("{} house rules are broken", breaches.len())))
    }
}

fn source(file: &str, text: &str, breaches: &mut Vec<String>) {
    if !text.starts_with("//! A table") {
        length(file, text, breaches);
    }
    let root_file = file.ends_with("src/lib.rs") || file.ends_with("src/main.rs");
    if root_file && !text.trim_start().starts_with("//!") {
        breaches.push(format!("{file} does not say what the crate is: begin it with //!"));
    }
    if text.contains("unsafe {") && !file.starts_with("crates/sandbox/") && !file.starts_with("xtask/") {
        breaches.push(format!("{file} contains unsafe code; only crates/sandbox may"));
    }
    for line in text
        .lines()
        .filter(|line| line.contains("struct ") || line.contains("enum ") || line.contains("trait "))
    {
        let name =
            line.split_whitespace().skip_while(|word| !["struct", "enum", "trait"].contains(word)).nth(1);
        let name = name
            .map(|name| name.split(['<', '(', '{', ';', ':']).next().unwrap_or_default())
            .unwrap_or_default();
        if let Some(word) = EMPTY_WORDS.iter().find(|word| name.ends_with(**word)) {
            breaches.push(format!("{file}: the name {name} ends in {word}, which says nothing"));
        }
    }
}

fn length(file: &str, text: &str, breaches: &mut Vec<String>) {
    let lines = text.lines().count();
    if lines > TOO_LONG {
        breaches.push(format!("{file} has {lines} lines, {TOO_LONG} at most: split it by nouns"));
    } else if lines > LONG {
        eprintln!("tidy: {file} has {lines} lines; {LONG} is long");
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    license: Option<String>,
    manifest_path: String,
    source: Option<String>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    path: Option<String>,
    kind: Option<String>,
}

/// The layers: who may import whom; and the licences of what comes from outside.
fn manifests(root: &Path, breaches: &mut Vec<String>) -> Result<(), Problem> {
    let text = shell::output(root, "cargo", &["metadata", "--format-version", "1", "--locked"])?;
    let metadata: Metadata =
        serde_json::from_str(&text).map_err(|error| Problem::new(format!("cargo metadata: {error}")))?;
    let prefix = format!("{}/", root.display());
    let layer =
        |path: &str| path.strip_prefix(&prefix).and_then(|path| path.split('/').next()).map(str::to_owned);
    for package in &metadata.packages {
        if package.source.is_some() {
            licence(package, breaches);
            continue;
        }
        let Some(own) = layer(&package.manifest_path) else { continue };
        for dependency in
            package.dependencies.iter().filter(|dependency| dependency.kind.as_deref() != Some("dev"))
        {
            let Some(path) = &dependency.path else { continue };
            let Some(other) = layer(&format!("{path}/")) else { continue };
            let allowed = match own.as_str() {
                "api" => ["wire", "names"].contains(&dependency.name.as_str()),
                "crates" => other == "crates",
                "services" => other == "crates" || other == "api",
                _ => true,
            };
            if own == "services" && dependency.name == "blobs" && !lists_its_blobs(package)? {
                breaches.push(format!(
                    "services/{} imports blobs, and its registration does not say .live_blobs(…): what it keeps would be removed after an hour",
                    package.name
                ));
            }
            if !allowed {
                breaches.push(format!(
                    "{own}/{} imports {other}/{}: see ARCHITECTURE.md",
                    package.name, dependency.name
                ));
            }
        }
    }
    Ok(())
}

/// Whether a service says which blobs its rows refer to.
fn lists_its_blobs(package: &Package) -> Result<bool, Problem> {
    let root_file = Path::new(&package.manifest_path).with_file_name("src").join("lib.rs");
    Ok(repository::read(&root_file)?.contains(".live_blobs("))
}

fn licence(package: &Package, breaches: &mut Vec<String>) {
    let text = package.license.clone().unwrap_or_default();
    let text = text.replace(" WITH LLVM-exception", "").replace(['(', ')'], " ").replace('/', " OR ");
    // Every part of an AND must be allowed by one of its ORs.
    let allowed =
        text.split(" AND ").all(|part| part.split(" OR ").any(|name| LICENCES.contains(&name.trim())));
    if !allowed {
        breaches.push(format!(
            "the dependency {} has the licence {:?}, which is not on the list in xtask/src/tidy.rs",
            package.name, package.license
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_and_empty_names_are_breaches() {
        let mut breaches = Vec::new();
        source("crates/x/src/y.rs", &"\n".repeat(TOO_LONG + 1), &mut breaches);
        source("crates/x/src/z.rs", concat!("pub struct Queue", "Manager;\n"), &mut breaches);
        source("crates/x/src/lib.rs", "pub mod y;\n", &mut breaches);
        assert_eq!(breaches.len(), 3, "{breaches:?}");
    }

    #[test]
    fn licences_are_read_as_expressions() {
        let package = |license: &str| Package {
            name: "x".into(),
            license: Some(license.into()),
            manifest_path: String::new(),
            source: Some(String::new()),
            dependencies: Vec::new(),
        };
        for (license, count) in [
            ("MIT OR GPL-3.0", 0),
            ("MIT AND GPL-3.0", 1),
            ("LGPL-2.1", 1),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", 0),
        ] {
            let mut breaches = Vec::new();
            licence(&package(license), &mut breaches);
            assert_eq!(breaches.len(), count, "{license}");
        }
    }
}

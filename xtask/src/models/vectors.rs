//! botocore's protocol test vectors.

use crate::problem::Problem;
use crate::repository;
use serde_json::Value;
use std::path::Path;

/// Copies `input/*.json` and `output/*.json`, compact and without documentation, and the list of cases that botocore itself leaves out.
pub(crate) fn copy(source: &Path, target: &Path) -> Result<(), Problem> {
    for direction in ["input", "output"] {
        let folder = source.join(direction);
        let entries = std::fs::read_dir(&folder).map_err(|error| Problem::file(&folder, error))?;
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let mut suites: Value = serde_json::from_str(&repository::read(&path)?)
                .map_err(|error| Problem::file(&path, error))?;
            strip(&mut suites);
            let name = path.file_name().unwrap_or_default();
            repository::write(&target.join(direction).join(name), &format!("{suites}\n"))?;
        }
    }
    let list = "protocol-tests-ignore-list.json";
    repository::write(&target.join(list), &repository::read(&source.join(list))?)?;
    Ok(())
}

/// Removes documentation; the vectors have no member of that name.
fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.shift_remove("documentation");
            members.values_mut().for_each(strip);
        }
        Value::Array(values) => values.iter_mut().for_each(strip),
        _ => {}
    }
}

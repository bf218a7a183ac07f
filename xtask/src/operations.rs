//! `models/operations.toml`: the operations that we serve.

use crate::problem::Problem;
use crate::repository;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// One service's part of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Service {
    /// The folder of botocore's data, where it is not the service's name.
    pub(crate) model: Option<String>,
    /// The operations, in the file's order.
    pub(crate) operations: Vec<String>,
}

/// Reads the file: services by the name of their API crate.
pub(crate) fn read(root: &Path) -> Result<BTreeMap<String, Service>, Problem> {
    let path = root.join("models/operations.toml");
    let services: BTreeMap<String, Service> =
        toml::from_str(&repository::read(&path)?).map_err(|error| Problem::file(&path, error))?;
    for (name, service) in &services {
        let mut seen = BTreeSet::new();
        for operation in &service.operations {
            if !seen.insert(operation) {
                return Err(Problem::file(
                    &path,
                    format!("[{name}] names {operation} twice; remove one line"),
                ));
            }
        }
    }
    Ok(services)
}

/// Refuses operations that the model does not have, naming the nearest ones that it has.
pub(crate) fn check_exist<'a>(
    service: &str,
    wanted: &[String],
    known: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), Problem> {
    for operation in wanted {
        if known.clone().any(|name| name == operation) {
            continue;
        }
        let mut near: Vec<(usize, &str)> =
            known.clone().map(|name| (distance(operation, name), name)).collect();
        near.sort_unstable();
        let hint: Vec<&str> = near.iter().take(3).map(|(_, name)| *name).collect();
        return Err(Problem::new(format!(
            "models/operations.toml: [{service}] has no operation {operation} in botocore's model; nearest: {}. \
             Correct the line, or raise the pin in xtask/src/models.rs if the operation is newer",
            hint.join(", ")
        )));
    }
    Ok(())
}

/// Levenshtein distance without regard to case.
fn distance(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (index, letter) in one.to_lowercase().chars().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        for (other, cell) in two.iter().zip(row.iter_mut().skip(1)) {
            let best = (diagonal + usize::from(letter != *other)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = best;
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_that_does_not_exist_is_refused_with_the_nearest_names() {
        let known = ["CreateVpc", "CreateVolume", "DeleteVpc", "DescribeVpcs"];
        let wanted = vec!["CreateVPCs".to_owned()];
        let problem = check_exist("ec2", &wanted, known.into_iter()).unwrap_err().to_string();
        assert!(problem.contains("[ec2] has no operation CreateVPCs"), "{problem}");
        assert!(problem.contains("nearest: CreateVpc,"), "{problem}");
    }

    #[test]
    fn operations_that_exist_pass() {
        let wanted = vec!["DeleteVpc".to_owned()];
        assert!(check_exist("ec2", &wanted, ["CreateVpc", "DeleteVpc"].into_iter()).is_ok());
    }

    #[test]
    fn distances() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("Vpc", "vpc"), 0);
        assert_eq!(distance("", "abc"), 3);
    }

    /// The committed file against the committed models: what `cargo xtask generate` relies on.
    #[test]
    fn every_listed_operation_is_in_its_model() {
        let root = repository::root().unwrap();
        for (name, service) in read(&root).unwrap() {
            let path = root.join(format!("models/botocore/{name}.json"));
            let model: serde_json::Value = serde_json::from_str(&repository::read(&path).unwrap()).unwrap();
            let all: Vec<&str> = model["allOperations"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(serde_json::Value::as_str)
                .collect();
            check_exist(&name, &service.operations, all.iter().copied()).unwrap();
        }
    }
}

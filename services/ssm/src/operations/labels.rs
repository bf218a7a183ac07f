//! Labels of versions of parameters (<https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-labels.html>).

use super::Ssm;
use crate::parameter::name::{Reference, is_label};
use crate::parameter::{events, find};
use crate::state::ParameterVersion;
use api_ssm::{
    Error, LabelParameterVersion, LabelParameterVersionOutput, ParameterVersionLabelLimitExceeded,
    UnlabelParameterVersion, UnlabelParameterVersionOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// Labels of a version.
const MOST: usize = 10;

fn versions(tx: &Tx, call: &Call, name: &str) -> Result<(Vec<ParameterVersion>, u64), Error> {
    let reference = Reference::parse(name, call.scope());
    let stored = find::referred(tx, call, &reference)?.ok_or_else(find::not_found)?;
    Ok((ParameterVersion::all(tx, stored.scope, &stored.name)?, stored.latest))
}

impl Transact<LabelParameterVersion> for Ssm {
    fn access(input: &LabelParameterVersion, call: &Call, view: &View) -> Access {
        find::access("LabelParameterVersion", call, view, [input.name.as_str()])
    }

    fn run(
        input: LabelParameterVersion,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<LabelParameterVersionOutput, Error> {
        let (versions, latest) = versions(tx, call, &input.name)?;
        let number = match input.parameter_version {
            None => latest,
            Some(number) => u64::try_from(number).unwrap_or_default(),
        };
        let Some(mut version) = versions.iter().find(|version| version.version == number).cloned() else {
            return Err(find::no_version(number, &input.name));
        };
        let (labels, invalid): (Vec<String>, Vec<String>) =
            input.labels.into_iter().partition(|label| is_label(label));
        version.labels.extend(labels.iter().cloned());
        if version.labels.len() > MOST {
            let message = "A parameter version can have maximum 10 labels. Move one or more labels to another version and try again.";
            return Err(ParameterVersionLabelLimitExceeded::new(message).into());
        }
        // A label is on one version only: it moves.
        for mut other in versions {
            let before = other.labels.len();
            other.labels.retain(|label| !labels.contains(label));
            if other.version != number && other.labels.len() < before {
                tx.put(other)?;
            }
        }
        if !labels.is_empty() {
            events::note(tx, "LabelParameterVersion", &version, call.now)?;
            tx.put(version)?;
        }
        Ok(LabelParameterVersionOutput {
            invalid_labels: Some(invalid),
            parameter_version: i64::try_from(number).ok(),
        })
    }
}

impl Transact<UnlabelParameterVersion> for Ssm {
    fn access(input: &UnlabelParameterVersion, call: &Call, view: &View) -> Access {
        find::access("UnlabelParameterVersion", call, view, [input.name.as_str()])
    }

    fn run(
        input: UnlabelParameterVersion,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<UnlabelParameterVersionOutput, Error> {
        let (versions, _) = versions(tx, call, &input.name)?;
        let number = u64::try_from(input.parameter_version).unwrap_or_default();
        let Some(mut version) = versions.into_iter().find(|version| version.version == number) else {
            return Err(find::no_version(input.parameter_version, &input.name));
        };
        let (removed, invalid): (Vec<String>, Vec<String>) =
            input.labels.into_iter().partition(|label| version.labels.contains(label));
        version.labels.retain(|label| !removed.contains(label));
        tx.put(version)?;
        Ok(UnlabelParameterVersionOutput { removed_labels: Some(removed), invalid_labels: Some(invalid) })
    }
}

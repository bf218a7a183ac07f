//! What a remediation configuration must be.

use super::remediation::no_controls;
use crate::errors::invalid;
use crate::state::RemediationParameter;
use api_config::{Error, RemediationConfiguration};
use contract::Caller;
use std::collections::BTreeMap;

/// A configuration that was checked.
pub(super) struct Checked {
    pub(super) rule: String,
    pub(super) target: String,
    pub(super) target_version: Option<String>,
    pub(super) parameters: BTreeMap<String, RemediationParameter>,
    pub(super) resource_type: Option<String>,
    pub(super) automatic: bool,
    pub(super) controls: Option<(Option<i32>, Option<i32>)>,
    pub(super) attempts: Option<i32>,
    pub(super) seconds: Option<i64>,
}

/// Checks a configuration against its runbook, which is asked for as the role of remediation.
pub(super) async fn checked(asked: RemediationConfiguration, caller: &Caller) -> Result<Checked, Error> {
    let controls = match asked.execution_controls {
        None => None,
        Some(controls) => match controls.ssm_controls {
            // AWS's own defaults change nothing here.
            None => Some((None, None)),
            Some(controls) => {
                let (rate, errors) =
                    (controls.concurrent_execution_rate_percentage, controls.error_percentage);
                if rate.is_some_and(|rate| rate != 100 && rate != 10)
                    || errors.is_some_and(|errors| errors != 100 && errors != 50)
                {
                    return Err(no_controls());
                }
                Some((rate, errors))
            }
        },
    };
    let mut parameters = BTreeMap::new();
    for (name, value) in asked.parameters.unwrap_or_default() {
        let value = match (value.resource_value, value.static_value) {
            (Some(_), None) => RemediationParameter::ResourceId,
            (None, Some(values)) => RemediationParameter::Static(values.values),
            _ => {
                return Err(invalid(format!(
                    "The parameter {name} must have either a ResourceValue or a StaticValue."
                )));
            }
        };
        parameters.insert(name, value);
    }
    let automatic = asked.automatic.unwrap_or(false);
    let role = parameters.get("AutomationAssumeRole");
    if automatic
        && !matches!(role, Some(RemediationParameter::Static(values)) if values.iter().any(|value| !value.is_empty()))
    {
        return Err(invalid(
            "AutomationAssumeRole must be specified as a static parameter for automatic remediation.",
        ));
    }
    check_target(&asked.target_id, asked.target_version.clone(), &parameters, caller).await?;
    Ok(Checked {
        rule: asked.config_rule_name,
        target: asked.target_id,
        target_version: asked.target_version,
        parameters,
        resource_type: asked.resource_type,
        automatic,
        controls,
        attempts: asked.maximum_automatic_attempts.or(automatic.then_some(5)),
        seconds: asked.retry_attempt_seconds.or(automatic.then_some(60)),
    })
}

async fn check_target(
    target: &str,
    version: Option<String>,
    parameters: &BTreeMap<String, RemediationParameter>,
    caller: &Caller,
) -> Result<(), Error> {
    let describe =
        api_ssm::DescribeDocument { name: target.to_owned(), document_version: version, version_name: None };
    let described = match caller.call(describe).await {
        Ok(described) => described.document.unwrap_or_default(),
        Err(error) if error.status >= 500 => return Err(Error::Common(error)),
        Err(error) => {
            return Err(invalid(format!(
                "The SSM document {target} cannot be used for remediation: {}",
                error.message
            )));
        }
    };
    let known = described.parameters.unwrap_or_default();
    let names = |name: &str| known.iter().any(|known| known.name.as_deref() == Some(name));
    if let Some(stranger) = parameters.keys().find(|name| !names(name)) {
        return Err(invalid(format!(
            "Unexpected parameter {stranger}: the SSM document {target} has no such parameter."
        )));
    }
    let missing = known.iter().find(|known| {
        known.default_value.is_none()
            && !known.name.as_ref().is_some_and(|name| parameters.contains_key(name))
    });
    match missing.and_then(|missing| missing.name.as_deref()) {
        Some(name) => {
            Err(invalid(format!("Missing parameter {name}, which the SSM document {target} requires.")))
        }
        None => Ok(()),
    }
}

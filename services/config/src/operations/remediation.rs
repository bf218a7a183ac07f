//! Remediation configurations and executions.

use super::remediation_check::{Checked, checked};
use super::{Config, rules};
use crate::conformance::role as conforms;
use crate::errors::{invalid, not_built};
use crate::page::Page;
use crate::remediation::{begin, role};
use crate::state::{
    EvaluationResult, Remediation, RemediationConfiguration as Stored, RemediationException,
    RemediationParameter,
};
use api_config::{
    ComplianceType, DeleteRemediationConfiguration, DeleteRemediationConfigurationOutput,
    DescribeRemediationConfigurations, DescribeRemediationConfigurationsOutput,
    DescribeRemediationExecutionStatus, DescribeRemediationExecutionStatusOutput, Error, ExecutionControls,
    InsufficientPermissionsException, NoSuchRemediationConfigurationException, PutRemediationConfigurations,
    PutRemediationConfigurationsOutput, RemediationConfiguration, RemediationExecutionStatus,
    RemediationExecutionStep, RemediationInProgressException, RemediationParameterValue,
    RemediationTargetType, ResourceKey, ResourceValue, ResourceValueType, SsmControls,
    StartRemediationExecution, StartRemediationExecutionOutput, StaticValue,
};
use api_iam::CreateServiceLinkedRole;
use contract::{Access, Call, Check, Context, Orchestrate, Transact};
use names::Arn;
use std::collections::BTreeSet;
use store::{Tx, View};

/// An action on the remediation of a rule.
pub(super) fn access(action: &str, call: &Call, view: &View, rule: &str) -> Access {
    let arn = match view.get::<Stored>(call.scope(), rule) {
        // Those of conformance packs are their role's.
        _ if conforms::is_it(&call.principal) => {
            let own = format!(
                "remediation-configuration/aws-service-remediation-configuration/{}/*",
                conforms::SERVICE
            );
            Arn::new("config", call.scope(), own)
        }
        Ok(Some(stored)) => stored.arn(),
        _ => Arn::new("config", call.scope(), "remediation-configuration/*"),
    };
    Access::on(format!("config:{action}"), arn)
}

fn no_remediation(rule: &str) -> Error {
    NoSuchRemediationConfigurationException::new(format!(
        "No RemediationConfiguration for rule {rule} exists."
    ))
    .into()
}

fn find(view: &View, call: &Call, rule: &str) -> Result<Stored, Error> {
    view.get::<Stored>(call.scope(), rule)?.ok_or_else(|| no_remediation(rule))
}

#[async_trait::async_trait]
impl Orchestrate<PutRemediationConfigurations> for Config {
    fn access(&self, input: &PutRemediationConfigurations, call: &Call, view: &View) -> Access {
        let mut needed = Access::default();
        for asked in &input.remediation_configurations {
            needed
                .checks
                .extend(access("PutRemediationConfigurations", call, view, &asked.config_rule_name).checks);
            let role =
                asked.parameters.as_ref().and_then(|parameters| parameters.get("AutomationAssumeRole"));
            let role = role.and_then(|role| role.static_value.as_ref()).and_then(|role| role.values.first());
            needed.checks.extend(role.map(|role| Check::pass_role(role, "ssm.amazonaws.com")));
        }
        if needed.checks.is_empty() { access("PutRemediationConfigurations", call, view, "") } else { needed }
    }

    async fn run(
        &self,
        input: PutRemediationConfigurations,
        call: &Call,
        context: &Context,
    ) -> Result<PutRemediationConfigurationsOutput, Error> {
        let mut names = BTreeSet::new();
        for asked in &input.remediation_configurations {
            if !names.insert(asked.config_rule_name.as_str()) {
                return Err(invalid("A rule can have one remediation configuration only."));
            }
            rules::rule(&context.store.view(), call, &asked.config_rule_name)
                .map_err(|_| invalid(format!("The ConfigRule '{}' provided in the request is invalid. Please check the configRule name", asked.config_rule_name)))?;
        }
        if input.remediation_configurations.is_empty() {
            return Ok(PutRemediationConfigurationsOutput { failed_batches: Some(Vec::new()) });
        }
        let caller = service_role(call, context).await?;
        let mut all: Vec<Checked> = Vec::new();
        for asked in input.remediation_configurations {
            all.push(checked(asked, &caller).await?);
        }
        context
            .transact(call, |call, tx| {
                for checked in &all {
                    put(tx, checked, call)?;
                }
                Ok::<(), Error>(())
            })
            .await?;
        Ok(PutRemediationConfigurationsOutput { failed_batches: Some(Vec::new()) })
    }
}

/// A session of the role of remediation, which is made where it is not there yet, as the caller.
async fn service_role(call: &Call, context: &Context) -> Result<contract::Caller, Error> {
    if let Ok(caller) = role::session(context, call.scope(), &call.chain).await {
        return Ok(caller);
    }
    let own = context.caller(
        call.principal.clone(),
        call.scope(),
        call.chain.through(crate::engine::task::PRINCIPAL),
    );
    let create = CreateServiceLinkedRole {
        aws_service_name: role::SERVICE.into(),
        ..CreateServiceLinkedRole::default()
    };
    let made = match own.call(create).await {
        Ok(_) => role::session(context, call.scope(), &call.chain).await,
        Err(error) => Err(error),
    };
    made.map_err(|error| match error.status {
        500.. => Error::Common(error),
        _ => InsufficientPermissionsException::new(format!(
            "AWS Config cannot make or assume the service-linked role AWSServiceRoleForConfigRemediation: {}",
            error.message
        ))
        .into(),
    })
}

fn put(tx: &mut Tx, checked: &Checked, call: &Call) -> Result<(), Error> {
    rules::check_owner(&rules::rule(tx, call, &checked.rule)?, call)?;
    let known = tx.get::<Stored>(call.scope(), checked.rule.as_str())?;
    let stored = Stored {
        scope: call.scope(),
        rule: checked.rule.clone(),
        id: known.map_or_else(|| call.entropy.lower_alphanumeric(6), |known| known.id),
        target: checked.target.clone(),
        target_version: checked.target_version.clone(),
        parameters: checked.parameters.clone(),
        resource_type: checked.resource_type.clone(),
        automatic: checked.automatic,
        controls: checked.controls,
        attempts: checked.attempts,
        seconds: checked.seconds,
    };
    tx.put(stored.clone())?;
    if stored.automatic {
        // What is noncompliant already turns no more.
        let prefix = (stored.rule.as_str(), ComplianceType::NonCompliant.as_str());
        for result in tx.by_index::<EvaluationResult>(call.scope(), "compliance", prefix)? {
            begin(tx, &stored, (&result.resource_type, &result.resource_id), true, call.now)?;
        }
    }
    Ok(())
}

fn shown(stored: Stored) -> RemediationConfiguration {
    let arn = stored.arn().to_string();
    let value = |value: RemediationParameter| match value {
        RemediationParameter::ResourceId => RemediationParameterValue {
            resource_value: Some(ResourceValue { value: ResourceValueType::ResourceId }),
            static_value: None,
        },
        RemediationParameter::Static(values) => {
            RemediationParameterValue { resource_value: None, static_value: Some(StaticValue { values }) }
        }
    };
    RemediationConfiguration {
        config_rule_name: stored.rule,
        target_type: RemediationTargetType::SsmDocument,
        target_id: stored.target,
        target_version: stored.target_version,
        parameters: Some(stored.parameters.into_iter().map(|(name, given)| (name, value(given))).collect()),
        resource_type: stored.resource_type,
        automatic: Some(stored.automatic),
        execution_controls: stored.controls.map(|(rate, errors)| ExecutionControls {
            ssm_controls: Some(SsmControls {
                concurrent_execution_rate_percentage: rate,
                error_percentage: errors,
            }),
        }),
        maximum_automatic_attempts: stored.attempts,
        retry_attempt_seconds: stored.seconds,
        arn: Some(arn),
        created_by_service: None,
    }
}

impl Transact<DescribeRemediationConfigurations> for Config {
    fn access(input: &DescribeRemediationConfigurations, call: &Call, view: &View) -> Access {
        let mut needed = Access::default();
        for rule in &input.config_rule_names {
            needed.checks.extend(access("DescribeRemediationConfigurations", call, view, rule).checks);
        }
        if needed.checks.is_empty() {
            access("DescribeRemediationConfigurations", call, view, "")
        } else {
            needed
        }
    }

    fn run(
        input: DescribeRemediationConfigurations,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeRemediationConfigurationsOutput, Error> {
        let mut list = Vec::new();
        for rule in input.config_rule_names {
            list.extend(tx.get::<Stored>(call.scope(), rule.as_str())?.map(shown));
        }
        Ok(DescribeRemediationConfigurationsOutput { remediation_configurations: Some(list) })
    }
}

impl Transact<DeleteRemediationConfiguration> for Config {
    fn access(input: &DeleteRemediationConfiguration, call: &Call, view: &View) -> Access {
        access("DeleteRemediationConfiguration", call, view, &input.config_rule_name)
    }

    fn run(
        input: DeleteRemediationConfiguration,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteRemediationConfigurationOutput, Error> {
        let stored = find(tx, call, &input.config_rule_name)?;
        if input.resource_type.is_some() && input.resource_type != stored.resource_type {
            return Err(no_remediation(&input.config_rule_name));
        }
        let remediations = tx.scan::<Remediation>(stored.scope, (stored.rule.as_str(),)).rows()?;
        if remediations.iter().any(Remediation::is_under_way) {
            let message = "Remediation action is in progress. You can either cancel execution in Amazon Web Services Systems Manager or wait and try again later.";
            return Err(RemediationInProgressException::new(message).into());
        }
        for own in remediations {
            tx.remove::<Remediation>(
                own.scope,
                (own.rule.as_str(), own.resource_type.as_str(), own.resource_id.as_str()),
            )?;
        }
        for own in tx.scan::<RemediationException>(stored.scope, (stored.rule.as_str(),)).rows()? {
            tx.remove::<RemediationException>(
                own.scope,
                (own.rule.as_str(), own.resource_type.as_str(), own.resource_id.as_str()),
            )?;
        }
        tx.remove::<Stored>(stored.scope, stored.rule.as_str())?;
        Ok(DeleteRemediationConfigurationOutput {})
    }
}

impl Transact<StartRemediationExecution> for Config {
    fn access(input: &StartRemediationExecution, call: &Call, view: &View) -> Access {
        access("StartRemediationExecution", call, view, &input.config_rule_name)
    }

    fn run(
        input: StartRemediationExecution,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<StartRemediationExecutionOutput, Error> {
        let stored = find(tx, call, &input.config_rule_name)?;
        let mut failed = Vec::new();
        for key in input.resource_keys {
            let result = (stored.rule.as_str(), key.resource_type.as_str(), key.resource_id.as_str());
            let judged = tx.get::<EvaluationResult>(stored.scope, result)?;
            let begun = judged.is_some()
                && begin(tx, &stored, (&key.resource_type, &key.resource_id), false, call.now)?;
            if !begun {
                failed.push(key);
            }
        }
        if failed.is_empty() {
            return Ok(StartRemediationExecutionOutput::default());
        }
        let message =
            "The rule has no result of these resources, or their remediation is in progress already.";
        Ok(StartRemediationExecutionOutput {
            failure_message: Some(message.into()),
            failed_items: Some(failed),
        })
    }
}

impl Transact<DescribeRemediationExecutionStatus> for Config {
    fn access(input: &DescribeRemediationExecutionStatus, call: &Call, view: &View) -> Access {
        access("DescribeRemediationExecutionStatus", call, view, &input.config_rule_name)
    }

    fn run(
        input: DescribeRemediationExecutionStatus,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeRemediationExecutionStatusOutput, Error> {
        let stored = find(tx, call, &input.config_rule_name)?;
        let page = Page::new("remediation-executions", input.next_token.as_ref(), input.limit, 100, 100)?;
        let mut remediations = tx.scan::<Remediation>(stored.scope, (stored.rule.as_str(),)).rows()?;
        if let Some(keys) = input.resource_keys.filter(|keys| !keys.is_empty()) {
            remediations.retain(|own| {
                keys.iter()
                    .any(|key| key.resource_type == own.resource_type && key.resource_id == own.resource_id)
            });
        }
        let key = |own: &Remediation| format!("{}/{}", own.resource_type, own.resource_id);
        let (remediations, next_token) = page.of(remediations, key)?;
        let statuses = remediations.into_iter().map(status).collect();
        Ok(DescribeRemediationExecutionStatusOutput {
            remediation_execution_statuses: Some(statuses),
            next_token,
        })
    }
}

fn status(remediation: Remediation) -> RemediationExecutionStatus {
    let steps = remediation.steps.into_iter().map(|step| RemediationExecutionStep {
        name: Some(step.name),
        state: step.state.parse().ok(),
        error_message: step.error,
        start_time: step.started,
        stop_time: step.stopped,
    });
    RemediationExecutionStatus {
        resource_key: Some(ResourceKey {
            resource_type: remediation.resource_type,
            resource_id: remediation.resource_id,
        }),
        state: remediation.state.parse().ok(),
        step_details: Some(steps.collect()),
        invocation_time: Some(remediation.invoked),
        last_updated_time: Some(remediation.updated),
    }
}

/// Rate controls, which say how many of many resources are remediated at once.
pub(super) fn no_controls() -> Error {
    not_built(
        "ExecutionControls of remediation configurations are not built in Cloudchamber: each resource is remediated by itself.",
    )
}

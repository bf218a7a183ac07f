//! `AWS::Config::RemediationConfiguration`; `Ref` answers the rule's name.

use api_config::{
    DeleteRemediationConfiguration, DescribeRemediationConfigurations, ExecutionControls,
    PutRemediationConfigurations, RemediationConfiguration, RemediationParameterValue, ResourceValue,
    ResourceValueType, SsmControls, StaticValue,
};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::collections::BTreeMap;

pub(super) struct RemediationConfigurationHandler;

const PROPERTIES: &[&str] = &[
    "Automatic",
    "ConfigRuleName",
    "ExecutionControls",
    "MaximumAutomaticAttempts",
    "Parameters",
    "ResourceType",
    "RetryAttemptSeconds",
    "TargetId",
    "TargetType",
    "TargetVersion",
];

#[async_trait::async_trait]
impl ResourceHandler for RemediationConfigurationHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::Config::RemediationConfiguration"
    }

    fn properties(&self) -> &'static [&'static str] {
        PROPERTIES
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["ConfigRuleName"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let wanted = wanted(properties, context)?;
        let physical_id = wanted.config_rule_name.clone();
        put(wanted, context).await?;
        Ok(Created { physical_id, attributes: BTreeMap::new() })
    }

    async fn update(
        &self,
        _: &str,
        _: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        put(wanted(new, context)?, context).await?;
        Ok(Updated::default())
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let config_rule_name = physical_id.to_owned();
        let describe =
            DescribeRemediationConfigurations { config_rule_names: vec![config_rule_name.clone()] };
        if context.caller.call(describe).await?.remediation_configurations.unwrap_or_default().is_empty() {
            return Ok(());
        }
        context.caller.call(DeleteRemediationConfiguration { config_rule_name, resource_type: None }).await?;
        Ok(())
    }
}

async fn put(wanted: RemediationConfiguration, context: &HandlerContext) -> Result<(), HandlerFailure> {
    context.caller.call(PutRemediationConfigurations { remediation_configurations: vec![wanted] }).await?;
    Ok(())
}

fn small(properties: &Properties, name: &str) -> Result<Option<i32>, HandlerFailure> {
    let number = properties.integer(name)?;
    number
        .map(|number| {
            i32::try_from(number).map_err(|_| HandlerFailure::invalid(format!("{name} is out of range")))
        })
        .transpose()
}

/// In a conformance pack a rule may be named as the template names it.
fn rule_name(given: String, context: &HandlerContext) -> String {
    match crate::cloudformation::pack(context) {
        Some(pack) if !given.ends_with(pack) => format!("{given}-{pack}"),
        _ => given,
    }
}

fn wanted(
    properties: &Properties,
    context: &HandlerContext,
) -> Result<RemediationConfiguration, HandlerFailure> {
    let target_type = properties.required_string("TargetType")?;
    let controls = match properties.object("ExecutionControls")? {
        None => None,
        Some(controls) => {
            controls.only(&["SsmControls"])?;
            let ssm_controls = match controls.object("SsmControls")? {
                None => None,
                Some(ssm) => Some(SsmControls {
                    concurrent_execution_rate_percentage: small(&ssm, "ConcurrentExecutionRatePercentage")?,
                    error_percentage: small(&ssm, "ErrorPercentage")?,
                }),
            };
            Some(ExecutionControls { ssm_controls })
        }
    };
    Ok(RemediationConfiguration {
        config_rule_name: rule_name(properties.required_string("ConfigRuleName")?, context),
        target_type: target_type
            .parse()
            .map_err(|_| HandlerFailure::invalid(format!("TargetType {target_type} is not SSM_DOCUMENT")))?,
        target_id: properties.required_string("TargetId")?,
        target_version: properties.string("TargetVersion")?,
        parameters: parameters(properties)?,
        resource_type: properties.string("ResourceType")?,
        automatic: properties.boolean("Automatic")?,
        execution_controls: controls,
        maximum_automatic_attempts: small(properties, "MaximumAutomaticAttempts")?,
        retry_attempt_seconds: properties.integer("RetryAttemptSeconds")?,
        arn: None,
        created_by_service: None,
    })
}

fn parameters(
    properties: &Properties,
) -> Result<Option<BTreeMap<String, RemediationParameterValue>>, HandlerFailure> {
    let Some(given) = properties.object("Parameters")? else { return Ok(None) };
    let mut parameters = BTreeMap::new();
    for name in given.document().as_object().into_iter().flat_map(|members| members.keys()) {
        let Some(value) = given.object(name)? else { continue };
        value.only(&["ResourceValue", "StaticValue"])?;
        let resource_value = match value.object("ResourceValue")? {
            None => None,
            Some(value) => match value.required_string("Value")?.as_str() {
                "RESOURCE_ID" => Some(ResourceValue { value: ResourceValueType::ResourceId }),
                other => {
                    return Err(HandlerFailure::invalid(format!("ResourceValue {other} is not RESOURCE_ID")));
                }
            },
        };
        // The documentation names the member both ways.
        let static_value = match value.object("StaticValue")? {
            None => None,
            Some(value) => {
                let values = value.strings("Values")?.or(value.strings("Value")?);
                Some(StaticValue { values: values.ok_or_else(|| value.missing("Values"))? })
            }
        };
        parameters.insert(name.clone(), RemediationParameterValue { resource_value, static_value });
    }
    Ok(Some(parameters))
}

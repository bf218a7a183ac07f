use super::{choice, pack, unless_gone};
use api_config::{
    ComplianceType, ConfigRule, CustomPolicyDetails, DeleteConfigRule, DescribeComplianceByConfigRule,
    DescribeConfigRules, EvaluationModeConfiguration, Owner, PutConfigRule, Scope, Source, SourceDetail, Tag,
};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::collections::BTreeMap;
use wire::Document;

/// `AWS::Config::ConfigRule`; `Ref` answers the name.
pub(super) struct ConfigRuleHandler;

const PROPERTIES: &[&str] = &[
    "ConfigRuleName",
    "Description",
    "EvaluationModes",
    "InputParameters",
    "MaximumExecutionFrequency",
    "Scope",
    "Source",
];

#[async_trait::async_trait]
impl ResourceHandler for ConfigRuleHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::Config::ConfigRule"
    }

    fn properties(&self) -> &'static [&'static str] {
        PROPERTIES
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["ConfigRuleName"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn", "ConfigRuleId", "Compliance.Type"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let given = properties.string("ConfigRuleName")?;
        let name = match (pack(context), given) {
            (Some(pack), Some(name)) => format!("{name}-{pack}"),
            (Some(pack), None) => format!("{}-{pack}", context.generated_name(128 - pack.len() - 1)),
            (None, Some(name)) => name,
            (None, None) => context.generated_name(128),
        };
        put(&name, properties, context).await?;
        Ok(Created { attributes: attributes(&name, context).await?, physical_id: name })
    }

    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        put(physical_id, new, context).await?;
        Ok(Updated { attributes: attributes(physical_id, context).await? })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let deleted =
            context.caller.call(DeleteConfigRule { config_rule_name: physical_id.to_owned() }).await;
        match deleted {
            // It is being deleted already.
            Err(error) if error.code == "ResourceInUseException" => Ok(()),
            other => unless_gone(other),
        }
    }
}

async fn put(name: &str, properties: &Properties, context: &HandlerContext) -> Result<(), HandlerFailure> {
    let rule = read(name, properties)?;
    let tags = context
        .stack_tags
        .iter()
        .filter(|(key, _)| !key.starts_with("aws:"))
        .map(|(key, value)| Tag { key: Some(key.clone()), value: Some(value.clone()) })
        .collect();
    context.caller.call(PutConfigRule { config_rule: rule, tags: Some(tags) }).await?;
    Ok(())
}

fn read(name: &str, properties: &Properties) -> Result<ConfigRule, HandlerFailure> {
    properties.only(PROPERTIES)?;
    let source = properties.object("Source")?.ok_or_else(|| properties.missing("Source"))?;
    let modes = properties
        .objects("EvaluationModes")?
        .iter()
        .map(|mode| {
            Ok(EvaluationModeConfiguration { mode: choice("EvaluationModes/Mode", mode.string("Mode")?)? })
        })
        .collect::<Result<Vec<_>, HandlerFailure>>()?;
    Ok(ConfigRule {
        config_rule_name: Some(name.to_owned()),
        description: properties.string("Description")?,
        scope: properties.object("Scope")?.as_ref().map(read_scope).transpose()?,
        source: read_source(&source)?,
        input_parameters: read_parameters(properties.get("InputParameters"))?,
        maximum_execution_frequency: choice(
            "MaximumExecutionFrequency",
            properties.string("MaximumExecutionFrequency")?,
        )?,
        evaluation_modes: Some(modes).filter(|modes| !modes.is_empty()),
        ..ConfigRule::default()
    })
}

fn read_scope(scope: &Properties) -> Result<Scope, HandlerFailure> {
    scope.only(&["ComplianceResourceId", "ComplianceResourceTypes", "TagKey", "TagValue"])?;
    Ok(Scope {
        compliance_resource_types: scope.strings("ComplianceResourceTypes")?,
        tag_key: scope.string("TagKey")?,
        tag_value: scope.string("TagValue")?,
        compliance_resource_id: scope.string("ComplianceResourceId")?,
    })
}

fn read_source(source: &Properties) -> Result<Source, HandlerFailure> {
    source.only(&["Owner", "SourceIdentifier", "SourceDetails", "CustomPolicyDetails"])?;
    let details = source
        .objects("SourceDetails")?
        .iter()
        .map(|detail| {
            Ok(SourceDetail {
                event_source: choice("Source/SourceDetails/EventSource", detail.string("EventSource")?)?,
                message_type: choice("Source/SourceDetails/MessageType", detail.string("MessageType")?)?,
                maximum_execution_frequency: choice(
                    "Source/SourceDetails/MaximumExecutionFrequency",
                    detail.string("MaximumExecutionFrequency")?,
                )?,
            })
        })
        .collect::<Result<Vec<_>, HandlerFailure>>()?;
    let policy = source.object("CustomPolicyDetails")?;
    let policy = policy.map(|policy| {
        Ok::<_, HandlerFailure>(CustomPolicyDetails {
            policy_runtime: policy.string("PolicyRuntime")?.unwrap_or_default(),
            policy_text: policy.string("PolicyText")?.unwrap_or_default(),
            enable_debug_log_delivery: policy.boolean("EnableDebugLogDelivery")?,
        })
    });
    let owner: Option<Owner> = choice("Source/Owner", Some(source.required_string("Owner")?))?;
    Ok(Source {
        owner: owner.unwrap_or_default(),
        source_identifier: source.string("SourceIdentifier")?,
        source_details: Some(details).filter(|details| !details.is_empty()),
        custom_policy_details: policy.transpose()?,
    })
}

/// JSON text, or an object whose values become text.
fn read_parameters(parameters: Option<&Document>) -> Result<Option<String>, HandlerFailure> {
    match parameters {
        None => Ok(None),
        Some(Document::String(text)) => Ok(Some(text.clone())),
        Some(Document::Object(members)) => {
            let texts = members.iter().map(|(name, value)| {
                let text = match value {
                    Document::String(text) => text.clone(),
                    other => other.to_string(),
                };
                (name.clone(), text)
            });
            Ok(Some(texts.collect::<Document>().to_string()))
        }
        Some(_) => Err(HandlerFailure::invalid("#/InputParameters: expected type: JSONObject")),
    }
}

async fn attributes(
    name: &str,
    context: &HandlerContext,
) -> Result<BTreeMap<String, Document>, HandlerFailure> {
    let names = Some(vec![name.to_owned()]);
    let asked = DescribeConfigRules { config_rule_names: names.clone(), ..DescribeConfigRules::default() };
    let rules = context.caller.call(asked).await?.config_rules.unwrap_or_default();
    let rule = rules.into_iter().next().unwrap_or_default();
    let own = |compliance: ComplianceType| {
        BTreeMap::from([
            ("Arn".to_owned(), rule.config_rule_arn.clone().into()),
            ("ConfigRuleId".to_owned(), rule.config_rule_id.clone().into()),
            ("Compliance.Type".to_owned(), compliance.as_str().into()),
        ])
    };
    // The role of packs may not ask for it, and a new rule has found nothing yet.
    if pack(context).is_some() {
        return Ok(own(ComplianceType::InsufficientData));
    }
    let asked = DescribeComplianceByConfigRule {
        config_rule_names: names,
        ..DescribeComplianceByConfigRule::default()
    };
    let compliance = context.caller.call(asked).await?.compliance_by_config_rules.unwrap_or_default();
    let compliance = compliance.into_iter().next().and_then(|rule| rule.compliance?.compliance_type);
    Ok(own(compliance.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::document;

    #[test]
    fn parameters_become_text() {
        let object = document!({ "debug": true, "port": 22, "name": "x" });
        let read = read_parameters(Some(&object)).unwrap().unwrap();
        assert_eq!(read, r#"{"debug":"true","port":"22","name":"x"}"#);
        assert!(read_parameters(Some(&document!([1]))).is_err());
    }

    #[test]
    fn a_rule_is_read_whole() {
        let properties = Properties::new(document!({
            "Source": {
                "Owner": "CUSTOM_LAMBDA",
                "SourceIdentifier": "arn:aws:lambda:us-east-1:111122223333:function:f",
                "SourceDetails": [{ "EventSource": "aws.config", "MessageType": "ScheduledNotification",
                    "MaximumExecutionFrequency": "One_Hour" }]
            },
            "Scope": { "ComplianceResourceTypes": ["AWS::EC2::VPC"] }
        }));
        let rule = read("r", &properties).unwrap();
        assert_eq!(rule.source.source_details.unwrap().len(), 1);
        assert_eq!(rule.scope.unwrap().compliance_resource_types.unwrap(), ["AWS::EC2::VPC"]);
        let stranger = Properties::new(document!({ "Source": { "Owner": "X" }, "Sauce": 1 }));
        assert!(read("r", &stranger).is_err());
    }
}

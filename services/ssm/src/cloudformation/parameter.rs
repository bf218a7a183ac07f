//! `AWS::SSM::Parameter`.

use super::{is_own, listed, retag};
use api_ssm::{DeleteParameter, ParameterTier, ParameterType, PutParameter, ResourceTypeForTagging};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use names::Tags;
use std::collections::BTreeMap;
use wire::Document;

pub(crate) struct ParameterHandler;

const KIND: ResourceTypeForTagging = ResourceTypeForTagging::Parameter;

#[async_trait::async_trait]
impl ResourceHandler for ParameterHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::SSM::Parameter"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["Name", "Type", "Value", "Description", "Policies", "AllowedPattern", "Tier", "Tags", "DataType"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["Name"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Type", "Value"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        // As AWS names what has no name.
        let generated = || format!("CFN-{}-{}", context.logical_id, context.token);
        let name = properties.string("Name")?.unwrap_or_else(generated);
        let put = wanted(&name, properties)?;
        let tags = Some(listed(tags(properties, &context.stack_tags)?)).filter(|tags| !tags.is_empty());
        match context.caller.call(PutParameter { tags, ..put.clone() }).await {
            Ok(_) => {}
            Err(error) if error.code == "ParameterAlreadyExists" && is_own(KIND, &name, context).await? => {
                context.caller.call(PutParameter { overwrite: Some(true), ..put }).await?;
            }
            Err(error) if error.code == "ParameterAlreadyExists" => {
                return Err(HandlerFailure::new("AlreadyExists", format!("{name} already exists in stack")));
            }
            Err(error) => return Err(error.into()),
        }
        Ok(Created { physical_id: name, attributes: attributes(properties)? })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let (before, after) = (wanted(physical_id, old)?, wanted(physical_id, new)?);
        if before != after {
            // What is no longer in the template is taken away: a parameter would keep what is left out.
            let after = PutParameter {
                overwrite: Some(true),
                description: after.description.or_else(|| before.description.map(|_| String::new())),
                allowed_pattern: after
                    .allowed_pattern
                    .or_else(|| before.allowed_pattern.map(|_| String::new())),
                policies: after.policies.or_else(|| before.policies.map(|_| "[{}]".to_owned())),
                ..after
            };
            context.caller.call(after).await?;
        }
        let tags = (tags(old, &context.previous_stack_tags)?, tags(new, &context.stack_tags)?);
        retag(KIND, physical_id, tags, context).await?;
        Ok(Updated { attributes: attributes(new)? })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        match context.caller.call(DeleteParameter { name: physical_id.to_owned() }).await {
            Err(error) if error.code != "ParameterNotFound" => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// The request but for what a creation and an update do differently.
fn wanted(name: &str, properties: &Properties) -> Result<PutParameter, HandlerFailure> {
    let kind = match properties.required_string("Type")?.as_str() {
        "String" => ParameterType::String,
        "StringList" => ParameterType::StringList,
        // <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ssm-parameter.html>: no SecureString.
        other => return Err(HandlerFailure::invalid(format!("#/Type: {other} is not a valid enum value"))),
    };
    let tier = match properties.string("Tier")? {
        None => None,
        Some(text) => match text.parse::<ParameterTier>() {
            Ok(tier) => Some(tier),
            Err(_) => {
                return Err(HandlerFailure::invalid(format!("#/Tier: {text} is not a valid enum value")));
            }
        },
    };
    Ok(PutParameter {
        name: name.to_owned(),
        value: properties.required_string("Value")?,
        r#type: Some(kind),
        tier,
        description: properties.string("Description")?,
        allowed_pattern: properties.string("AllowedPattern")?,
        policies: properties.string("Policies")?,
        data_type: properties.string("DataType")?,
        ..PutParameter::default()
    })
}

/// `Tags` is a map of this type.
fn tags(properties: &Properties, stack_tags: &Tags) -> Result<Tags, HandlerFailure> {
    let mut tags = stack_tags.clone();
    if let Some(own) = properties.object("Tags")? {
        for key in own.document().as_object().map(|members| members.keys()).into_iter().flatten() {
            tags.insert(key.clone(), own.required_string(key)?);
        }
    }
    Ok(tags)
}

fn attributes(properties: &Properties) -> Result<BTreeMap<String, Document>, HandlerFailure> {
    let of = |name: &str| Ok((name.to_owned(), Document::from(properties.required_string(name)?)));
    ["Type", "Value"].into_iter().map(of).collect()
}

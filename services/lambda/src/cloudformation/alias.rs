//! `AWS::Lambda::Alias`.

use super::gone;
use super::version::provision;
use api_lambda::{
    AliasRoutingConfiguration, CreateAlias, DeleteAlias, DeleteProvisionedConcurrencyConfig, GetAlias,
    UpdateAlias,
};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::collections::BTreeMap;
use wire::Document;

pub(super) struct Alias;

fn attributes(arn: &str) -> BTreeMap<String, Document> {
    BTreeMap::from([("AliasArn".to_owned(), arn.into())])
}

fn routing(properties: &Properties) -> Result<AliasRoutingConfiguration, HandlerFailure> {
    let mut weights = BTreeMap::new();
    if let Some(routing) = properties.object("RoutingConfig")? {
        routing.only(&["AdditionalVersionWeights"])?;
        for weight in routing.objects("AdditionalVersionWeights")? {
            weight.only(&["FunctionVersion", "FunctionWeight"])?;
            let share = weight.required_string("FunctionWeight")?;
            let share = share.parse().map_err(|_| {
                HandlerFailure::invalid(format!("{}/FunctionWeight: expected type: Number", weight.path()))
            })?;
            weights.insert(weight.required_string("FunctionVersion")?, share);
        }
    }
    Ok(AliasRoutingConfiguration { additional_version_weights: Some(weights) })
}

#[async_trait::async_trait]
impl ResourceHandler for Alias {
    fn resource_type(&self) -> &'static str {
        "AWS::Lambda::Alias"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "Description",
            "FunctionName",
            "FunctionVersion",
            "Name",
            "ProvisionedConcurrencyConfig",
            "RoutingConfig",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["FunctionName", "Name"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["AliasArn"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let function_name = properties.required_string("FunctionName")?;
        let name = properties.required_string("Name")?;
        let input = CreateAlias {
            function_name: function_name.clone(),
            name: name.clone(),
            function_version: properties.required_string("FunctionVersion")?,
            description: properties.string("Description")?,
            routing_config: Some(routing(properties)?),
        };
        let alias = match context.caller.call(input.clone()).await {
            Err(error) if error.code == "ResourceConflictException" => {
                // An earlier try of this step made it, unless it differs in anything.
                let found = GetAlias { function_name: function_name.clone(), name: name.clone() };
                let found = context.caller.call(found).await?;
                let same = found.function_version.as_ref() == Some(&input.function_version)
                    && found.description == Some(input.description.unwrap_or_default());
                if !same {
                    return Err(error.into());
                }
                found
            }
            other => other?,
        };
        provision(properties, &function_name, &name, context).await?;
        let arn = alias.alias_arn.unwrap_or_default();
        Ok(Created { attributes: attributes(&arn), physical_id: arn })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let function_name = new.required_string("FunctionName")?;
        let name = new.required_string("Name")?;
        let input = UpdateAlias {
            function_name: function_name.clone(),
            name: name.clone(),
            function_version: Some(new.required_string("FunctionVersion")?),
            description: Some(new.string("Description")?.unwrap_or_default()),
            routing_config: Some(routing(new)?),
            revision_id: None,
        };
        context.caller.call(input).await?;
        if new.get("ProvisionedConcurrencyConfig").is_some() {
            provision(new, &function_name, &name, context).await?;
        } else if old.get("ProvisionedConcurrencyConfig").is_some() {
            context
                .caller
                .call(DeleteProvisionedConcurrencyConfig { function_name, qualifier: name })
                .await?;
        }
        Ok(Updated { attributes: attributes(physical_id) })
    }

    async fn delete(
        &self,
        _: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let input = DeleteAlias {
            function_name: properties.required_string("FunctionName")?,
            name: properties.required_string("Name")?,
        };
        gone(context.caller.call(input).await)
    }
}

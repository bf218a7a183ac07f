//! `AWS::Lambda::LayerVersionPermission`.

use super::gone;
use api_lambda::{AddLayerVersionPermission, RemoveLayerVersionPermission};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::collections::BTreeMap;

pub(super) struct LayerVersionPermission;

const PROPERTIES: &[&str] = &["Action", "LayerVersionArn", "OrganizationId", "Principal"];

/// A layer's ARN and a version's number.
fn parts(arn: &str) -> Result<(String, i64), HandlerFailure> {
    let refused =
        || HandlerFailure::invalid(format!("#/LayerVersionArn: {arn} is not the ARN of a layer's version"));
    let (layer, number) = arn.rsplit_once(':').ok_or_else(refused)?;
    Ok((layer.to_owned(), number.parse().map_err(|_| refused())?))
}

#[async_trait::async_trait]
impl ResourceHandler for LayerVersionPermission {
    fn resource_type(&self) -> &'static str {
        "AWS::Lambda::LayerVersionPermission"
    }

    fn properties(&self) -> &'static [&'static str] {
        PROPERTIES
    }

    fn create_only(&self) -> &'static [&'static str] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Id"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let arn = properties.required_string("LayerVersionArn")?;
        let (layer_name, version_number) = parts(&arn)?;
        let statement_id = context.generated_name(100);
        let input = AddLayerVersionPermission {
            layer_name,
            version_number,
            statement_id: statement_id.clone(),
            action: properties.required_string("Action")?,
            principal: properties.required_string("Principal")?,
            organization_id: properties.string("OrganizationId")?,
            revision_id: None,
        };
        match context.caller.call(input).await {
            // The id holds this step's token: it was made by an earlier try of the step.
            Err(error) if error.code == "ResourceConflictException" => {}
            other => {
                other?;
            }
        }
        let id = format!("{arn}#{statement_id}");
        let attributes = BTreeMap::from([("Id".to_owned(), id.as_str().into())]);
        Ok(Created { physical_id: id, attributes })
    }

    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        _: &Properties,
        _: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        // Every property replaces it.
        Ok(Updated { attributes: BTreeMap::from([("Id".to_owned(), physical_id.into())]) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let Some((arn, statement_id)) = physical_id.split_once('#') else { return Ok(()) };
        let (layer_name, version_number) = parts(arn)?;
        let input = RemoveLayerVersionPermission {
            layer_name,
            version_number,
            statement_id: statement_id.to_owned(),
            revision_id: None,
        };
        gone(context.caller.call(input).await)
    }
}

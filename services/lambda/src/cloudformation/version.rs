//! `AWS::Lambda::Version`.

use super::{gone, number};
use api_lambda::{DeleteFunction, PublishVersion, PutProvisionedConcurrencyConfig};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::collections::BTreeMap;

pub(super) struct Version;

const PROPERTIES: &[&str] = &["CodeSha256", "Description", "FunctionName", "ProvisionedConcurrencyConfig"];

/// `ProvisionedConcurrencyConfig` of a version or alias.
pub(super) async fn provision(
    properties: &Properties,
    function_name: &str,
    qualifier: &str,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let Some(config) = properties.object("ProvisionedConcurrencyConfig")? else { return Ok(()) };
    config.only(&["ProvisionedConcurrentExecutions"])?;
    let executions = number(&config, "ProvisionedConcurrentExecutions")?;
    let input = PutProvisionedConcurrencyConfig {
        function_name: function_name.to_owned(),
        qualifier: qualifier.to_owned(),
        provisioned_concurrent_executions: executions
            .ok_or_else(|| config.missing("ProvisionedConcurrentExecutions"))?,
    };
    context.caller.call(input).await?;
    Ok(())
}

#[async_trait::async_trait]
impl ResourceHandler for Version {
    fn resource_type(&self) -> &'static str {
        "AWS::Lambda::Version"
    }

    fn properties(&self) -> &'static [&'static str] {
        PROPERTIES
    }

    fn create_only(&self) -> &'static [&'static str] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Version", "FunctionArn"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let function_name = properties.required_string("FunctionName")?;
        let input = PublishVersion {
            function_name: function_name.clone(),
            code_sha256: properties.string("CodeSha256")?,
            description: properties.string("Description")?,
            ..PublishVersion::default()
        };
        // Publishing the same again answers the same version: a second try of this step finds what the first made.
        let published = context.caller.call(input).await?;
        let version = published.version.unwrap_or_default();
        provision(properties, &function_name, &version, context).await?;
        let arn = published.function_arn.unwrap_or_default();
        let attributes = BTreeMap::from([
            ("Version".to_owned(), version.into()),
            ("FunctionArn".to_owned(), arn.as_str().into()),
        ]);
        Ok(Created { physical_id: arn, attributes })
    }

    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        _: &Properties,
        _: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        // Every property replaces it.
        let version = physical_id.rsplit(':').next().unwrap_or_default();
        let attributes = BTreeMap::from([
            ("Version".to_owned(), version.into()),
            ("FunctionArn".to_owned(), physical_id.into()),
        ]);
        Ok(Updated { attributes })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        gone(
            context
                .caller
                .call(DeleteFunction { function_name: physical_id.to_owned(), qualifier: None })
                .await,
        )
    }
}

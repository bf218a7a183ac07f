//! `AWS::Lambda::LayerVersion`.

use super::gone;
use api_lambda::{DeleteLayerVersion, LayerVersionContentInput, ListLayerVersions, PublishLayerVersion};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::collections::BTreeMap;
use wire::Document;

pub(super) struct LayerVersion;

const PROPERTIES: &[&str] =
    &["CompatibleArchitectures", "CompatibleRuntimes", "Content", "Description", "LayerName", "LicenseInfo"];

fn attributes(arn: &str) -> BTreeMap<String, Document> {
    BTreeMap::from([("LayerVersionArn".to_owned(), arn.into())])
}

fn list<T: std::str::FromStr>(properties: &Properties, name: &str) -> Result<Option<Vec<T>>, HandlerFailure> {
    let Some(texts) = properties.strings(name)? else { return Ok(None) };
    let parsed = texts.iter().map(|text| {
        let refused = || HandlerFailure::invalid(format!("#/{name}: {text} is not a valid enum value"));
        text.parse().map_err(|_| refused())
    });
    parsed.collect::<Result<_, _>>().map(Some)
}

#[async_trait::async_trait]
impl ResourceHandler for LayerVersion {
    fn resource_type(&self) -> &'static str {
        "AWS::Lambda::LayerVersion"
    }

    fn properties(&self) -> &'static [&'static str] {
        PROPERTIES
    }

    fn create_only(&self) -> &'static [&'static str] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["LayerVersionArn"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let content = properties.object("Content")?.ok_or_else(|| properties.missing("Content"))?;
        content.only(&["S3Bucket", "S3Key", "S3ObjectVersion"])?;
        let given = properties.string("LayerName")?;
        if given.is_none() {
            // The name holds this step's token: whatever has it was made by an earlier try of the step.
            let layer_name = context.generated_name(140);
            let made =
                context.caller.call(ListLayerVersions { layer_name, ..ListLayerVersions::default() }).await?;
            let first = made.layer_versions.unwrap_or_default().into_iter().next();
            if let Some(arn) = first.and_then(|version| version.layer_version_arn) {
                return Ok(Created { attributes: attributes(&arn), physical_id: arn });
            }
        }
        let input = PublishLayerVersion {
            layer_name: given.unwrap_or_else(|| context.generated_name(140)),
            description: properties.string("Description")?,
            content: LayerVersionContentInput {
                s3_bucket: Some(content.required_string("S3Bucket")?),
                s3_key: Some(content.required_string("S3Key")?),
                s3_object_version: content.string("S3ObjectVersion")?,
                zip_file: None,
            },
            compatible_runtimes: list(properties, "CompatibleRuntimes")?,
            license_info: properties.string("LicenseInfo")?,
            compatible_architectures: list(properties, "CompatibleArchitectures")?,
        };
        let arn = context.caller.call(input).await?.layer_version_arn.unwrap_or_default();
        Ok(Created { attributes: attributes(&arn), physical_id: arn })
    }

    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        _: &Properties,
        _: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        // Every property replaces it.
        Ok(Updated { attributes: attributes(physical_id) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let Some((layer, number)) = physical_id.rsplit_once(':') else { return Ok(()) };
        let Ok(version_number) = number.parse() else { return Ok(()) };
        gone(context.caller.call(DeleteLayerVersion { layer_name: layer.to_owned(), version_number }).await)
    }
}

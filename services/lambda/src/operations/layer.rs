//! PublishLayerVersion and DeleteLayerVersion.

use crate::Lambda;
use crate::answer::last_modified;
use crate::code::{Given, Source, keep};
use crate::error::{invalid, not_found};
use crate::state::layer::layer_arn;
use crate::state::{Layer, LayerVersion, Permissions};
use api_lambda::{
    DeleteLayerVersion, DeleteLayerVersionOutput, Error, LayerVersionContentOutput, PublishLayerVersion,
    PublishLayerVersionOutput,
};
use contract::{Access, Call, Context, Orchestrate, Transact};
use names::{Arn, Scope};
use store::{Tx, View};

/// A layer's scope and name, from its name or ARN.
pub(super) fn named(text: &str, call: &Call) -> Result<(Scope, String), Error> {
    if !text.starts_with("arn:") {
        return Ok((call.scope(), text.to_owned()));
    }
    let refused = || invalid(format!("{text} is not the ARN of a layer in this region."));
    let arn: Arn = text.parse().map_err(|_| refused())?;
    let name = arn.resource_after("layer:").filter(|name| !name.contains(':')).ok_or_else(refused)?;
    match arn.account {
        Some(account) if arn.service == "lambda" && arn.region == Some(call.region) => {
            Ok((Scope::new(account, call.region), name.to_owned()))
        }
        _ => Err(refused()),
    }
}

/// An action on a layer's version, with its policy and its owner.
pub(super) fn on_version(action: &str, name: &str, number: i64, call: &Call, view: &View) -> Access {
    let Ok((scope, name)) = named(name, call) else { return Access::to(action) };
    let arn = layer_arn(scope, &name, Some(number));
    let version = view.get::<LayerVersion>(scope, (name.as_str(), number)).ok().flatten();
    let policy = version.and_then(|version| version.permissions.policy(&arn));
    Access::on(action, arn).with_policy(scope.account, policy)
}

/// The version that must be there.
pub(super) fn version(view: &View, name: &str, number: i64, call: &Call) -> Result<LayerVersion, Error> {
    let (scope, name) = named(name, call)?;
    view.get(scope, (name.as_str(), number))?
        .ok_or_else(|| not_found("The resource you requested does not exist."))
}

#[async_trait::async_trait]
impl Orchestrate<PublishLayerVersion> for Lambda {
    fn access(&self, input: &PublishLayerVersion, call: &Call, _: &View) -> Access {
        match named(&input.layer_name, call) {
            Ok((scope, name)) => Access::on("lambda:PublishLayerVersion", layer_arn(scope, &name, None))
                .with_policy(scope.account, None),
            Err(_) => Access::to("lambda:PublishLayerVersion"),
        }
    }

    async fn run(
        &self,
        input: PublishLayerVersion,
        call: &Call,
        context: &Context,
    ) -> Result<PublishLayerVersionOutput, Error> {
        let (scope, name) = named(&input.layer_name, call)?;
        let content = input.content;
        let source = Source::of(Given {
            zip: content.zip_file,
            bucket: content.s3_bucket,
            key: content.s3_key,
            version: content.s3_object_version,
        })?;
        let code = keep(source, &self.engine.code, call, context).await?;
        let runtimes: Vec<String> =
            input.compatible_runtimes.iter().flatten().map(|runtime| runtime.as_str().to_owned()).collect();
        let architectures: Vec<String> =
            input.compatible_architectures.iter().flatten().map(|one| one.as_str().to_owned()).collect();
        let published = context
            .transact(call, |call, tx| {
                let layer = tx.get::<Layer>(scope, &name)?;
                let number = layer.map_or(0, |layer| layer.last_version) + 1;
                tx.put(Layer { scope, name: name.clone(), last_version: number })?;
                let version = LayerVersion {
                    scope,
                    layer: name.clone(),
                    number,
                    description: input.description.clone().unwrap_or_default(),
                    license: input.license_info.clone(),
                    runtimes: runtimes.clone(),
                    architectures: architectures.clone(),
                    code: code.clone(),
                    created: call.now,
                    permissions: Permissions::default(),
                };
                tx.insert(version.clone())?;
                Ok::<_, Error>(version)
            })
            .await?;
        let location = self.links.to(&published.code.blob, call.now, &context.endpoint)?;
        Ok(PublishLayerVersionOutput {
            content: Some(LayerVersionContentOutput {
                location: Some(location),
                code_sha256: Some(published.code.sha256.clone()),
                code_size: Some(published.code.size()),
                ..LayerVersionContentOutput::default()
            }),
            layer_arn: Some(layer_arn(scope, &name, None)),
            layer_version_arn: Some(published.arn()),
            description: Some(published.description),
            created_date: Some(last_modified(published.created)),
            version: Some(published.number),
            compatible_runtimes: input.compatible_runtimes,
            license_info: published.license,
            compatible_architectures: input.compatible_architectures,
        })
    }
}

impl Transact<DeleteLayerVersion> for Lambda {
    fn access(input: &DeleteLayerVersion, call: &Call, view: &View) -> Access {
        on_version("lambda:DeleteLayerVersion", &input.layer_name, input.version_number, call, view)
    }

    fn run(input: DeleteLayerVersion, call: &Call, tx: &mut Tx) -> Result<DeleteLayerVersionOutput, Error> {
        let (scope, name) = named(&input.layer_name, call)?;
        // Functions that use it keep it; one that is not there is deleted, as on AWS.
        tx.remove::<LayerVersion>(scope, (name.as_str(), input.version_number))?;
        Ok(DeleteLayerVersionOutput {})
    }
}

//! GetLayerVersion, GetLayerVersionByArn, ListLayers, ListLayerVersions.

use super::layer::{named, on_version, version};
use crate::Lambda;
use crate::access::layer_checks;
use crate::answer::last_modified;
use crate::error::not_found;
use crate::page::page;
use crate::state::LayerVersion;
use crate::state::layer::layer_arn;
use api_lambda::{
    Architecture, Error, GetLayerVersion, GetLayerVersionByArn, GetLayerVersionResponse,
    LayerVersionContentOutput, LayerVersionsListItem, LayersListItem, ListLayerVersions,
    ListLayerVersionsOutput, ListLayers, ListLayersOutput, Runtime,
};
use contract::{Access, Call, Context, Orchestrate, Transact};
use std::collections::BTreeMap;
use store::{Tx, View};

fn runtimes(version: &LayerVersion) -> Option<Vec<Runtime>> {
    let all: Vec<Runtime> = version.runtimes.iter().filter_map(|runtime| runtime.parse().ok()).collect();
    (!all.is_empty()).then_some(all)
}

fn architectures(version: &LayerVersion) -> Option<Vec<Architecture>> {
    let all: Vec<Architecture> = version.architectures.iter().filter_map(|one| one.parse().ok()).collect();
    (!all.is_empty()).then_some(all)
}

fn item(version: &LayerVersion) -> LayerVersionsListItem {
    LayerVersionsListItem {
        layer_version_arn: Some(version.arn()),
        version: Some(version.number),
        description: Some(version.description.clone()),
        created_date: Some(last_modified(version.created)),
        compatible_runtimes: runtimes(version),
        license_info: version.license.clone(),
        compatible_architectures: architectures(version),
    }
}

impl Lambda {
    fn layer(
        &self,
        version: &LayerVersion,
        call: &Call,
        context: &Context,
    ) -> Result<GetLayerVersionResponse, Error> {
        let endpoint =
            if call.client.endpoint.is_empty() { &context.endpoint } else { &call.client.endpoint };
        Ok(GetLayerVersionResponse {
            content: Some(LayerVersionContentOutput {
                location: Some(self.links.to(&version.code.blob, call.now, endpoint)?),
                code_sha256: Some(version.code.sha256.clone()),
                code_size: Some(version.code.size()),
                ..LayerVersionContentOutput::default()
            }),
            layer_arn: Some(layer_arn(version.scope, &version.layer, None)),
            layer_version_arn: Some(version.arn()),
            description: Some(version.description.clone()),
            created_date: Some(last_modified(version.created)),
            version: Some(version.number),
            compatible_runtimes: runtimes(version),
            license_info: version.license.clone(),
            compatible_architectures: architectures(version),
        })
    }
}

#[async_trait::async_trait]
impl Orchestrate<GetLayerVersion> for Lambda {
    fn access(&self, input: &GetLayerVersion, call: &Call, view: &View) -> Access {
        on_version("lambda:GetLayerVersion", &input.layer_name, input.version_number, call, view)
    }

    async fn run(
        &self,
        input: GetLayerVersion,
        call: &Call,
        context: &Context,
    ) -> Result<GetLayerVersionResponse, Error> {
        let found = version(&context.store.view(), &input.layer_name, input.version_number, call)?;
        self.layer(&found, call, context)
    }
}

#[async_trait::async_trait]
impl Orchestrate<GetLayerVersionByArn> for Lambda {
    fn access(&self, input: &GetLayerVersionByArn, _: &Call, view: &View) -> Access {
        Access { checks: layer_checks(std::slice::from_ref(&input.arn), view), unconditional: false }
    }

    async fn run(
        &self,
        input: GetLayerVersionByArn,
        call: &Call,
        context: &Context,
    ) -> Result<GetLayerVersionResponse, Error> {
        let found = LayerVersion::by_arn(&context.store.view(), &input.arn)?;
        let found = found.filter(|version| version.scope.region == call.region);
        let found = found.ok_or_else(|| not_found("The resource you requested does not exist."))?;
        self.layer(&found, call, context)
    }
}

/// Whether a version is for a runtime and an architecture, where those are asked for.
fn fits(version: &LayerVersion, runtime: Option<Runtime>, architecture: Option<Architecture>) -> bool {
    runtime.is_none_or(|runtime| version.runtimes.iter().any(|one| one == runtime.as_str()))
        && architecture.is_none_or(|wanted| version.architectures.iter().any(|one| one == wanted.as_str()))
}

impl Transact<ListLayers> for Lambda {
    fn access(_: &ListLayers, _: &Call, _: &View) -> Access {
        Access::to("lambda:ListLayers")
    }

    fn run(input: ListLayers, call: &Call, tx: &mut Tx) -> Result<ListLayersOutput, Error> {
        let mut latest: BTreeMap<String, LayersListItem> = BTreeMap::new();
        for version in tx.list::<LayerVersion>(call.scope())? {
            if fits(&version, input.compatible_runtime, input.compatible_architecture) {
                let listed = LayersListItem {
                    layer_name: Some(version.layer.clone()),
                    layer_arn: Some(layer_arn(version.scope, &version.layer, None)),
                    latest_matching_version: Some(item(&version)),
                };
                // Versions come in ascending order: the last one stays.
                latest.insert(version.layer, listed);
            }
        }
        let things = latest.into_iter().collect();
        let (layers, next_marker) = page("layers", input.marker.as_deref(), input.max_items, things)?;
        Ok(ListLayersOutput { layers: Some(layers), next_marker })
    }
}

impl Transact<ListLayerVersions> for Lambda {
    fn access(input: &ListLayerVersions, call: &Call, _: &View) -> Access {
        let access = Access::to("lambda:ListLayerVersions");
        // Another account's list is nobody else's to read: it has no policy that could allow it.
        match named(&input.layer_name, call) {
            Ok((scope, _)) => access.with_policy(scope.account, None),
            Err(_) => access,
        }
    }

    fn run(input: ListLayerVersions, call: &Call, tx: &mut Tx) -> Result<ListLayerVersionsOutput, Error> {
        let (scope, name) = named(&input.layer_name, call)?;
        let versions = tx.scan::<LayerVersion>(scope, (name.as_str(),)).rows()?;
        let fitting = versions
            .into_iter()
            .filter(|version| fits(version, input.compatible_runtime, input.compatible_architecture));
        // The newest comes first.
        let things =
            fitting.map(|version| (format!("{:020}", i64::MAX - version.number), item(&version))).collect();
        let list = format!("versions of the layer {name}");
        let (versions, next_marker) = page(&list, input.marker.as_deref(), input.max_items, things)?;
        Ok(ListLayerVersionsOutput { layer_versions: Some(versions), next_marker })
    }
}

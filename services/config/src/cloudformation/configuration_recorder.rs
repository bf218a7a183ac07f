use super::{choice, start, unless_gone};
use api_config::{
    ConfigurationRecorder, DeleteConfigurationRecorder, DescribeConfigurationRecorders,
    ExclusionByResourceTypes, PutConfigurationRecorder, RecordingGroup, RecordingMode, RecordingModeOverride,
    RecordingStrategy, StopConfigurationRecorder,
};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::collections::BTreeMap;
use wire::Document;

/// `AWS::Config::ConfigurationRecorder`; `Ref` answers the name. It is started as soon as there is a delivery channel, too.
pub(super) struct ConfigurationRecorderHandler;

const PROPERTIES: &[&str] = &["Name", "RecordingGroup", "RecordingMode", "RoleARN", "StartedOnCreate"];

#[async_trait::async_trait]
impl ResourceHandler for ConfigurationRecorderHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::Config::ConfigurationRecorder"
    }

    fn properties(&self) -> &'static [&'static str] {
        PROPERTIES
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["Name", "StartedOnCreate"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["ResourceARN"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let name = match properties.string("Name")? {
            Some(name) => name,
            None => context.generated_name(256),
        };
        put(&name, properties, context).await?;
        if properties.boolean("StartedOnCreate")?.unwrap_or(true) {
            start(context, name.clone()).await?;
        }
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
        let name = physical_id.to_owned();
        let stopped = context
            .caller
            .call(StopConfigurationRecorder { configuration_recorder_name: name.clone() })
            .await;
        unless_gone(stopped)?;
        let deleted =
            context.caller.call(DeleteConfigurationRecorder { configuration_recorder_name: name }).await;
        unless_gone(deleted)
    }
}

async fn put(name: &str, properties: &Properties, context: &HandlerContext) -> Result<(), HandlerFailure> {
    properties.only(PROPERTIES)?;
    let recorder = ConfigurationRecorder {
        name: Some(name.to_owned()),
        role_arn: Some(properties.required_string("RoleARN")?),
        recording_group: properties.object("RecordingGroup")?.as_ref().map(read_group).transpose()?,
        recording_mode: properties.object("RecordingMode")?.as_ref().map(read_mode).transpose()?,
        ..ConfigurationRecorder::default()
    };
    context.caller.call(PutConfigurationRecorder { configuration_recorder: recorder, tags: None }).await?;
    Ok(())
}

fn read_group(group: &Properties) -> Result<RecordingGroup, HandlerFailure> {
    group.only(&[
        "AllSupported",
        "IncludeGlobalResourceTypes",
        "ResourceTypes",
        "ExclusionByResourceTypes",
        "RecordingStrategy",
    ])?;
    let exclusions = match group.object("ExclusionByResourceTypes")? {
        Some(exclusions) => {
            Some(ExclusionByResourceTypes { resource_types: exclusions.strings("ResourceTypes")? })
        }
        None => None,
    };
    let strategy = match group.object("RecordingStrategy")? {
        Some(strategy) => {
            let use_only = choice("RecordingGroup/RecordingStrategy/UseOnly", strategy.string("UseOnly")?)?;
            Some(RecordingStrategy { use_only })
        }
        None => None,
    };
    Ok(RecordingGroup {
        all_supported: group.boolean("AllSupported")?,
        include_global_resource_types: group.boolean("IncludeGlobalResourceTypes")?,
        resource_types: group.strings("ResourceTypes")?,
        exclusion_by_resource_types: exclusions,
        recording_strategy: strategy,
    })
}

fn read_mode(mode: &Properties) -> Result<RecordingMode, HandlerFailure> {
    mode.only(&["RecordingFrequency", "RecordingModeOverrides"])?;
    let frequency = |properties: &Properties| {
        let text = properties.required_string("RecordingFrequency")?;
        choice("RecordingMode/RecordingFrequency", Some(text)).map(Option::unwrap_or_default)
    };
    let overrides = mode
        .objects("RecordingModeOverrides")?
        .iter()
        .map(|special| {
            special.only(&["Description", "ResourceTypes", "RecordingFrequency"])?;
            Ok(RecordingModeOverride {
                description: special.string("Description")?,
                resource_types: special
                    .strings("ResourceTypes")?
                    .ok_or_else(|| special.missing("ResourceTypes"))?,
                recording_frequency: frequency(special)?,
            })
        })
        .collect::<Result<Vec<_>, HandlerFailure>>()?;
    Ok(RecordingMode { recording_frequency: frequency(mode)?, recording_mode_overrides: Some(overrides) })
}

async fn attributes(
    name: &str,
    context: &HandlerContext,
) -> Result<BTreeMap<String, Document>, HandlerFailure> {
    let asked = DescribeConfigurationRecorders {
        configuration_recorder_names: Some(vec![name.to_owned()]),
        ..DescribeConfigurationRecorders::default()
    };
    let recorders = context.caller.call(asked).await?.configuration_recorders.unwrap_or_default();
    let arn = recorders.into_iter().next().and_then(|recorder| recorder.arn);
    Ok(BTreeMap::from([("ResourceARN".to_owned(), arn.into())]))
}

use super::{choice, start_new_recorder, unless_gone};
use api_config::{
    ConfigSnapshotDeliveryProperties, DeleteDeliveryChannel, DeliveryChannel, DescribeConfigurationRecorders,
    PutDeliveryChannel, StopConfigurationRecorder,
};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::collections::BTreeMap;
use std::time::Duration;

/// `AWS::Config::DeliveryChannel`; `Ref` answers the name.
pub(super) struct DeliveryChannelHandler;

/// A channel needs a recorder, which templates seldom say: it is waited for, as it is made at the same time.
const NO_RECORDER: &str = "NoAvailableConfigurationRecorderException";
const WAITS: usize = 60;
const WAIT: Duration = Duration::from_secs(1);

const PROPERTIES: &[&str] = &[
    "ConfigSnapshotDeliveryProperties",
    "Name",
    "S3BucketName",
    "S3KeyPrefix",
    "S3KmsKeyArn",
    "SnsTopicARN",
];

#[async_trait::async_trait]
impl ResourceHandler for DeliveryChannelHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::Config::DeliveryChannel"
    }

    fn properties(&self) -> &'static [&'static str] {
        PROPERTIES
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["Name"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[]
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
        for _ in 0..WAITS {
            match put(&name, properties, context).await {
                Err(failure) if failure.service_code.as_deref() == Some(NO_RECORDER) => {
                    context.context.clock.sleep_until(context.context.clock.now().plus(WAIT)).await;
                }
                other => {
                    other?;
                    start_new_recorder(context).await?;
                    return Ok(Created { physical_id: name, attributes: BTreeMap::new() });
                }
            }
        }
        put(&name, properties, context).await?;
        start_new_recorder(context).await?;
        Ok(Created { physical_id: name, attributes: BTreeMap::new() })
    }

    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        put(physical_id, new, context).await?;
        Ok(Updated::default())
    }

    /// The last channel cannot go while a recorder runs, which is therefore stopped first.
    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let delete = || DeleteDeliveryChannel { delivery_channel_name: physical_id.to_owned() };
        match context.caller.call(delete()).await {
            Err(error) if error.code == "LastDeliveryChannelDeleteFailedException" => {
                stop_recorder(context).await?;
                unless_gone(context.caller.call(delete()).await)
            }
            other => unless_gone(other),
        }
    }
}

async fn stop_recorder(context: &HandlerContext) -> Result<(), HandlerFailure> {
    let recorders = context.caller.call(DescribeConfigurationRecorders::default()).await?;
    for recorder in recorders.configuration_recorders.unwrap_or_default() {
        let name = recorder.name.unwrap_or_default();
        unless_gone(
            context.caller.call(StopConfigurationRecorder { configuration_recorder_name: name }).await,
        )?;
    }
    Ok(())
}

async fn put(name: &str, properties: &Properties, context: &HandlerContext) -> Result<(), HandlerFailure> {
    properties.only(PROPERTIES)?;
    let snapshots = match properties.object("ConfigSnapshotDeliveryProperties")? {
        Some(snapshots) => {
            snapshots.only(&["DeliveryFrequency"])?;
            let frequency = choice(
                "ConfigSnapshotDeliveryProperties/DeliveryFrequency",
                snapshots.string("DeliveryFrequency")?,
            )?;
            Some(ConfigSnapshotDeliveryProperties { delivery_frequency: frequency })
        }
        None => None,
    };
    let channel = DeliveryChannel {
        name: Some(name.to_owned()),
        s3_bucket_name: Some(properties.required_string("S3BucketName")?),
        s3_key_prefix: properties.string("S3KeyPrefix")?,
        s3_kms_key_arn: properties.string("S3KmsKeyArn")?,
        sns_topic_arn: properties.string("SnsTopicARN")?,
        config_snapshot_delivery_properties: snapshots,
    };
    context.caller.call(PutDeliveryChannel { delivery_channel: channel }).await?;
    Ok(())
}

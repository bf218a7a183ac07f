use super::recorders::DEFAULT_NAME;
use super::{Config, write_check};
use crate::engine::snapshot;
use crate::errors::no_such_channel;
use crate::state::{Channel, ChannelStatus, Delivered, Recorder};
use api_config::{
    ConfigExportDeliveryInfo, ConfigSnapshotDeliveryProperties, ConfigStreamDeliveryInfo,
    DeleteDeliveryChannel, DeleteDeliveryChannelOutput, DeliverConfigSnapshot, DeliverConfigSnapshotOutput,
    DeliveryChannel, DeliveryChannelStatus, DeliveryStatus, DescribeDeliveryChannelStatus,
    DescribeDeliveryChannelStatusOutput, DescribeDeliveryChannels, DescribeDeliveryChannelsOutput, Error,
    InvalidDeliveryChannelNameException, InvalidS3KeyPrefixException, InvalidS3KmsKeyArnException,
    InvalidSNSTopicARNException, LastDeliveryChannelDeleteFailedException,
    MaxNumberOfDeliveryChannelsExceededException, NoAvailableConfigurationRecorderException,
    NoRunningConfigurationRecorderException, NoSuchBucketException, PutDeliveryChannel,
    PutDeliveryChannelOutput,
};
use contract::{Access, Call, Context, Orchestrate, Transact};
use names::Arn;
use store::{Tx, View};

#[async_trait::async_trait]
impl Orchestrate<PutDeliveryChannel> for Config {
    fn access(&self, _: &PutDeliveryChannel, _: &Call, _: &View) -> Access {
        Access::to("config:PutDeliveryChannel")
    }

    async fn run(
        &self,
        input: PutDeliveryChannel,
        call: &Call,
        context: &Context,
    ) -> Result<PutDeliveryChannelOutput, Error> {
        let recorder = available(&context.store.view(), call)?;
        let channel = read(input.delivery_channel, call)?;
        check_only(&channel, &context.store.view())?;
        write_check::check(&channel, &recorder, call, context).await?;
        context
            .transact(call, |call, tx| {
                available(tx, call)?;
                check_only(&channel, tx)?;
                tx.put(channel.clone())?;
                snapshot::begin_periods(tx, &channel, call.now)?;
                Ok::<(), Error>(())
            })
            .await?;
        Ok(PutDeliveryChannelOutput {})
    }
}

fn available(view: &View, call: &Call) -> Result<Recorder, Error> {
    Recorder::of(view, call.scope())?.ok_or_else(|| {
        let message = "Configuration recorder is not available to put delivery channel.";
        NoAvailableConfigurationRecorderException::new(message).into()
    })
}

fn check_only(channel: &Channel, view: &View) -> Result<(), Error> {
    match Channel::of(view, channel.scope)? {
        Some(known) if known.name != channel.name => {
            let message = format!(
                "Failed to put delivery channel '{}' because the maximum number of delivery channels: 1 is reached.",
                channel.name
            );
            Err(MaxNumberOfDeliveryChannelsExceededException::new(message).into())
        }
        _ => Ok(()),
    }
}

fn read(asked: DeliveryChannel, call: &Call) -> Result<Channel, Error> {
    let name = asked.name.unwrap_or_else(|| DEFAULT_NAME.into());
    if name.trim().is_empty() {
        let message = format!("The delivery channel name '{name}' is not valid, blank string.");
        return Err(InvalidDeliveryChannelNameException::new(message).into());
    }
    let bucket = asked.s3_bucket_name.unwrap_or_default();
    if bucket.trim().is_empty() {
        return Err(NoSuchBucketException::new("Cannot find a S3 bucket with an empty bucket name.").into());
    }
    if let Some(prefix) = &asked.s3_key_prefix
        && (prefix.is_empty() || prefix.len() > 512 || prefix.starts_with('/') || prefix.ends_with('/'))
    {
        let message = format!("The s3 key prefix '{prefix}' is not valid, empty s3 key prefix.");
        return Err(InvalidS3KeyPrefixException::new(message).into());
    }
    let arn_of = |text: &str, service: &str| text.parse::<Arn>().ok().filter(|arn| arn.service == service);
    if let Some(topic) = &asked.sns_topic_arn
        && arn_of(topic, "sns").is_none_or(|arn| arn.region.is_none() || arn.account.is_none())
    {
        return Err(
            InvalidSNSTopicARNException::new(format!("The sns topic arn '{topic}' is not valid.")).into()
        );
    }
    if let Some(key) = &asked.s3_kms_key_arn
        && !arn_of(key, "kms")
            .is_some_and(|arn| arn.resource.starts_with("key/") || arn.resource.starts_with("alias/"))
    {
        let message = format!("The arn '{key}' is not a valid kms key or alias arn.");
        return Err(InvalidS3KmsKeyArnException::new(message).into());
    }
    Ok(Channel {
        scope: call.scope(),
        name,
        bucket,
        prefix: asked.s3_key_prefix,
        kms_key: asked.s3_kms_key_arn,
        topic: asked.sns_topic_arn,
        frequency: asked
            .config_snapshot_delivery_properties
            .and_then(|properties| properties.delivery_frequency),
    })
}

/// The channel, where it is among the names, or where none are named.
fn asked(view: &View, call: &Call, names: Option<Vec<String>>) -> Result<Option<Channel>, Error> {
    let known = Channel::of(view, call.scope())?;
    let missing = names.iter().flatten().find(|name| known.as_ref().is_none_or(|known| known.name != **name));
    match missing {
        Some(missing) => Err(no_such_channel(missing)),
        None => Ok(known),
    }
}

impl Transact<DescribeDeliveryChannels> for Config {
    fn access(_: &DescribeDeliveryChannels, _: &Call, _: &View) -> Access {
        Access::to("config:DescribeDeliveryChannels")
    }

    fn run(
        input: DescribeDeliveryChannels,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeDeliveryChannelsOutput, Error> {
        let known = asked(tx, call, input.delivery_channel_names)?;
        let channels = known.into_iter().map(|channel| DeliveryChannel {
            name: Some(channel.name),
            s3_bucket_name: Some(channel.bucket),
            s3_key_prefix: channel.prefix,
            s3_kms_key_arn: channel.kms_key,
            sns_topic_arn: channel.topic,
            config_snapshot_delivery_properties: channel
                .frequency
                .map(|frequency| ConfigSnapshotDeliveryProperties { delivery_frequency: Some(frequency) }),
        });
        Ok(DescribeDeliveryChannelsOutput { delivery_channels: Some(channels.collect()) })
    }
}

fn export(delivered: Delivered) -> ConfigExportDeliveryInfo {
    ConfigExportDeliveryInfo {
        last_status: delivered.status,
        last_error_code: delivered.error_code,
        last_error_message: delivered.error_message,
        last_attempt_time: delivered.last_attempt,
        last_successful_time: delivered.last_success,
        next_delivery_time: delivered.next,
    }
}

impl Transact<DescribeDeliveryChannelStatus> for Config {
    fn access(_: &DescribeDeliveryChannelStatus, _: &Call, _: &View) -> Access {
        Access::to("config:DescribeDeliveryChannelStatus")
    }

    fn run(
        input: DescribeDeliveryChannelStatus,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeDeliveryChannelStatusOutput, Error> {
        let Some(channel) = asked(tx, call, input.delivery_channel_names)? else {
            return Ok(DescribeDeliveryChannelStatusOutput { delivery_channels_status: Some(Vec::new()) });
        };
        let status = ChannelStatus::of(tx, channel.scope, &channel.name)?;
        // Without a topic there is no stream.
        let stream = match channel.topic {
            Some(_) => status.stream.status,
            None => Some(DeliveryStatus::NotApplicable),
        };
        let status = DeliveryChannelStatus {
            name: Some(channel.name),
            config_snapshot_delivery_info: Some(export(status.snapshot)),
            config_history_delivery_info: Some(export(status.history)),
            config_stream_delivery_info: Some(ConfigStreamDeliveryInfo {
                last_status: stream,
                last_error_code: status.stream.error_code,
                last_error_message: status.stream.error_message,
                last_status_change_time: status.stream.status_change,
            }),
        };
        Ok(DescribeDeliveryChannelStatusOutput { delivery_channels_status: Some(vec![status]) })
    }
}

impl Transact<DeleteDeliveryChannel> for Config {
    fn access(_: &DeleteDeliveryChannel, _: &Call, _: &View) -> Access {
        Access::to("config:DeleteDeliveryChannel")
    }

    fn run(
        input: DeleteDeliveryChannel,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteDeliveryChannelOutput, Error> {
        let name = input.delivery_channel_name;
        let channel =
            tx.get::<Channel>(call.scope(), name.as_str())?.ok_or_else(|| no_such_channel(&name))?;
        if Recorder::of(tx, call.scope())?.is_some_and(|recorder| recorder.recording) {
            let message = format!(
                "Failed to delete last specified delivery channel with name '{name}', because there, because there is a running configuration recorder."
            );
            return Err(LastDeliveryChannelDeleteFailedException::new(message).into());
        }
        tx.remove::<Channel>(call.scope(), name.as_str())?;
        tx.remove::<ChannelStatus>(call.scope(), name.as_str())?;
        snapshot::end_periods(tx, channel.scope)?;
        Ok(DeleteDeliveryChannelOutput {})
    }
}

impl Transact<DeliverConfigSnapshot> for Config {
    fn access(_: &DeliverConfigSnapshot, _: &Call, _: &View) -> Access {
        Access::to("config:DeliverConfigSnapshot")
    }

    fn run(
        input: DeliverConfigSnapshot,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeliverConfigSnapshotOutput, Error> {
        let name = input.delivery_channel_name;
        if tx.get::<Channel>(call.scope(), name.as_str())?.is_none() {
            return Err(no_such_channel(&name));
        }
        match Recorder::of(tx, call.scope())? {
            None => {
                let message = "Configuration recorder is not available to deliver configuration snapshot.";
                return Err(NoAvailableConfigurationRecorderException::new(message).into());
            }
            Some(recorder) if !recorder.recording => {
                let message = "Configuration recorder is not running to deliver configuration snapshot.";
                return Err(NoRunningConfigurationRecorderException::new(message).into());
            }
            Some(_) => {}
        }
        let id = call.entropy.uuid();
        snapshot::enqueue(tx, call.scope(), &id, call.now)?;
        Ok(DeliverConfigSnapshotOutput { config_snapshot_id: Some(id) })
    }
}

//! Delivery: files to the channel's bucket, messages to its topic, as the recorder's role.

use super::notify::{self, Publication};
use super::task::{OrAgain, caller, is_denied, is_service_linked};
use super::{item, notify::KIND};
use crate::state::{Channel, ChannelStatus, Delivered, Item, Recorder};
use api_s3::{ObjectCannedACL, PutObject, ServerSideEncryption};
use api_sns::Publish;
use bytes::Bytes;
use contract::{Caller, Context, Outcome, Task, TaskHandler};
use flate2::Compression;
use flate2::write::GzEncoder;
use names::{Arn, Scope, Timestamp};
use std::future::Future;
use std::io::Write;
use std::time::Duration;
use store::{StoreError, Tx};
use wire::{Document, ErrorResponse};

/// How often a message is tried before it is given up.
const TRIES: u32 = 3;

/// Sends messages to the channel's topic.
pub(crate) struct Notify;

/// Makes a call as the recorder's role, and again as the service itself where the role may not, as AWS does. A service-linked role is the
/// service itself.
///
/// # Errors
/// Of the last try.
pub(crate) async fn as_recorder<T, F: Future<Output = Result<T, ErrorResponse>>>(
    service: &Caller,
    role: &str,
    call: impl Fn(Caller) -> F,
) -> Result<T, ErrorResponse> {
    let role: Option<Arn> = role.parse().ok();
    if let Some(role) = role.filter(|role| !is_service_linked(role)) {
        let tried = match service.assume_role(&role, "AWSConfig-Delivery").await {
            Ok(session) => call(session).await,
            Err(error) => Err(error),
        };
        match tried {
            Err(error) if is_denied(&error) => {}
            other => return other,
        }
    }
    call(service.clone()).await
}

/// Writes an object to a channel's bucket.
pub(crate) async fn put_object(
    service: &Caller,
    role: &str,
    channel: &Channel,
    key: &str,
    body: Bytes,
) -> Result<(), ErrorResponse> {
    let compressed = key.ends_with(".gz");
    as_recorder(service, role, |caller| {
        let length = i64::try_from(body.len()).ok();
        let object = PutObject {
            acl: Some(ObjectCannedACL::BucketOwnerFullControl),
            bucket: channel.bucket.clone(),
            key: key.to_owned(),
            content_length: length,
            content_type: Some("application/json".into()),
            content_encoding: compressed.then(|| "gzip".into()),
            server_side_encryption: channel.kms_key.as_ref().map(|_| ServerSideEncryption::AwsKms),
            ssekms_key_id: channel.kms_key.clone(),
            body: Some(body.clone().into()),
            ..PutObject::default()
        };
        async move { caller.call(object).await.map(drop) }
    })
    .await
}

/// A file of items: `fileVersion`, an id, and the items in event form.
pub(crate) fn file(id: &str, items: &[Item]) -> Document {
    wire::document!({
        "fileVersion": "1.0",
        "configSnapshotId": id,
        "configurationItems": (items.iter().map(item::in_event).collect::<Document>()),
    })
}

/// Compresses a file.
pub(crate) fn gzip(content: &Document) -> Result<Bytes, StoreError> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(content.to_string().as_bytes()).and_then(|()| encoder.finish());
    written
        .map(Bytes::from)
        .map_err(|error| StoreError::Backend(format!("a file cannot be compressed: {error}").into()))
}

/// The recorder's role and the channel; None where either is gone.
pub(crate) fn destination(context: &Context, scope: Scope) -> Result<Option<(String, Channel)>, StoreError> {
    let view = context.store.view();
    let recorder = Recorder::of(&view, scope)?;
    Ok(recorder.map(|recorder| recorder.role_arn).zip(Channel::of(&view, scope)?))
}

/// Notes in a channel's status how a delivery of a kind went.
pub(crate) fn note(
    tx: &mut Tx,
    scope: Scope,
    kind: fn(&mut ChannelStatus) -> &mut Delivered,
    failure: Option<(String, String)>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(channel) = Channel::of(tx, scope)? else { return Ok(()) };
    let mut status = ChannelStatus::of(tx, scope, &channel.name)?;
    kind(&mut status).note(now, failure);
    tx.put(status)
}

#[async_trait::async_trait]
impl TaskHandler for Notify {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        publish(task, context).await.or_again(task, context)
    }
}

async fn publish(task: &Task, context: &Context) -> Result<Outcome, StoreError> {
    let publication: Publication = task.payload()?;
    let Some((role, channel)) = destination(context, task.scope)? else { return Ok(Outcome::done()) };
    let Some(topic) = channel.topic.clone() else { return Ok(Outcome::done()) };
    let service = caller(context, task, None);
    let mut message = publication.message.clone();
    if let Some((resource_type, resource_id, captured)) = &publication.oversized {
        let item = Item::at(&context.store.view(), task.scope, (resource_type, resource_id), *captured)?;
        if let Some(item) = item {
            let body = gzip(&item::in_event(&item))?;
            let key = notify::oversized_key(&channel, &item);
            if let Err(error) = put_object(&service, &role, &channel, &key, body).await {
                message = undelivered(&message, &error);
            }
        }
    }
    let region = topic.parse::<Arn>().ok().and_then(|arn| arn.region).unwrap_or(task.scope.region);
    let sent = as_recorder(&service.in_region(region), &role, |caller| {
        let message = Publish {
            topic_arn: Some(topic.clone()),
            subject: Some(publication.subject.clone()),
            message: message.clone(),
            ..Publish::default()
        };
        async move { caller.call(message).await.map(drop) }
    })
    .await;
    let scope = task.scope;
    let Err(error) = sent else {
        return Ok(Outcome::done_with(move |call, tx| {
            // Only a change is written: most messages succeed after one that did.
            let before = ChannelStatus::of(tx, scope, &channel.name)?;
            let changed = before.stream.clone().note(call.now, None);
            if changed { note(tx, scope, |status| &mut status.stream, None, call.now) } else { Ok(()) }
        }));
    };
    let failure = (error.code.clone(), error.message.clone());
    let effect = move |call: &contract::Call, tx: &mut Tx| {
        note(tx, scope, |status| &mut status.stream, Some(failure.clone()), call.now)
    };
    let for_now = error.status >= 500 || error.code.contains("Throttl");
    if for_now && task.attempt.saturating_add(1) < TRIES {
        let wait = Duration::from_secs(5 << task.attempt);
        return Ok(Outcome::Again(context.clock.now().plus(wait), Some(Box::new(effect))));
    }
    Ok(Outcome::done_with(effect))
}

/// The message of an oversized item that could not be put into the bucket.
fn undelivered(message: &str, error: &ErrorResponse) -> String {
    let mut document = Document::parse(message).unwrap_or_default();
    let location = document.at(&["s3DeliverySummary", "s3BucketLocation"]).cloned().unwrap_or_default();
    let summary = wire::document!({
        "s3BucketLocation": location,
        "errorCode": (error.code.clone()),
        "errorMessage": (error.message.clone()),
    });
    document.set("s3DeliverySummary", summary);
    document.set("messageType", "OversizedConfigurationItemChangeDeliveryFailed");
    document.to_string()
}

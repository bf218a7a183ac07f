//! The calls that deliveries make, as the service for the trail: buckets, topics, keys and roles must let it in.

use crate::state::Trail;
use api_logs::{CreateLogStream, InputLogEvent, PutLogEvents};
use api_s3::{ObjectCannedACL, PutObject, ServerSideEncryption};
use api_sns::Publish;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use contract::{Caller, Chain, Context, Principal};
use names::Arn;
use wire::ErrorResponse;

pub(crate) const PRINCIPAL: &str = crate::event::PRINCIPAL;

/// The service, acting for a trail.
pub(crate) fn caller(trail: &Trail, context: &Context, chain: Chain) -> Caller {
    let principal = Principal::service(PRINCIPAL, trail.scope.account, Some(trail.arn()));
    context.caller(principal, trail.scope, chain)
}

/// Writes an object to a trail's bucket.
pub(crate) async fn put_object(
    trail: &Trail,
    service: &Caller,
    key: &str,
    body: Bytes,
) -> Result<(), ErrorResponse> {
    let object = PutObject {
        server_side_encryption: trail.kms_key.as_ref().map(|_| ServerSideEncryption::AwsKms),
        ssekms_key_id: trail.kms_key.clone(),
        // Key policies let CloudTrail in by it: `kms:EncryptionContext:aws:cloudtrail:arn`.
        ssekms_encryption_context: trail.kms_key.as_ref().map(|_| {
            let context = wire::document!({ "aws:cloudtrail:arn": (trail.arn().to_string()) });
            STANDARD.encode(context.to_string())
        }),
        ..object(trail, key, body)
    };
    service.call(object).await.map(drop)
}

/// Writes a digest file to a trail's bucket. "Digest files are encrypted with Amazon S3-managed encryption keys (SSE-S3)", whatever the trail's key.
pub(super) async fn put_digest(
    trail: &Trail,
    service: &Caller,
    key: &str,
    body: Bytes,
    signature: &str,
) -> Result<(), ErrorResponse> {
    let metadata = [("signature", signature), ("signature-algorithm", "SHA256withRSA")];
    let object = PutObject {
        server_side_encryption: Some(ServerSideEncryption::Aes256),
        metadata: Some(metadata.map(|(name, value)| (name.to_owned(), value.to_owned())).into()),
        ..object(trail, key, body)
    };
    service.call(object).await.map(drop)
}

fn object(trail: &Trail, key: &str, body: Bytes) -> PutObject {
    PutObject {
        acl: Some(ObjectCannedACL::BucketOwnerFullControl),
        bucket: trail.bucket.clone(),
        key: key.to_owned(),
        content_length: i64::try_from(body.len()).ok(),
        content_type: Some("application/json".into()),
        content_encoding: key.ends_with(".gz").then(|| "gzip".into()),
        body: Some(body.into()),
        ..PutObject::default()
    }
}

/// Publishes to a trail's topic.
pub(crate) async fn publish(trail: &Trail, service: &Caller, message: &str) -> Result<(), ErrorResponse> {
    let region =
        trail.topic.as_deref().and_then(|topic| topic.parse::<Arn>().ok()).and_then(|arn| arn.region);
    let publish =
        Publish { topic_arn: trail.topic.clone(), message: message.to_owned(), ..Publish::default() };
    service.in_region(region.unwrap_or(trail.scope.region)).call(publish).await.map(drop)
}

/// Why records cannot be written to a log group.
pub(crate) enum Failed {
    /// There is no log group or role of that name.
    Arn,
    /// The role cannot be assumed.
    Role(ErrorResponse),
    /// The role may not.
    Call(ErrorResponse),
}

impl Failed {
    pub(crate) fn code(&self) -> String {
        match self {
            Self::Arn => "InvalidCloudWatchLogsLogGroupArnException".into(),
            Self::Role(error) | Self::Call(error) => error.code.clone(),
        }
    }
}

/// A stream of a trail's log group, and who writes to it.
pub(crate) struct Stream {
    session: Caller,
    group: String,
    stream: String,
}

/// Makes the trail's stream, where it is not there yet, as the trail's role.
pub(crate) async fn create_stream(trail: &Trail, service: &Caller) -> Result<(), Failed> {
    open_stream(trail, service).await?.create().await
}

/// The trail's stream, which may not be there yet, and a session of the trail's role.
pub(crate) async fn open_stream(trail: &Trail, service: &Caller) -> Result<Stream, Failed> {
    let group: Option<Arn> = trail.log_group.as_deref().and_then(|text| text.parse().ok());
    let role: Option<Arn> = trail.log_role.as_deref().and_then(|text| text.parse().ok());
    let (Some(group), Some(role)) = (group, role) else { return Err(Failed::Arn) };
    let name = group.resource_after("log-group:").and_then(|rest| rest.split(':').next());
    let (Some(name), Some(region), "logs") = (name, group.region, group.service.as_str()) else {
        return Err(Failed::Arn);
    };
    if group.account != Some(trail.scope.account) {
        return Err(Failed::Arn);
    }
    let service = service.in_region(region);
    let session = service.assume_role(&role, "CLOUDTRAIL").await.map_err(Failed::Role)?;
    let stream = format!("{}_CloudTrail_{}", trail.scope.account, trail.scope.region);
    Ok(Stream { session, group: name.to_owned(), stream })
}

impl Stream {
    async fn create(&self) -> Result<(), Failed> {
        let (log_group_name, log_stream_name) = (self.group.clone(), self.stream.clone());
        match self.session.call(CreateLogStream { log_group_name, log_stream_name }).await {
            Err(error) if error.code != "ResourceAlreadyExistsException" => Err(Failed::Call(error)),
            _ => Ok(()),
        }
    }

    /// Writes records, in order of time. A stream that somebody deleted is made again.
    pub(crate) async fn put(&self, log_events: Vec<InputLogEvent>) -> Result<(), Failed> {
        let put = PutLogEvents {
            log_group_name: self.group.clone(),
            log_stream_name: self.stream.clone(),
            log_events,
            ..PutLogEvents::default()
        };
        match self.session.call(put.clone()).await {
            Err(error) if error.code == "ResourceNotFoundException" => {
                self.create().await?;
                self.session.call(put).await.map(drop).map_err(Failed::Call)
            }
            other => other.map(drop).map_err(Failed::Call),
        }
    }
}

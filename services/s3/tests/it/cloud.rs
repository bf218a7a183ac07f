//! A cloud of S3, and short forms of the calls that every test makes.

use api_s3::{CreateBucket, GetObject, GetObjectOutput, PutObject, PutObjectOutput};
use bytes::{Bytes, BytesMut};
use contract::{Caller, Chain, Principal};
use futures::StreamExt;
use names::{AccountId, Region, Scope};
use testkit::TestCloud;
use wire::{Body, ErrorResponse};

pub(crate) const OTHER: &str = "444455556666";

pub(crate) fn cloud() -> TestCloud {
    with(s3::Settings::default())
}

/// A cloud of S3 and of stand-ins for what it calls.
pub(crate) fn with(settings: s3::Settings) -> TestCloud {
    let mut all = crate::stand_ins::registrations();
    all.push(s3::registration(settings));
    all.push(s3::control_registration());
    TestCloud::new(all)
}

/// The root of another account.
pub(crate) fn stranger(cloud: &TestCloud) -> Caller {
    let account: AccountId = OTHER.parse().unwrap();
    let scope = Scope::new(account, Region::US_EAST_1);
    cloud.context().caller(Principal::Root(account), scope, Chain::default())
}

pub(crate) fn anonymous(cloud: &TestCloud) -> Caller {
    cloud.caller(Principal::Anonymous)
}

pub(crate) async fn bucket(caller: &Caller, name: &str) {
    caller.call(CreateBucket { bucket: name.into(), ..Default::default() }).await.unwrap();
}

pub(crate) async fn put(caller: &Caller, bucket: &str, key: &str, body: &str) -> PutObjectOutput {
    caller.call(object(bucket, key, body)).await.unwrap()
}

pub(crate) fn object(bucket: &str, key: &str, body: &str) -> PutObject {
    PutObject {
        bucket: bucket.into(),
        key: key.into(),
        body: Some(Bytes::from(body.to_owned()).into()),
        ..Default::default()
    }
}

pub(crate) fn read(bucket: &str, key: &str) -> GetObject {
    GetObject { bucket: bucket.into(), key: key.into(), ..Default::default() }
}

pub(crate) async fn get(caller: &Caller, bucket: &str, key: &str) -> Result<String, ErrorResponse> {
    let output = caller.call(read(bucket, key)).await?;
    Ok(text(output).await)
}

pub(crate) async fn text(output: GetObjectOutput) -> String {
    String::from_utf8(bytes(output.body.unwrap_or_default()).await.to_vec()).unwrap()
}

pub(crate) async fn bytes(body: Body) -> Bytes {
    let mut whole = BytesMut::new();
    let mut chunks = body.into_chunks();
    while let Some(chunk) = chunks.next().await {
        whole.extend_from_slice(&chunk.unwrap());
    }
    whole.freeze()
}

/// The code and sentence of what failed.
pub(crate) fn failed<T: std::fmt::Debug>(result: Result<T, ErrorResponse>) -> (String, String) {
    let error = result.unwrap_err();
    (error.code, error.message)
}

pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, ErrorResponse>) -> (String, u16) {
    let error = result.unwrap_err();
    (error.code, error.status)
}

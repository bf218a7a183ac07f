//! Topics with a key of KMS: whoever publishes must be allowed to use it, through SNS.
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html>
//!
//! The permission is asked for with each Publish. Messages wait for their deliveries in the store as they are.

use crate::Sns;
use crate::operations::topic;
use crate::state::Topic;
use api_kms::{DataKeySpec, Decrypt, GenerateDataKey};
use api_sns::{
    Error, KMSAccessDeniedException, KMSDisabledException, KMSInvalidStateException, KMSNotFoundException,
    KMSThrottlingException, Publish, PublishBatch,
};
use contract::{Call, Context, Prepare, Prepared, Unprepared};
use names::{Arn, Scope};
use std::collections::BTreeMap;
use std::sync::Arc;
use wire::ErrorResponse;

const SERVICE: &str = "sns.amazonaws.com";

/// That KMS let the publisher use a key for a topic.
struct Permitted {
    topic: Arn,
    key: String,
}

/// Refuses to publish before KMS was asked.
///
/// # Errors
/// [`Unprepared`]
pub(crate) fn check(topic: &Topic, call: &Call) -> Result<(), Error> {
    let Some(key) = topic.key() else { return Ok(()) };
    let permitted = call.prepared::<Permitted>();
    match permitted.is_some_and(|permitted| permitted.key == key && permitted.topic == topic.arn()) {
        true => Ok(()),
        false => Err(Unprepared.into()),
    }
}

#[async_trait::async_trait]
impl Prepare<Publish> for Sns {
    async fn prepare(&self, input: &Publish, call: &Call, context: &Context) -> Result<Prepared, Error> {
        let arn = input.topic_arn.as_ref().or(input.target_arn.as_ref());
        ask(arn.map_or("", String::as_str), call, context).await
    }
}

#[async_trait::async_trait]
impl Prepare<PublishBatch> for Sns {
    async fn prepare(&self, input: &PublishBatch, call: &Call, context: &Context) -> Result<Prepared, Error> {
        ask(&input.topic_arn, call, context).await
    }
}

/// Asks as SNS does before it uses a new data key, so who publishes needs `kms:GenerateDataKey` and `kms:Decrypt`.
async fn ask(arn: &str, call: &Call, context: &Context) -> Result<Prepared, Error> {
    let topic = topic(&context.store.view(), "TopicArn", arn, call)?;
    let key = topic.key().unwrap_or_default().to_owned();
    let permitted = Permitted { topic: topic.arn(), key };
    if permitted.key.is_empty() {
        return Ok(Arc::new(permitted));
    }
    let scope = Scope::new(call.account, topic.scope.region);
    let kms = context.caller(call.principal.clone(), scope, call.chain.through(SERVICE));
    let encryption_context = BTreeMap::from([("aws:sns:topicArn".to_owned(), permitted.topic.to_string())]);
    let generate = GenerateDataKey {
        key_id: qualified(&permitted.key, topic.scope),
        key_spec: Some(DataKeySpec::Aes256),
        encryption_context: Some(encryption_context.clone()),
        ..Default::default()
    };
    let made = kms.call(generate).await.map_err(of_kms)?;
    let decrypt = Decrypt {
        ciphertext_blob: made.ciphertext_blob,
        encryption_context: Some(encryption_context),
        ..Default::default()
    };
    kms.call(decrypt).await.map_err(of_kms)?;
    Ok(Arc::new(permitted))
}

impl Topic {
    fn key(&self) -> Option<&str> {
        self.attributes.get("KmsMasterKeyId").map(String::as_str)
    }
}

/// Aliases and ids are those of the topic's account, whoever publishes.
fn qualified(id: &str, scope: Scope) -> String {
    if id.starts_with("arn:") {
        return id.to_owned();
    }
    let resource = if id.starts_with("alias/") { id.to_owned() } else { format!("key/{id}") };
    Arn::new("kms", scope, resource).to_string()
}

/// KMS's refusal, as SNS passes it on.
fn of_kms(refused: ErrorResponse) -> Error {
    let ErrorResponse { code, message, status, .. } = refused;
    let told = format!("{message} (Service: AWSKMS; Status Code: {status}; Error Code: {code})");
    match code.as_str() {
        code if code.starts_with("AccessDenied") => KMSAccessDeniedException::new(told).into(),
        "DisabledException" => KMSDisabledException::new(told).into(),
        "KMSInvalidStateException" => KMSInvalidStateException::new(told).into(),
        "NotFoundException" => KMSNotFoundException::new(told).into(),
        "ThrottlingException" => KMSThrottlingException::new(told).into(),
        _ => Error::Common(ErrorResponse::new(code, message, status)),
    }
}

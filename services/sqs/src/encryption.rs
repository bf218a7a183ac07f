//! Queues that are encrypted with a key of KMS: the bodies of their messages are sealed with a data key, which KMS makes and opens as whoever sends
//! and receives, through SQS. A data key serves a principal for `KmsDataKeyReusePeriodSeconds`; until then KMS is not asked again, as on AWS.
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html>

use crate::Sqs;
use crate::operations::queue_of;
use crate::reference::QueueReference;
use crate::state::{Message, Queue, Sealed};
use api_kms::{DataKeySpec, Decrypt, GenerateDataKey};
use api_sqs::{
    Error, KmsAccessDenied, KmsDisabled, KmsInvalidKeyUsage, KmsInvalidState, KmsNotFound, KmsThrottled,
    SendMessage, SendMessageBatch,
};
use blobs::{BlobError, DataKey};
use contract::{Call, Caller, Context, Prepare, Prepared, Principal, Unprepared};
use names::{Arn, Scope, Timestamp};
use parking_lot::Mutex;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;
use wire::{Bytes, ErrorResponse};

const SERVICE: &str = "sqs.amazonaws.com";
/// Data keys that are held at once.
const MOST: usize = 10_000;

/// Whose: the principal (of services with what they act for), and the access key, since sessions of one name may have different policies.
type Holder = (String, Option<String>);

/// Data keys in use, each for one principal and queue until its time is over. Only in memory: after a restart KMS is asked anew.
#[derive(Default)]
pub(crate) struct DataKeys {
    /// For a queue's ARN and its KmsMasterKeyId.
    to_send: Held<(Holder, String, String), SendingKey>,
    /// By the data key as KMS encrypted it.
    to_receive: Held<(Holder, Vec<u8>), DataKey>,
}

/// Things that are held until a moment, each.
struct Held<K, V>(Mutex<HashMap<K, (Timestamp, V)>>);

impl<K, V> Default for Held<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Hash + Eq, V: Clone> Held<K, V> {
    fn get(&self, key: &K, now: Timestamp) -> Option<V> {
        self.0.lock().get(key).filter(|(until, _)| *until > now).map(|(_, value)| value.clone())
    }

    fn put(&self, key: K, value: V, until: Timestamp, now: Timestamp) {
        let mut held = self.0.lock();
        if held.len() >= MOST {
            held.retain(|_, (until, _)| *until > now);
        }
        if held.len() < MOST {
            held.insert(key, (until, value));
        }
    }
}

/// What the bodies that a principal sends to a queue are sealed with.
#[derive(Debug, Clone)]
pub(crate) struct SendingKey {
    /// The queue's ARN, and its KmsMasterKeyId.
    of: (String, String),
    /// The data key as KMS encrypted it.
    encrypted: Vec<u8>,
    key: DataKey,
}

impl SendingKey {
    /// Seals a body. Where a call sends several, each has a salt of its own.
    pub(crate) fn seal(&self, body: &str, call: &Call) -> Result<Sealed, Error> {
        let sealed =
            blobs::seal_salted(body.as_bytes(), &self.key, call.entropy.bytes()).map_err(Unopened)?;
        Ok(Sealed { queue: self.of.0.clone(), key: self.encrypted.clone(), body: sealed.to_vec() })
    }
}

#[derive(Debug, thiserror::Error)]
#[error("a message cannot be sealed or opened with its data key")]
struct Unopened(#[source] BlobError);
impl names::Fault for Unopened {}

#[derive(Debug, thiserror::Error)]
#[error("KMS answered no data key of 32 bytes")]
struct NoKey;
impl names::Fault for NoKey {}

/// The key for what a call sends to a queue; None where the queue has none.
///
/// # Errors
/// [`Unprepared`] where KMS has to be asked for it first.
pub(crate) fn sending<'a>(queue: &Queue, call: &'a Call) -> Result<Option<&'a SendingKey>, Error> {
    let Some(id) = queue.key() else { return Ok(None) };
    let asked = call.prepared::<Option<SendingKey>>().and_then(Option::as_ref);
    let fits = |key: &&SendingKey| key.of.1 == id && key.of.0 == queue.arn().to_string();
    asked.filter(fits).map(Some).ok_or_else(|| Unprepared.into())
}

#[async_trait::async_trait]
impl Prepare<SendMessage> for Sqs {
    async fn prepare(&self, input: &SendMessage, call: &Call, context: &Context) -> Result<Prepared, Error> {
        self.data_keys.to_send(&input.queue_url, call, context).await
    }
}

#[async_trait::async_trait]
impl Prepare<SendMessageBatch> for Sqs {
    async fn prepare(
        &self,
        input: &SendMessageBatch,
        call: &Call,
        context: &Context,
    ) -> Result<Prepared, Error> {
        self.data_keys.to_send(&input.queue_url, call, context).await
    }
}

impl DataKeys {
    /// What [`sending`] wants.
    async fn to_send(&self, url: &str, call: &Call, context: &Context) -> Result<Prepared, Error> {
        let queue = queue_of(&context.store.view(), &QueueReference::of_url(url, call)?)?;
        let Some(id) = queue.key() else { return Ok(Arc::new(None::<SendingKey>)) };
        let arn = queue.arn().to_string();
        let holder = (holder(call), arn.clone(), id.to_owned());
        let now = context.clock.now();
        if let Some(known) = self.to_send.get(&holder, now) {
            return Ok(Arc::new(Some(known)));
        }
        let kms = kms(queue.scope, call, context);
        let generate = GenerateDataKey {
            key_id: qualified(id, queue.scope),
            key_spec: Some(DataKeySpec::Aes256),
            encryption_context: Some(encryption_context(&arn)),
            ..Default::default()
        };
        let encrypted = kms.call(generate).await.map_err(of_kms)?.ciphertext_blob.unwrap_or_default();
        // As SQS does before it uses a new data key; so who sends needs kms:Decrypt as well.
        let key = decrypt(&kms, &arn, &encrypted).await?;
        let made = SendingKey { of: (arn, id.to_owned()), encrypted: encrypted.to_vec(), key };
        let until = now.plus(queue.reuses_keys_for());
        self.to_send.put(holder, made.clone(), until, now);
        Ok(Arc::new(Some(made)))
    }

    /// Opens the data key of a sealed message, as whoever receives it.
    pub(crate) async fn open(
        &self,
        sealed: &Sealed,
        queue: &Queue,
        call: &Call,
        context: &Context,
    ) -> Result<DataKey, Error> {
        let holder = (holder(call), sealed.key.clone());
        let now = context.clock.now();
        if let Some(known) = self.to_receive.get(&holder, now) {
            return Ok(known);
        }
        let blob = Bytes::from(sealed.key.clone());
        let key = decrypt(&kms(queue.scope, call, context), &sealed.queue, &blob).await?;
        let until = now.plus(queue.reuses_keys_for());
        self.to_receive.put(holder, key.clone(), until, now);
        Ok(key)
    }
}

/// Data keys that were opened for a receiver, by how KMS encrypted them.
#[derive(Default)]
pub(crate) struct OpenKeys(HashMap<Vec<u8>, DataKey>);

impl OpenKeys {
    pub(crate) fn add(&mut self, sealed: Sealed, key: DataKey) {
        self.0.insert(sealed.key, key);
    }

    /// Opens a message's body in its place.
    ///
    /// # Errors
    /// What is sealed, where its key is not among these.
    pub(crate) fn unseal(&self, message: &mut Message) -> Result<Result<(), Sealed>, Error> {
        let Some(sealed) = message.sealed.take() else { return Ok(Ok(())) };
        let Some(key) = self.0.get(&sealed.key) else { return Ok(Err(sealed)) };
        let body = blobs::open(&sealed.body, key).map_err(Unopened)?;
        message.body = String::from_utf8(body.to_vec()).map_err(|_| Unopened(BlobError::NotOpened))?;
        Ok(Ok(()))
    }
}

impl Queue {
    fn key(&self) -> Option<&str> {
        self.attributes.get("KmsMasterKeyId").map(String::as_str).filter(|id| !id.is_empty())
    }

    fn reuses_keys_for(&self) -> Duration {
        Duration::from_secs(self.number("KmsDataKeyReusePeriodSeconds").into())
    }
}

fn holder(call: &Call) -> Holder {
    let principal = match &call.principal {
        Principal::Service(service) => format!("{service:?}"),
        principal => principal.arn(),
    };
    (principal, call.access_key_id.clone())
}

fn kms(scope: Scope, call: &Call, context: &Context) -> Caller {
    let scope = Scope::new(call.account, scope.region);
    context.caller(call.principal.clone(), scope, call.chain.through(SERVICE))
}

/// Aliases and ids are those of the queue's account, whoever sends.
fn qualified(id: &str, scope: Scope) -> String {
    if id.starts_with("arn:") {
        return id.to_owned();
    }
    let resource = if id.starts_with("alias/") { id.to_owned() } else { format!("key/{id}") };
    Arn::new("kms", scope, resource).to_string()
}

fn encryption_context(queue: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("aws:sqs:arn".to_owned(), queue.to_owned())])
}

async fn decrypt(kms: &Caller, queue: &str, encrypted: &Bytes) -> Result<DataKey, Error> {
    let decrypt = Decrypt {
        ciphertext_blob: Some(encrypted.clone()),
        encryption_context: Some(encryption_context(queue)),
        ..Default::default()
    };
    let plain = kms.call(decrypt).await.map_err(of_kms)?.plaintext.unwrap_or_default();
    let bytes: [u8; 32] = plain.as_ref().try_into().map_err(|_| NoKey)?;
    Ok(DataKey::new(bytes))
}

/// KMS's refusal, as SQS passes it on.
fn of_kms(refused: ErrorResponse) -> Error {
    let ErrorResponse { code, message, status, .. } = refused;
    let told = format!("{message} (Service: AWSKMS; Status Code: {status}; Error Code: {code})");
    match code.as_str() {
        code if code.starts_with("AccessDenied") => KmsAccessDenied::new(told).into(),
        "DisabledException" => KmsDisabled::new(told).into(),
        "InvalidKeyUsageException" => KmsInvalidKeyUsage::new(told).into(),
        "KMSInvalidStateException" => KmsInvalidState::new(told).into(),
        "NotFoundException" => KmsNotFound::new(told).into(),
        "ThrottlingException" => KmsThrottled::new(told).into(),
        _ => Error::Common(ErrorResponse::new(code, message, status)),
    }
}

//! Server-side encryption of objects: what a request wants, keys for what is written, and keys for what is read.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html>

use crate::error::{
    BodyFault, access_denied, error, header_not_implemented, invalid_argument, invalid_request,
};
use crate::notifications::SERVICE;
use crate::state::{Bucket, DefaultEncryption, KmsSealing, Object, Sealing};
use api_kms::{DataKeySpec, Decrypt, GenerateDataKey};
use api_s3::{Error, ServerSideEncryption};
use base64::{Engine, engine::general_purpose::STANDARD};
use blobs::DataKey;
use bytes::Bytes;
use contract::{Call, Caller, Context};
use md5::{Digest, Md5};
use names::Scope;
use std::collections::BTreeMap;
use wire::{Document, ErrorResponse};

/// The headers of a request that makes an object.
pub(crate) struct Headers<'a> {
    pub(crate) algorithm: Option<ServerSideEncryption>,
    pub(crate) kms_key: Option<&'a str>,
    pub(crate) kms_context: Option<&'a str>,
    pub(crate) bucket_key: Option<bool>,
    pub(crate) customer: Customer<'a>,
}

/// The headers of a request that brings the customer's own key.
#[derive(Clone, Copy)]
pub(crate) struct Customer<'a> {
    pub(crate) algorithm: Option<&'a str>,
    pub(crate) key: Option<&'a str>,
    pub(crate) md5: Option<&'a str>,
}

/// The headers of an input, by its fields.
macro_rules! headers {
    ($input:expr) => {
        $crate::encryption::Headers {
            algorithm: $input.server_side_encryption,
            kms_key: $input.ssekms_key_id.as_deref(),
            kms_context: $input.ssekms_encryption_context.as_deref(),
            bucket_key: $input.bucket_key_enabled,
            customer: $crate::encryption::customer!($input),
        }
    };
}

macro_rules! customer {
    ($input:expr) => {
        $crate::encryption::Customer {
            algorithm: $input.sse_customer_algorithm.as_deref(),
            key: $input.sse_customer_key.as_deref(),
            md5: $input.sse_customer_key_md5.as_deref(),
        }
    };
}

/// As [`customer!`], for the source of a copy.
macro_rules! source_customer {
    ($input:expr) => {
        $crate::encryption::Customer {
            algorithm: $input.copy_source_sse_customer_algorithm.as_deref(),
            key: $input.copy_source_sse_customer_key.as_deref(),
            md5: $input.copy_source_sse_customer_key_md5.as_deref(),
        }
    };
}

/// Sets the members of an output that tell how an object is encrypted.
macro_rules! tell {
    ($output:expr, $sealing:expr) => {
        match $sealing {
            $crate::state::Sealing::Plain | $crate::state::Sealing::Customer(_) => {}
            $crate::state::Sealing::S3(_) => {
                $output.server_side_encryption = Some(api_s3::ServerSideEncryption::Aes256);
            }
            $crate::state::Sealing::Kms(kms) => {
                $output.server_side_encryption = Some(api_s3::ServerSideEncryption::AwsKms);
                $output.ssekms_key_id = Some(kms.key.clone());
                $output.bucket_key_enabled = kms.bucket_key.then_some(true);
            }
        }
    };
    ($output:expr, $sealing:expr, $customer:expr) => {{
        $crate::encryption::tell!($output, $sealing);
        if let $crate::state::Sealing::Customer(_) = $sealing {
            $output.sse_customer_algorithm = $customer.algorithm.map(str::to_owned);
            $output.sse_customer_key_md5 = $customer.md5.map(str::to_owned);
        }
    }};
}

pub(crate) use {customer, headers, source_customer, tell};

/// How a new object is to be encrypted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Wanted {
    Plain,
    S3,
    Kms { key: Option<String>, context: BTreeMap<String, String>, bucket_key: bool },
    Customer(DataKey),
}

impl Customer<'_> {
    fn is_given(&self) -> bool {
        self.algorithm.is_some() || self.key.is_some() || self.md5.is_some()
    }

    /// The key that a request brings, checked against its MD5.
    pub(crate) fn key(&self) -> Result<Option<DataKey>, Error> {
        if !self.is_given() {
            return Ok(None);
        }
        let missing = |what: &str| {
            let message = format!(
                "Requests specifying Server Side Encryption with Customer provided keys must provide {what}."
            );
            invalid_argument(&message, "x-amz-server-side-encryption", "null")
        };
        let algorithm = self.algorithm.ok_or_else(|| missing("a valid encryption algorithm"))?;
        if algorithm != "AES256" {
            return Err(error(
                400,
                "InvalidEncryptionAlgorithmError",
                "The Encryption request you specified is not valid. Supported value: AES256.",
                [
                    ("ArgumentName", "x-amz-server-side-encryption-customer-algorithm".into()),
                    ("ArgumentValue", algorithm.into()),
                ],
            ));
        }
        let key = self.key.ok_or_else(|| missing("an appropriate secret key"))?;
        let md5 = self.md5.ok_or_else(|| missing("the client calculated MD5 of the secret key"))?;
        let bytes: Option<[u8; 32]> = STANDARD.decode(key).ok().and_then(|bytes| bytes.try_into().ok());
        let Some(bytes) = bytes else {
            let message = "The secret key was invalid for the specified algorithm.";
            return Err(invalid_argument(message, "x-amz-server-side-encryption-customer-key", "***"));
        };
        if STANDARD.decode(md5).ok().as_deref() != Some(Md5::digest(bytes).as_slice()) {
            let message = "The calculated MD5 hash of the key did not match the hash that was provided.";
            return Err(invalid_argument(message, "x-amz-server-side-encryption-customer-key-MD5", md5));
        }
        Ok(Some(DataKey::new(bytes)))
    }
}

impl Headers<'_> {
    /// What the request and the bucket's default together ask for.
    pub(crate) fn wanted(&self, bucket: &Bucket) -> Result<Wanted, Error> {
        let kms = self.algorithm == Some(ServerSideEncryption::AwsKms);
        match self.algorithm {
            None | Some(ServerSideEncryption::Aes256 | ServerSideEncryption::AwsKms) => {}
            Some(_) => return Err(header_not_implemented("x-amz-server-side-encryption")),
        }
        if let Some(key) = self.customer.key()? {
            if let Some(algorithm) = self.algorithm {
                let message = "Server Side Encryption with Customer provided key is incompatible with the encryption method specified";
                return Err(invalid_argument(message, "x-amz-server-side-encryption", algorithm.as_str()));
            }
            if bucket.encryption.blocked.iter().any(|kind| kind == "SSE-C") {
                return Err(access_denied(
                    "Server-side encryption with customer-provided keys (SSE-C) is blocked on this bucket.",
                ));
            }
            return Ok(Wanted::Customer(key));
        }
        if !kms && (self.kms_key.is_some() || self.kms_context.is_some()) {
            return Err(invalid_argument(
                "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : \
                 aws:kms",
                "x-amz-server-side-encryption",
                self.algorithm.map_or("null", ServerSideEncryption::as_str),
            ));
        }
        let bucket_key = self.bucket_key.unwrap_or(bucket.encryption.bucket_key_enabled);
        if kms {
            let context = self.kms_context.map(own_context).transpose()?.unwrap_or_default();
            return Ok(Wanted::Kms { key: self.kms_key.map(str::to_owned), context, bucket_key });
        }
        Ok(match (&bucket.encryption.default, self.algorithm) {
            (_, Some(_)) | (DefaultEncryption::S3, None) => Wanted::S3,
            (DefaultEncryption::None, None) => Wanted::Plain,
            (DefaultEncryption::Kms(key), None) => {
                Wanted::Kms { key: key.clone(), context: BTreeMap::new(), bucket_key }
            }
        })
    }
}

/// `x-amz-server-side-encryption-context`: Base64 of a JSON object of texts.
fn own_context(header: &str) -> Result<BTreeMap<String, String>, Error> {
    let malformed = || {
        let message = "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map";
        invalid_argument(message, "x-amz-server-side-encryption-context", header)
    };
    let bytes = STANDARD.decode(header).map_err(|_| malformed())?;
    let document = Document::parse_bytes(&bytes).map_err(|_| malformed())?;
    let members = document.as_object().ok_or_else(malformed)?;
    let pairs = members.iter().map(|(name, value)| {
        let value = value.as_str().ok_or_else(malformed)?;
        Ok((name.clone(), value.to_owned()))
    });
    pairs.collect()
}

fn kms(bucket: &Bucket, call: &Call, context: &Context) -> Caller {
    // As whoever calls S3: the key's policy decides about them, and sees through which service they come.
    let scope = Scope::new(call.account, bucket.scope.region);
    context.caller(call.principal.clone(), scope, call.chain.through(SERVICE))
}

/// KMS's refusal, as S3 passes it on.
fn of_kms(refused: ErrorResponse) -> Error {
    let ErrorResponse { code, message, status, .. } = refused;
    match code.as_str() {
        code if code.starts_with("AccessDenied") => access_denied(message),
        code if status >= 500 => error(status, code, message, []),
        code => error(400, &format!("KMS.{code}"), message, []),
    }
}

fn data_key(plaintext: Option<Bytes>) -> Result<DataKey, Error> {
    let bytes: Option<[u8; 32]> = plaintext.and_then(|bytes| bytes.as_ref().try_into().ok());
    bytes.map(DataKey::new).ok_or_else(|| BodyFault(blobs::BlobError::NotOpened).into())
}

/// How a new object is sealed, and its key.
pub(crate) async fn begin(
    wanted: &Wanted,
    bucket: &Bucket,
    object_key: &str,
    call: &Call,
    context: &Context,
) -> Result<(Sealing, Option<DataKey>), Error> {
    Ok(match wanted {
        Wanted::Plain => (Sealing::Plain, None),
        Wanted::S3 => {
            let key = DataKey::random().map_err(BodyFault)?;
            (Sealing::S3(context.blobs.wrap(&key).map_err(BodyFault)?), Some(key))
        }
        Wanted::Customer(key) => {
            (Sealing::Customer(blobs::seal(b"", key).map_err(BodyFault)?), Some(key.clone()))
        }
        Wanted::Kms { key, context: own, bucket_key } => {
            let arn = if *bucket_key { bucket.arn() } else { format!("{}/{object_key}", bucket.arn()) };
            let mut encryption_context = own.clone();
            encryption_context.insert("aws:s3:arn".into(), arn);
            let generate = GenerateDataKey {
                key_id: key.clone().unwrap_or_else(|| "alias/aws/s3".into()),
                key_spec: Some(DataKeySpec::Aes256),
                encryption_context: Some(encryption_context.clone()),
                ..Default::default()
            };
            let made = kms(bucket, call, context).call(generate).await.map_err(of_kms)?;
            let sealing = KmsSealing {
                key: made.key_id.unwrap_or_default(),
                ciphertext: made.ciphertext_blob.unwrap_or_default(),
                context: encryption_context,
                bucket_key: *bucket_key,
            };
            (Sealing::Kms(sealing), Some(data_key(made.plaintext)?))
        }
    })
}

/// Whether a request brings the key that an object needs, and no other.
pub(crate) fn check_customer(sealing: &Sealing, customer: Customer<'_>) -> Result<Option<DataKey>, Error> {
    match (sealing, customer.key()?) {
        (Sealing::Customer(check), Some(key)) => match blobs::open(check, &key) {
            Ok(_) => Ok(Some(key)),
            Err(_) => Err(access_denied("Access Denied")),
        },
        (Sealing::Customer(_), None) => Err(invalid_request(
            "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve \
             the object.",
        )),
        (_, Some(_)) => Err(invalid_request("The encryption parameters are not applicable to this object.")),
        (_, None) => Ok(None),
    }
}

/// The key of what is sealed; None for what is not.
pub(crate) async fn key_of(
    sealing: &Sealing,
    customer: Customer<'_>,
    bucket: &Bucket,
    call: &Call,
    context: &Context,
) -> Result<Option<DataKey>, Error> {
    let given = check_customer(sealing, customer)?;
    Ok(match sealing {
        Sealing::Plain => None,
        Sealing::Customer(_) => given,
        Sealing::S3(wrapped) => Some(context.blobs.unwrap(wrapped).map_err(BodyFault)?),
        Sealing::Kms(sealing) => {
            let decrypt = Decrypt {
                ciphertext_blob: Some(sealing.ciphertext.clone()),
                encryption_context: Some(sealing.context.clone()),
                key_id: Some(sealing.key.clone()),
                ..Default::default()
            };
            let answer = kms(bucket, call, context).call(decrypt).await.map_err(of_kms)?;
            Some(data_key(answer.plaintext)?)
        }
    })
}

/// A copy may refer to the original's bytes: they are sealed as it is to be, by a key that this cloud keeps.
pub(crate) fn may_share(original: &Object, wanted: &Wanted) -> bool {
    matches!((&original.sealing, wanted), (Sealing::S3(_), Wanted::S3) | (Sealing::Plain, Wanted::Plain))
}

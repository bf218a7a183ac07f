//! Values of SecureString parameters: encrypted by KMS as whoever calls, through Systems Manager
//! (<https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html>).

use super::SERVICE;
use crate::errors::access_denied;
use crate::state::{ParameterVersion, Value, arn_of};
use api_kms::{DataKeySpec, Decrypt, Encrypt, GenerateDataKey};
use api_ssm::{Error, InvalidKeyId};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use blobs::DataKey;
use contract::{Call, Caller, Context};
use names::Scope;
use std::collections::BTreeMap;
use wire::{Bytes, ErrorResponse};

/// The account's own key.
pub(crate) const DEFAULT_KEY: &str = "alias/aws/ssm";
/// What KMS encrypts at once.
const MOST_OF_KMS: usize = 4096;

fn kms(scope: Scope, call: &Call, context: &Context) -> Caller {
    context.caller(
        call.principal.clone(),
        Scope::new(call.account, scope.region),
        call.chain.through(SERVICE),
    )
}

/// KMS's refusal, as Systems Manager passes it on.
fn of_kms(refused: ErrorResponse) -> Error {
    let ErrorResponse { code, message, status, .. } = refused;
    match code.as_str() {
        code if code.starts_with("AccessDenied") => access_denied(message),
        _ if status >= 500 => Error::Common(ErrorResponse::new(code, message, status)),
        _ => InvalidKeyId::new(format!(
            "{message} (Service: AWSKMS; Status Code: {status}; Error Code: {code})"
        ))
        .into(),
    }
}

fn encryption_context(scope: Scope, name: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("PARAMETER_ARN".to_owned(), arn_of(scope, name).to_string())])
}

fn data_key(plaintext: Option<Bytes>) -> Result<DataKey, Error> {
    let bytes: Option<[u8; 32]> = plaintext.and_then(|bytes| bytes.as_ref().try_into().ok());
    bytes.map(DataKey::new).ok_or_else(|| internal("KMS answered no data key"))
}

fn internal(why: &str) -> Error {
    tracing::error!(why, "a SecureString parameter cannot be encrypted or decrypted");
    api_ssm::InternalServerError::new("An error occurred on the server side.").into()
}

/// Encrypts a value: by the key itself, or, where it is too large for that or Advanced, by a data key.
pub(crate) async fn encrypt(
    value: &str,
    (scope, name): (Scope, &str),
    key_id: &str,
    advanced: bool,
    call: &Call,
    context: &Context,
) -> Result<Value, Error> {
    let kms = kms(scope, call, context);
    let encryption_context = Some(encryption_context(scope, name));
    if !advanced && value.len() <= MOST_OF_KMS {
        let encrypt = Encrypt {
            key_id: key_id.to_owned(),
            plaintext: Bytes::from(value.to_owned()),
            encryption_context,
            ..Encrypt::default()
        };
        let ciphertext = kms.call(encrypt).await.map_err(of_kms)?.ciphertext_blob.unwrap_or_default();
        return Ok(Value::Encrypted { ciphertext, sealed: None });
    }
    let generate = GenerateDataKey {
        key_id: key_id.to_owned(),
        key_spec: Some(DataKeySpec::Aes256),
        encryption_context,
        ..GenerateDataKey::default()
    };
    let made = kms.call(generate).await.map_err(of_kms)?;
    let sealed = blobs::seal(value.as_bytes(), &data_key(made.plaintext)?)
        .map_err(|error| internal(&error.to_string()))?;
    Ok(Value::Encrypted { ciphertext: made.ciphertext_blob.unwrap_or_default(), sealed: Some(sealed) })
}

/// The value of a version, or, where it is not to be decrypted, its ciphertext in Base64.
pub(crate) async fn value_of(
    version: &ParameterVersion,
    decrypt: bool,
    call: &Call,
    context: &Context,
) -> Result<String, Error> {
    let (ciphertext, sealed) = match &version.value {
        Value::Plain(value) => return Ok(value.0.clone()),
        Value::Encrypted { ciphertext, sealed } => (ciphertext, sealed),
    };
    if !decrypt {
        let shown: Vec<u8> =
            [Some(ciphertext), sealed.as_ref()].into_iter().flatten().flatten().copied().collect();
        return Ok(STANDARD.encode(shown));
    }
    let request = Decrypt {
        ciphertext_blob: Some(ciphertext.clone()),
        encryption_context: Some(encryption_context(version.scope, &version.name)),
        ..Decrypt::default()
    };
    let plain = kms(version.scope, call, context).call(request).await.map_err(of_kms)?.plaintext;
    let bytes = match sealed {
        None => plain.unwrap_or_default(),
        Some(sealed) => {
            blobs::open(sealed, &data_key(plain)?).map_err(|error| internal(&error.to_string()))?
        }
    };
    String::from_utf8(bytes.to_vec()).map_err(|_| internal("the plaintext is not text"))
}

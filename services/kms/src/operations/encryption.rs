//! Encrypt and Decrypt, and what all cryptography with contexts shares.

use super::grants::check_tokens;
use crate::Kms;
use crate::access::Ask;
use crate::cipher::{self, Blob};
use crate::reference::{Takes, key, key_to_use};
use crate::refusal::{
    dry_run, invalid, invalid_ciphertext, made_for, no_key_of_ciphertext, not_built, usable,
};
use crate::state::{Key, Material};
use api_kms::{
    Decrypt, DecryptOutput, Encrypt, EncryptOutput, EncryptionAlgorithmSpec, Error, IncorrectKeyException,
    InvalidKeyUsageException, KMSInternalException,
};
use contract::{Access, Call, Check, Transact};
use names::Arn;
use std::collections::BTreeMap;
use store::{Tx, View};

/// Of an encryption context as JSON: <https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html>
const LONGEST_CONTEXT: usize = 8192;
const ENCRYPT_DECRYPT: &str = "ENCRYPT_DECRYPT";

impl Transact<Encrypt> for Kms {
    fn access(input: &Encrypt, call: &Call, view: &View) -> Access {
        Ask::shared("Encrypt", &input.key_id, Takes::Aliases)
            .with_context(input.encryption_context.as_ref())
            .access(call, view)
            .with("kms:EncryptionAlgorithm", [name(input.encryption_algorithm)])
    }

    fn run(input: Encrypt, call: &Call, tx: &mut Tx) -> Result<EncryptOutput, Error> {
        check_tokens(input.grant_tokens.as_deref())?;
        let context = input.encryption_context.unwrap_or_default();
        check_context(&context)?;
        let key = key_to_use(&input.key_id, call, tx)?;
        made_for(&key, ENCRYPT_DECRYPT, "Encrypt")?;
        usable(&key)?;
        check_algorithm(&key, input.encryption_algorithm)?;
        dry_run(input.dry_run)?;
        let blob = seal(&key, &input.plaintext, &context, call, tx)?;
        Ok(EncryptOutput {
            ciphertext_blob: Some(blob.into()),
            key_id: Some(key.arn().to_string()),
            encryption_algorithm: Some(EncryptionAlgorithmSpec::SymmetricDefault),
        })
    }
}

impl Transact<Decrypt> for Kms {
    fn access(input: &Decrypt, call: &Call, view: &View) -> Access {
        let blob = input.ciphertext_blob.as_deref();
        let source = Source { key_id: input.key_id.as_deref(), blob };
        Access::default()
            .and(source.check("Decrypt", input.encryption_context.as_ref(), call, view))
            .with("kms:EncryptionAlgorithm", [name(input.encryption_algorithm)])
    }

    fn run(input: Decrypt, call: &Call, tx: &mut Tx) -> Result<DecryptOutput, Error> {
        check_tokens(input.grant_tokens.as_deref())?;
        if input.recipient.is_some() {
            return Err(not_built("Recipient (attested enclaves) is"));
        }
        let context = input.encryption_context.unwrap_or_default();
        check_context(&context)?;
        let wanted = Wanted {
            operation: "Decrypt",
            context: &context,
            algorithm: input.encryption_algorithm,
            ignores_ciphertext: ignores_ciphertext(input.dry_run, input.dry_run_modifiers.is_some())?,
        };
        let source = Source { key_id: input.key_id.as_deref(), blob: input.ciphertext_blob.as_deref() };
        let opened = source.open(&wanted, call, tx)?;
        dry_run(input.dry_run)?;
        Ok(DecryptOutput {
            key_id: Some(opened.key.arn().to_string()),
            plaintext: Some(opened.plaintext.into()),
            encryption_algorithm: Some(EncryptionAlgorithmSpec::SymmetricDefault),
            ciphertext_for_recipient: None,
            key_material_id: Some(opened.material_id),
        })
    }
}

/// What is to be decrypted: a blob, and perhaps the key that it must be of.
pub(super) struct Source<'a> {
    pub(super) key_id: Option<&'a str>,
    pub(super) blob: Option<&'a [u8]>,
}

/// How it is to be decrypted.
pub(super) struct Wanted<'a> {
    pub(super) operation: &'static str,
    pub(super) context: &'a BTreeMap<String, String>,
    pub(super) algorithm: Option<EncryptionAlgorithmSpec>,
    /// Only the permission is asked for.
    pub(super) ignores_ciphertext: bool,
}

/// What was decrypted.
pub(super) struct Opened {
    pub(super) key: Key,
    pub(super) plaintext: Vec<u8>,
    pub(super) material_id: String,
}

impl Source<'_> {
    /// The key that the call says, or else the one that the blob says.
    pub(super) fn key_name(&self) -> Option<String> {
        if let Some(id) = self.key_id {
            return Some(id.to_owned());
        }
        let blob = Blob::read(self.blob?)?;
        Some(Arn::new("kms", blob.scope, format!("key/{}", blob.key_id)).to_string())
    }

    pub(super) fn check(
        &self,
        action: &'static str,
        context: Option<&BTreeMap<String, String>>,
        call: &Call,
        view: &View,
    ) -> Check {
        let name = self.key_name().unwrap_or_default();
        Ask::shared(action, &name, Takes::Aliases).with_context(context).check(call, view)
    }

    /// Decrypts. The key is the very one that [`Source::check`] asked about.
    pub(super) fn open(&self, wanted: &Wanted<'_>, call: &Call, view: &View) -> Result<Opened, Error> {
        let blob = self.blob.and_then(Blob::read);
        let key = match (self.key_id, &blob) {
            (Some(id), _) => key(id, Takes::Aliases, call, view)?,
            (None, Some(blob)) if blob.scope.region == call.region => {
                Key::get(view, blob.scope, &blob.key_id, call.now)?.ok_or_else(no_key_of_ciphertext)?
            }
            (None, Some(_)) => return Err(no_key_of_ciphertext()),
            (None, None) if wanted.ignores_ciphertext => {
                return Err(invalid("KeyId is required with the dry run modifier IGNORE_CIPHERTEXT."));
            }
            (None, None) => return Err(invalid_ciphertext()),
        };
        made_for(&key, ENCRYPT_DECRYPT, wanted.operation)?;
        usable(&key)?;
        check_algorithm(&key, wanted.algorithm)?;
        if wanted.ignores_ciphertext {
            return Ok(Opened { material_id: key.material_id.clone(), key, plaintext: Vec::new() });
        }
        let blob = blob.ok_or_else(invalid_ciphertext)?;
        if (blob.scope, blob.key_id.as_str()) != (key.scope, key.id.as_str()) {
            return Err(IncorrectKeyException::new(
                "The key ID in the request does not identify a CMK that can perform this operation.",
            )
            .into());
        }
        // A generation that never was is a blob that was tampered with.
        let material = Material::get(view, &key, blob.generation)?.ok_or_else(invalid_ciphertext)?;
        let secret = material.secret().ok_or_else(damaged)?;
        let plaintext = blob.open(&secret, wanted.context).ok_or_else(invalid_ciphertext)?;
        Ok(Opened { key, plaintext, material_id: material.id })
    }
}

/// Encrypts with the key's present material.
pub(super) fn seal(
    key: &Key,
    plaintext: &[u8],
    context: &BTreeMap<String, String>,
    call: &Call,
    view: &View,
) -> Result<Vec<u8>, Error> {
    let material = Material::get(view, key, key.generation)?.ok_or_else(damaged)?;
    let secret = material.secret().ok_or_else(damaged)?;
    cipher::seal(key, &secret, plaintext, context, &call.entropy).ok_or_else(damaged)
}

pub(super) fn damaged() -> Error {
    KMSInternalException::new("The key's material cannot be read.").into()
}

pub(super) fn check_context(context: &BTreeMap<String, String>) -> Result<(), Error> {
    // Quotes, colon and comma of each pair, and the braces.
    let length: usize = context.iter().map(|(key, value)| key.len() + value.len() + 6).sum::<usize>() + 1;
    if length > LONGEST_CONTEXT {
        return Err(invalid(format!(
            "The encryption context is too long: it has {length} bytes, of which at most {LONGEST_CONTEXT} are allowed."
        )));
    }
    Ok(())
}

pub(super) fn name(algorithm: Option<EncryptionAlgorithmSpec>) -> &'static str {
    algorithm.unwrap_or(EncryptionAlgorithmSpec::SymmetricDefault).as_str()
}

pub(super) fn check_algorithm(key: &Key, algorithm: Option<EncryptionAlgorithmSpec>) -> Result<(), Error> {
    match algorithm {
        None | Some(EncryptionAlgorithmSpec::SymmetricDefault) => Ok(()),
        Some(other) => Err(InvalidKeyUsageException::new(format!(
            "Algorithm {other} is incompatible with key spec {}.",
            key.spec.as_str()
        ))
        .into()),
    }
}

/// Whether a dry run asks only for the permission: IGNORE_CIPHERTEXT is the only modifier.
pub(super) fn ignores_ciphertext(dry_run: Option<bool>, modified: bool) -> Result<bool, Error> {
    if modified && dry_run != Some(true) {
        return Err(invalid("DryRunModifiers can only be specified when DryRun is true."));
    }
    Ok(modified)
}

//! Data keys.

use super::encryption::{check_context, seal};
use super::grants::check_tokens;
use crate::Kms;
use crate::access::Ask;
use crate::reference::{Takes, key_to_use};
use crate::refusal::{dry_run, invalid, made_for, not_built, usable};
use crate::state::Key;
use api_kms::{
    DataKeySpec, Error, GenerateDataKey, GenerateDataKeyOutput, GenerateDataKeyWithoutPlaintext,
    GenerateDataKeyWithoutPlaintextOutput,
};
use contract::{Access, Call, Transact};
use std::collections::BTreeMap;
use store::{Tx, View};

impl Transact<GenerateDataKey> for Kms {
    fn access(input: &GenerateDataKey, call: &Call, view: &View) -> Access {
        Ask::shared("GenerateDataKey", &input.key_id, Takes::Aliases)
            .with_context(input.encryption_context.as_ref())
            .access(call, view)
            .with("kms:EncryptionAlgorithm", ["SYMMETRIC_DEFAULT"])
    }

    fn run(input: GenerateDataKey, call: &Call, tx: &mut Tx) -> Result<GenerateDataKeyOutput, Error> {
        if input.recipient.is_some() {
            return Err(not_built("Recipient (attested enclaves) is"));
        }
        let wanted = Wanted {
            key_id: input.key_id,
            context: input.encryption_context.unwrap_or_default(),
            number_of_bytes: input.number_of_bytes,
            key_spec: input.key_spec,
            grant_tokens: input.grant_tokens,
            dry_run: input.dry_run,
        };
        let made = wanted.make("GenerateDataKey", call, tx)?;
        Ok(GenerateDataKeyOutput {
            ciphertext_blob: Some(made.blob.into()),
            plaintext: Some(made.plaintext.into()),
            key_id: Some(made.key.arn().to_string()),
            ciphertext_for_recipient: None,
            key_material_id: Some(made.key.material_id),
        })
    }
}

impl Transact<GenerateDataKeyWithoutPlaintext> for Kms {
    fn access(input: &GenerateDataKeyWithoutPlaintext, call: &Call, view: &View) -> Access {
        Ask::shared("GenerateDataKeyWithoutPlaintext", &input.key_id, Takes::Aliases)
            .with_context(input.encryption_context.as_ref())
            .access(call, view)
            .with("kms:EncryptionAlgorithm", ["SYMMETRIC_DEFAULT"])
    }

    fn run(
        input: GenerateDataKeyWithoutPlaintext,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GenerateDataKeyWithoutPlaintextOutput, Error> {
        let wanted = Wanted {
            key_id: input.key_id,
            context: input.encryption_context.unwrap_or_default(),
            number_of_bytes: input.number_of_bytes,
            key_spec: input.key_spec,
            grant_tokens: input.grant_tokens,
            dry_run: input.dry_run,
        };
        let made = wanted.make("GenerateDataKeyWithoutPlaintext", call, tx)?;
        Ok(GenerateDataKeyWithoutPlaintextOutput {
            ciphertext_blob: Some(made.blob.into()),
            key_id: Some(made.key.arn().to_string()),
            key_material_id: Some(made.key.material_id),
        })
    }
}

/// What both operations are asked.
struct Wanted {
    key_id: String,
    context: BTreeMap<String, String>,
    number_of_bytes: Option<i32>,
    key_spec: Option<DataKeySpec>,
    grant_tokens: Option<Vec<String>>,
    dry_run: Option<bool>,
}

struct Made {
    key: Key,
    plaintext: Vec<u8>,
    blob: Vec<u8>,
}

impl Wanted {
    fn make(&self, operation: &str, call: &Call, tx: &mut Tx) -> Result<Made, Error> {
        check_tokens(self.grant_tokens.as_deref())?;
        check_context(&self.context)?;
        let length = match (self.number_of_bytes, self.key_spec) {
            (Some(bytes), None) => usize::try_from(bytes).unwrap_or_default(),
            (None, Some(DataKeySpec::Aes256)) => 32,
            (None, Some(DataKeySpec::Aes128)) => 16,
            _ => return Err(invalid("Please specify either number of bytes or key spec.")),
        };
        let key = key_to_use(&self.key_id, call, tx)?;
        made_for(&key, "ENCRYPT_DECRYPT", operation)?;
        usable(&key)?;
        dry_run(self.dry_run)?;
        let plaintext = super::random::bytes(length, call);
        let blob = seal(&key, &plaintext, &self.context, call, tx)?;
        Ok(Made { key, plaintext, blob })
    }
}

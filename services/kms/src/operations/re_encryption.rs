//! ReEncrypt.

use super::encryption::{Source, Wanted, check_algorithm, check_context, ignores_ciphertext, name, seal};
use super::grants::check_tokens;
use crate::Kms;
use crate::access::Ask;
use crate::reference::{Reference, Takes, key_to_use};
use crate::refusal::{dry_run, made_for, usable};
use api_kms::{EncryptionAlgorithmSpec, Error, ReEncrypt, ReEncryptOutput};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<ReEncrypt> for Kms {
    fn access(input: &ReEncrypt, call: &Call, view: &View) -> Access {
        let source = source(input);
        let mut from = source.check("ReEncryptFrom", input.source_encryption_context.as_ref(), call, view);
        let mut to = Ask::shared("ReEncryptTo", &input.destination_key_id, Takes::Aliases)
            .with_context(input.destination_encryption_context.as_ref())
            .check(call, view);
        let same = from.resources == to.resources && is_one_key(&source, &input.destination_key_id, call);
        let context = |algorithm| {
            let same = if same { "true" } else { "false" };
            [
                ("kms:ReEncryptOnSameKey".to_owned(), vec![same.to_owned()]),
                ("kms:EncryptionAlgorithm".to_owned(), vec![name(algorithm).to_owned()]),
            ]
        };
        from.context.extend(context(input.source_encryption_algorithm));
        to.context.extend(context(input.destination_encryption_algorithm));
        Access::default().and(from).and(to)
    }

    fn run(input: ReEncrypt, call: &Call, tx: &mut Tx) -> Result<ReEncryptOutput, Error> {
        check_tokens(input.grant_tokens.as_deref())?;
        let none = Default::default();
        let source_context = input.source_encryption_context.as_ref().unwrap_or(&none);
        let destination_context = input.destination_encryption_context.as_ref().unwrap_or(&none);
        check_context(source_context)?;
        check_context(destination_context)?;
        let wanted = Wanted {
            operation: "ReEncrypt",
            context: source_context,
            algorithm: input.source_encryption_algorithm,
            ignores_ciphertext: ignores_ciphertext(input.dry_run, input.dry_run_modifiers.is_some())?,
        };
        let opened = source(&input).open(&wanted, call, tx)?;
        let destination = key_to_use(&input.destination_key_id, call, tx)?;
        made_for(&destination, "ENCRYPT_DECRYPT", "ReEncrypt")?;
        usable(&destination)?;
        check_algorithm(&destination, input.destination_encryption_algorithm)?;
        dry_run(input.dry_run)?;
        let blob = seal(&destination, &opened.plaintext, destination_context, call, tx)?;
        Ok(ReEncryptOutput {
            ciphertext_blob: Some(blob.into()),
            source_key_id: Some(opened.key.arn().to_string()),
            key_id: Some(destination.arn().to_string()),
            source_encryption_algorithm: Some(EncryptionAlgorithmSpec::SymmetricDefault),
            destination_encryption_algorithm: Some(EncryptionAlgorithmSpec::SymmetricDefault),
            source_key_material_id: Some(opened.material_id),
            destination_key_material_id: Some(destination.material_id),
        })
    }
}

fn source(input: &ReEncrypt) -> Source<'_> {
    Source { key_id: input.source_key_id.as_deref(), blob: input.ciphertext_blob.as_deref() }
}

/// Both names can be read: two that cannot are judged on the same `*`, which makes them no one key.
fn is_one_key(source: &Source<'_>, destination: &str, call: &Call) -> bool {
    let readable = |name: &str| Reference::read(name, Takes::Aliases, call).is_ok();
    source.key_name().is_some_and(|name| readable(&name)) && readable(destination)
}

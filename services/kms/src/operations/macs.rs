//! MACs.

use super::encryption::damaged;
use super::grants::check_tokens;
use crate::access::Ask;
use crate::reference::{Takes, key};
use crate::refusal::{dry_run, made_for, usable};
use crate::state::{Key, Material};
use crate::{Kms, mac};
use api_kms::{
    Error, GenerateMac, GenerateMacOutput, InvalidKeyUsageException, KMSInvalidMacException,
    MacAlgorithmSpec, VerifyMac, VerifyMacOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<GenerateMac> for Kms {
    fn access(input: &GenerateMac, call: &Call, view: &View) -> Access {
        Ask::shared("GenerateMac", &input.key_id, Takes::Aliases)
            .access(call, view)
            .with("kms:MacAlgorithm", [input.mac_algorithm.as_str()])
    }

    fn run(input: GenerateMac, call: &Call, tx: &mut Tx) -> Result<GenerateMacOutput, Error> {
        check_tokens(input.grant_tokens.as_deref())?;
        let (key, secret) = maker(&input.key_id, input.mac_algorithm, "GenerateMac", call, tx)?;
        dry_run(input.dry_run)?;
        let mac = mac::generate(key.spec, &secret, &input.message).ok_or_else(damaged)?;
        Ok(GenerateMacOutput {
            mac: Some(mac.into()),
            mac_algorithm: Some(input.mac_algorithm),
            key_id: Some(key.arn().to_string()),
        })
    }
}

impl Transact<VerifyMac> for Kms {
    fn access(input: &VerifyMac, call: &Call, view: &View) -> Access {
        Ask::shared("VerifyMac", &input.key_id, Takes::Aliases)
            .access(call, view)
            .with("kms:MacAlgorithm", [input.mac_algorithm.as_str()])
    }

    fn run(input: VerifyMac, call: &Call, tx: &mut Tx) -> Result<VerifyMacOutput, Error> {
        check_tokens(input.grant_tokens.as_deref())?;
        let (key, secret) = maker(&input.key_id, input.mac_algorithm, "VerifyMac", call, tx)?;
        dry_run(input.dry_run)?;
        if !mac::verify(key.spec, &secret, &input.message, &input.mac) {
            // AWS says no more.
            return Err(KMSInvalidMacException::new("").into());
        }
        Ok(VerifyMacOutput {
            key_id: Some(key.arn().to_string()),
            mac_valid: Some(true),
            mac_algorithm: Some(input.mac_algorithm),
        })
    }
}

fn maker(
    id: &str,
    algorithm: MacAlgorithmSpec,
    operation: &str,
    call: &Call,
    view: &View,
) -> Result<(Key, Vec<u8>), Error> {
    let key = key(id, Takes::Aliases, call, view)?;
    made_for(&key, "GENERATE_VERIFY_MAC", operation)?;
    usable(&key)?;
    if key.spec.mac_algorithm() != Some(algorithm.as_str()) {
        let message = format!("Algorithm {algorithm} is incompatible with key spec {}.", key.spec.as_str());
        return Err(InvalidKeyUsageException::new(message).into());
    }
    let material = Material::get(view, &key, key.generation)?.ok_or_else(damaged)?;
    let secret = material.secret().ok_or_else(damaged)?;
    Ok((key, secret))
}

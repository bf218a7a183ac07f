//! GenerateRandom.

use crate::Kms;
use crate::access::of_call;
use crate::refusal::{invalid, not_built};
use api_kms::{Error, GenerateRandom, GenerateRandomOutput};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<GenerateRandom> for Kms {
    fn access(_: &GenerateRandom, call: &Call, _: &View) -> Access {
        of_call(call)
            .into_iter()
            .fold(Access::to("kms:GenerateRandom"), |access, (key, values)| access.with(key, values))
    }

    fn run(input: GenerateRandom, call: &Call, _: &mut Tx) -> Result<GenerateRandomOutput, Error> {
        if input.custom_key_store_id.is_some() {
            return Err(not_built("Custom key stores are"));
        }
        if input.recipient.is_some() {
            return Err(not_built("Recipient (attested enclaves) is"));
        }
        let length = input.number_of_bytes.and_then(|length| usize::try_from(length).ok());
        let length = length.ok_or_else(|| invalid("NumberOfBytes is required."))?;
        Ok(GenerateRandomOutput {
            plaintext: Some(bytes(length, call).into()),
            ciphertext_for_recipient: None,
        })
    }
}

/// Random bytes that the call draws.
pub(super) fn bytes(length: usize, call: &Call) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length + 32);
    while bytes.len() < length {
        bytes.extend_from_slice(&call.entropy.bytes());
    }
    bytes.truncate(length);
    bytes
}

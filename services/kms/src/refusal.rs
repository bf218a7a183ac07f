//! The errors of KMS, as AWS words them.

use crate::state::Key;
use api_kms::{
    DisabledException, Error, InvalidArnException, InvalidCiphertextException, InvalidKeyUsageException,
    KMSInvalidStateException, NotFoundException, UnsupportedOperationException,
};
use names::Arn;

pub(crate) fn invalid(message: impl Into<String>) -> Error {
    Error::sender("ValidationException", message)
}

/// What AWS has and this cloud does not.
pub(crate) fn not_built(what: &str) -> Error {
    UnsupportedOperationException::new(format!("{what} not built in Cloudchamber.")).into()
}

pub(crate) fn no_key(arn: &Arn) -> Error {
    NotFoundException::new(format!("Key '{arn}' does not exist")).into()
}

pub(crate) fn no_alias(arn: &Arn) -> Error {
    NotFoundException::new(format!("Alias {arn} is not found.")).into()
}

pub(crate) fn invalid_id(text: &str) -> Error {
    NotFoundException::new(format!("Invalid keyId '{text}'")).into()
}

pub(crate) fn invalid_arn(text: &str) -> Error {
    InvalidArnException::new(format!("Invalid arn {text}")).into()
}

/// AWS says no more: <https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html#API_Decrypt_Errors>
pub(crate) fn invalid_ciphertext() -> Error {
    InvalidCiphertextException::new("").into()
}

pub(crate) fn no_key_of_ciphertext() -> Error {
    Error::sender(
        "AccessDeniedException",
        "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.",
    )
}

pub(crate) fn dry_run(wanted: Option<bool>) -> Result<(), Error> {
    if wanted == Some(true) {
        return Err(api_kms::DryRunOperationException::new(
            "The request would have succeeded, but the DryRun option is set.",
        )
        .into());
    }
    Ok(())
}

/// Refuses a key that awaits its end.
pub(crate) fn not_pending(key: &Key) -> Result<(), Error> {
    if key.deletion.is_some() {
        return Err(KMSInvalidStateException::new(format!("{} is pending deletion.", key.arn())).into());
    }
    Ok(())
}

/// Refuses a key that is disabled or awaits its end: <https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html>
pub(crate) fn usable(key: &Key) -> Result<(), Error> {
    not_pending(key)?;
    if !key.enabled {
        return Err(DisabledException::new(format!("{} is disabled.", key.arn())).into());
    }
    Ok(())
}

/// Refuses a key that is made for something else.
pub(crate) fn made_for(key: &Key, usage: &str, operation: &str) -> Result<(), Error> {
    if key.spec.usage() != usage {
        let message =
            format!("{} key usage is {} which is not valid for {operation}.", key.arn(), key.spec.usage());
        return Err(InvalidKeyUsageException::new(message).into());
    }
    Ok(())
}

//! STS's operations.

mod assume_role;
pub(crate) mod credentials;
mod identity;
mod session_tags;
mod session_token;

use contract::Registration;

/// The service.
pub(crate) struct Sts;

type Result<T> = std::result::Result<T, api_sts::Error>;

/// Adds every operation.
pub(crate) fn register(registration: Registration) -> Registration {
    registration
        .transact::<Sts, api_sts::AssumeRole>()
        .transact::<Sts, api_sts::GetCallerIdentity>()
        .transact::<Sts, api_sts::GetSessionToken>()
        .transact::<Sts, api_sts::GetAccessKeyInfo>()
}

fn validation(sentence: impl Into<String>) -> api_sts::Error {
    api_sts::Error::sender("ValidationError", sentence)
}

fn denied(sentence: impl Into<String>) -> api_sts::Error {
    api_sts::Error::Common(wire::ErrorResponse::new("AccessDenied", sentence, 403))
}

/// There are no MFA devices here, so no code is ever right.
fn no_second_factor(serial_number: Option<&String>, token_code: Option<&String>) -> Result<()> {
    match (serial_number, token_code) {
        (None, None) => Ok(()),
        (Some(_), None) => Err(denied(
            "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.",
        )),
        (None, Some(_)) => Err(denied("MultiFactorAuthentication failed, must provide MFA serial number.")),
        (Some(_), Some(_)) => {
            Err(denied("MultiFactorAuthentication failed with invalid MFA one time pass code."))
        }
    }
}

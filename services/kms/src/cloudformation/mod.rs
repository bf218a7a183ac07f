//! KMS's resource types for CloudFormation.

mod alias;
mod key;
mod step;

pub(crate) use alias::AliasHandler;
pub(crate) use key::KeyHandler;
use step::AliasStep;

use wire::ErrorResponse;

/// What is gone already is deleted.
fn gone_is_done<T>(result: Result<T, ErrorResponse>) -> Result<(), ErrorResponse> {
    match result {
        Err(error) if error.code != "NotFoundException" => Err(error),
        _ => Ok(()),
    }
}

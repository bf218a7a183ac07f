//! The end of every operation.

use api_ec2::Error;
use wire::ErrorResponse;

/// The answer, unless the call was only a try: then nothing of it is kept, as after any error.
pub(crate) fn answer<T>(dry_run: Option<bool>, output: T) -> Result<T, Error> {
    if dry_run == Some(true) {
        let message = "Request would have succeeded, but DryRun flag is set.";
        return Err(Error::Common(ErrorResponse::new("DryRunOperation", message, 412)));
    }
    Ok(output)
}

//! The types that CloudFormation makes, by SQS's public operations as the stack's principal.

mod queue;
mod queue_policy;

pub(crate) use queue::QueueHandler;
pub(crate) use queue_policy::{QueueInlinePolicyHandler, QueuePolicyHandler};

use wire::ErrorResponse;

/// Whether an error says that the queue is not there.
fn is_gone(error: &ErrorResponse) -> bool {
    error.code == "QueueDoesNotExist"
}

/// Deleting what is gone already has done its work.
fn gone_is_done<T>(result: Result<T, ErrorResponse>) -> Result<(), ErrorResponse> {
    match result {
        Err(error) if !is_gone(&error) => Err(error),
        _ => Ok(()),
    }
}

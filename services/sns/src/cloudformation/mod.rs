//! The types that CloudFormation makes, by SNS's public operations as the stack's principal.

mod subscription;
mod topic;
mod topic_policy;

pub(crate) use subscription::SubscriptionHandler;
pub(crate) use topic::TopicHandler;
pub(crate) use topic_policy::TopicPolicyHandler;

use wire::ErrorResponse;

/// Deleting what is gone already has done its work.
fn gone_is_done<T>(result: Result<T, ErrorResponse>) -> Result<(), ErrorResponse> {
    match result {
        Err(error) if error.code != "NotFound" => Err(error),
        _ => Ok(()),
    }
}

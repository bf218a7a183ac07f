//! What all tasks of this service do alike.

use contract::{Caller, Context, Outcome, Principal, Task};
use names::{Arn, Scope};
use std::time::Duration;
use store::StoreError;
use wire::ErrorResponse;

/// The principal of this service.
pub(crate) const PRINCIPAL: &str = "config.amazonaws.com";

/// How long a task waits after a failure of ours.
const AFTER_FAULT: Duration = Duration::from_secs(5);

/// A failure of ours puts a task off, and is logged.
pub(crate) trait OrAgain {
    /// The outcome, or another try.
    fn or_again(self, task: &Task, context: &Context) -> Outcome;
}

impl OrAgain for Result<Outcome, StoreError> {
    fn or_again(self, task: &Task, context: &Context) -> Outcome {
        self.unwrap_or_else(|error| {
            tracing::error!(kind = task.kind, id = task.id, %error, "a task of AWS Config failed by our fault; it is tried again");
            Outcome::Again(context.clock.now().plus(AFTER_FAULT), None)
        })
    }
}

/// The service, acting for a resource of an account.
pub(crate) fn principal(scope: Scope, source: Option<Arn>) -> Principal {
    Principal::service(PRINCIPAL, scope.account, source)
}

/// The service as a caller, for a task.
pub(crate) fn caller(context: &Context, task: &Task, source: Option<Arn>) -> Caller {
    context.caller(principal(task.scope, source), task.scope, task.chain.through(PRINCIPAL))
}

/// The role that the service has where it is set up with no role of one's own.
pub(crate) fn is_service_linked(role: &Arn) -> bool {
    role.service == "iam" && role.resource.starts_with("role/aws-service-role/config.amazonaws.com/")
}

/// Whether a call was refused for want of permission.
pub(crate) fn is_denied(error: &ErrorResponse) -> bool {
    error.status == 403 || error.code.contains("AccessDenied") || error.code.contains("AuthorizationError")
}

//! What calls on queues need: the action on the queue's ARN, judged by the queue's policy too.

use crate::reference::QueueReference;
use crate::state::Queue;
use contract::{Access, Call, Check};
use policy::ResourcePolicy;
use store::View;

/// Actions that a queue's policy cannot give to other accounts
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-customer-managed-policy-examples.html#grant-cross-account-permissions-to-role-and-user-name>).
const OWN_ACCOUNT_ONLY: &[&str] = &[
    "AddPermission",
    "CancelMessageMoveTask",
    "CreateQueue",
    "DeleteQueue",
    "ListMessageMoveTasks",
    "ListQueues",
    "ListQueueTags",
    "RemovePermission",
    "SetQueueAttributes",
    "StartMessageMoveTask",
    "TagQueue",
    "UntagQueue",
];

/// An action on the queue of a URL.
pub(crate) fn on_url(action: &str, url: &str, call: &Call, view: &View) -> Access {
    match QueueReference::of_url(url, call) {
        Ok(queue) => on_queue(action, &queue, call, view),
        // What is no queue's URL is told to those who may do the action at all.
        Err(_) => Access::to(format!("sqs:{action}")),
    }
}

/// An action on the queue of an ARN.
pub(crate) fn on_arn(action: &str, arn: &str, call: &Call, view: &View) -> Access {
    match QueueReference::of_arn(arn) {
        Some(queue) => on_queue(action, &queue, call, view),
        None => Access::to(format!("sqs:{action}")),
    }
}

/// An action on a queue.
pub(crate) fn on_queue(action: &str, queue: &QueueReference, call: &Call, view: &View) -> Access {
    let arn = queue.arn().to_string();
    let access = Access::on(format!("sqs:{action}"), &arn);
    // A store that cannot be read grants nothing: `run` then fails on the same read.
    let found = Queue::get(view, queue).ok().flatten();
    let foreign = call.principal.account() != Some(queue.scope.account);
    let policy = match found.as_ref().map(Queue::policy) {
        None => None,
        Some(_) if foreign && OWN_ACCOUNT_ONLY.contains(&action) => None,
        Some(Ok(policy)) => policy.map(|document| ResourcePolicy::new(&arn, document)),
        // None is stored unread. One that cannot be read all the same might deny: then nothing is allowed.
        Some(Err(error)) => {
            tracing::error!(
                queue = arn,
                error = error.message(),
                "a stored queue policy cannot be read: all calls on the queue are denied"
            );
            return Access::default();
        }
    };
    let access = access.with_policy(queue.scope.account, policy);
    match found {
        Some(found) => access.with_resource_tags(&found.tags),
        None => access,
    }
}

/// The check of an action on a queue, beside others.
pub(crate) fn checks(action: &str, queue: &QueueReference, call: &Call, view: &View) -> Vec<Check> {
    on_queue(action, queue, call, view).checks
}

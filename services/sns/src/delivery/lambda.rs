//! Deliveries to functions: an asynchronous Invoke by the principal `sns.amazonaws.com` for the topic, which the function's policy must allow.

use super::{Content, Failed, envelope};
use crate::state::Subscription;
use api_lambda::{InvocationType, Invoke};
use contract::{Context, Principal, Task};
use names::Arn;
use wire::document;

const SERVICE: &str = "sns.amazonaws.com";

pub(super) async fn deliver(
    task: &Task,
    content: &Content,
    subscription: &Subscription,
    context: &Context,
) -> Result<(), Failed> {
    let function: Option<Arn> = subscription.endpoint.parse().ok();
    let Some(scope) = function.and_then(|function| function.scope()) else {
        return Err(Failed { why: format!("{} is no function's ARN", subscription.endpoint), again: false });
    };
    let event = document!({
        "Records": [{
            "EventSource": "aws:sns",
            "EventVersion": "1.0",
            "EventSubscriptionArn": (subscription.arn().to_string()),
            "Sns": (envelope::document(content, subscription, &context.endpoint, &envelope::LAMBDA)),
        }]
    });
    let principal = Principal::service(SERVICE, subscription.scope.account, Some(subscription.topic_arn()));
    let invoke = Invoke {
        function_name: subscription.endpoint.clone(),
        invocation_type: Some(InvocationType::Event),
        payload: Some(event.to_string().into_bytes().into()),
        ..Default::default()
    };
    let caller = context.caller(principal, scope, task.chain.through(SERVICE));
    match caller.call(invoke).await {
        Ok(_) => Ok(()),
        // A function that is gone, or does not let SNS in, is a client's mistake, which SNS does not try again.
        Err(error) => Err(Failed {
            why: format!("{}: {}", error.code, error.message),
            again: error.status >= 500 || error.status == 429,
        }),
    }
}

//! Dead-letter queues: the event as it was, and why it was not delivered
//! (<https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html>).

use super::failure::Failure;
use super::send::queue_url;
use super::{Delivery, GivenUp, retry};
use crate::metrics;
use api_sqs::{MessageAttributeValue, SendMessage};
use contract::{Context, Outcome, Principal, Task};
use names::Arn;
use std::collections::BTreeMap;

/// Sends an event that was given up to its target's dead-letter queue, whose policy must allow it.
pub(super) async fn send(task: &Task, delivery: &Delivery, given_up: &GivenUp, context: &Context) -> Outcome {
    let rule = delivery.rule.to_string();
    let ended = |is_there| Outcome::Done(Some(metrics::given_up(task.scope, &delivery.rule, is_there)));
    let queue: Option<Arn> = delivery.target.dead_letter.as_ref().and_then(|arn| arn.parse().ok());
    let Some((queue, scope)) = queue.and_then(|queue| queue.scope().map(|scope| (queue, scope))) else {
        tracing::error!(rule, "a dead-letter queue's ARN cannot be read; the event is dropped");
        return ended(false);
    };
    let message = SendMessage {
        queue_url: queue_url(&queue, scope, &context.endpoint),
        message_body: delivery.event.document().to_string(),
        message_attributes: Some(attributes(delivery, given_up)),
        ..Default::default()
    };
    let principal = Principal::service(crate::PRINCIPAL, task.scope.account, Some(delivery.rule.clone()));
    let caller = context.caller(principal, scope, task.chain.through(crate::PRINCIPAL));
    let Err(error) = caller.call(message).await else { return ended(true) };
    let failure = Failure::from(error);
    let now = context.clock.now();
    match retry::next(None, task.attempt, given_up.since, now) {
        Ok(moment) if failure.again => Outcome::Again(moment, None),
        _ => {
            let queue = queue.to_string();
            tracing::warn!(
                rule,
                queue,
                code = failure.code,
                why = failure.message,
                "an event cannot be sent to its dead-letter queue; it is dropped"
            );
            ended(false)
        }
    }
}

fn attributes(delivery: &Delivery, given_up: &GivenUp) -> BTreeMap<String, MessageAttributeValue> {
    let mut attributes = BTreeMap::new();
    let mut set = |name: &str, kind: &str, value: String| {
        let value = MessageAttributeValue {
            string_value: Some(value),
            data_type: kind.to_owned(),
            ..Default::default()
        };
        attributes.insert(name.to_owned(), value);
    };
    set("RULE_ARN", "String", delivery.rule.to_string());
    set("TARGET_ARN", "String", delivery.target.arn.clone());
    set("ERROR_CODE", "String", given_up.code.clone());
    set("ERROR_MESSAGE", "String", given_up.message.clone());
    if let Some(exhausted) = &given_up.exhausted {
        set("EXHAUSTED_RETRY_CONDITION", "String", exhausted.clone());
        set("RETRY_ATTEMPTS", "Number", given_up.retries.to_string());
    }
    attributes
}

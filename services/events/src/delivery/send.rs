//! One delivery: an API call as `events.amazonaws.com` for the rule, which the target's policy must allow, or as a session of the target's role.

use super::failure::Failure;
use super::{Delivery, input};
use crate::forward::Forwarded;
use crate::reference::BusReference;
use api_events::{PutEvents, PutEventsRequestEntry};
use api_lambda::{InvocationType, Invoke};
use api_logs::{CreateLogStream, InputLogEvent, PutLogEvents};
use api_sns::Publish;
use api_sqs::SendMessage;
use contract::{Caller, Context, Principal, Task};
use names::{Arn, Scope};

/// Sends an event to its target.
pub(super) async fn send(task: &Task, delivery: &Delivery, context: &Context) -> Result<(), Failure> {
    let target = &delivery.target;
    let arn: Option<Arn> = target.arn.parse().ok();
    let Some((arn, scope)) = arn.and_then(|arn| arn.scope().map(|scope| (arn, scope))) else {
        return Err(Failure::last("INVALID_PARAMETER", format!("{} is no target's ARN", target.arn)));
    };
    let caller = caller(task, delivery, &arn, scope, context).await?;
    match arn.service.as_str() {
        "lambda" => {
            let invoke = Invoke {
                function_name: target.arn.clone(),
                invocation_type: Some(InvocationType::Event),
                payload: Some(input::of(delivery)?.into_bytes().into()),
                ..Default::default()
            };
            caller.call(invoke).await?;
        }
        "sqs" => {
            let message = SendMessage {
                queue_url: queue_url(&arn, scope, &context.endpoint),
                message_body: input::of(delivery)?,
                message_group_id: target.message_group.clone(),
                // One event is one message of a group, however often it is sent.
                message_deduplication_id: target.message_group.as_ref().map(|_| delivery.event.id.clone()),
                ..Default::default()
            };
            caller.call(message).await?;
        }
        "sns" => {
            let publish = Publish {
                topic_arn: Some(target.arn.clone()),
                message: input::of(delivery)?,
                ..Default::default()
            };
            caller.call(publish).await?;
        }
        "logs" => log(&caller, &arn, delivery, context).await?,
        "events" => forward(&caller, delivery).await?,
        other => {
            return Err(Failure::last("INVALID_PARAMETER", format!("the service {other} is no target")));
        }
    }
    Ok(())
}

/// As the target's role, or as the service. A bus takes events from accounts: without a role it is the rule's account that sends.
async fn caller(
    task: &Task,
    delivery: &Delivery,
    arn: &Arn,
    scope: Scope,
    context: &Context,
) -> Result<Caller, Failure> {
    let chain = task.chain.through(crate::PRINCIPAL);
    let service = Principal::service(crate::PRINCIPAL, task.scope.account, Some(delivery.rule.clone()));
    if let Some(role) = &delivery.target.role {
        let role: Arn = role
            .parse()
            .map_err(|_| Failure::last("FAILED_TO_ASSUME_ROLE", format!("{role} is no role's ARN")))?;
        let own = Scope { region: scope.region, ..task.scope };
        let session = context.caller(service, own, chain).assume_role(&role, "events").await;
        return session.map_err(|error| Failure {
            code: "FAILED_TO_ASSUME_ROLE",
            again: error.status >= 500,
            message: error.message,
        });
    }
    Ok(match arn.service.as_str() {
        "events" => {
            let own = Scope { region: scope.region, ..task.scope };
            context.caller(Principal::Root(task.scope.account), own, chain)
        }
        _ => context.caller(service, scope, chain),
    })
}

/// Where a queue is reached.
pub(super) fn queue_url(arn: &Arn, scope: Scope, endpoint: &str) -> String {
    format!("{}/{}/{}", endpoint.trim_end_matches('/'), scope.account, arn.resource)
}

/// A log event in a stream of the event's own, as AWS makes them.
async fn log(caller: &Caller, arn: &Arn, delivery: &Delivery, context: &Context) -> Result<(), Failure> {
    let group = arn.resource_after("log-group:").unwrap_or_default();
    let group = group.strip_suffix(":*").unwrap_or(group).to_owned();
    let stream = delivery.event.id.clone();
    let create = CreateLogStream { log_group_name: group.clone(), log_stream_name: stream.clone() };
    match caller.call(create).await {
        Err(error) if error.code != "ResourceAlreadyExistsException" => return Err(error.into()),
        _ => {}
    }
    let now = context.clock.now();
    let put = PutLogEvents {
        log_group_name: group,
        log_stream_name: stream,
        log_events: vec![InputLogEvent { timestamp: now.millis(), message: input::of(delivery)? }],
        ..Default::default()
    };
    caller.call(put).await?;
    Ok(())
}

/// To another bus. An event that came from another one goes no further.
async fn forward(caller: &Caller, delivery: &Delivery) -> Result<(), Failure> {
    let event = &delivery.event;
    if event.forwarded {
        let message = "Events received from another event bus cannot be forwarded to this event bus.";
        return Err(Failure::last("THIRD_ACCOUNT_HOP_DETECTED", message));
    }
    if BusReference::from_arn(&delivery.target.arn).is_none() {
        return Err(Failure::last("INVALID_PARAMETER", format!("{} is no bus's ARN", delivery.target.arn)));
    }
    let entry = PutEventsRequestEntry {
        time: Some(event.time),
        source: Some(event.source.clone()),
        resources: Some(event.resources.clone()),
        detail_type: Some(event.detail_type.clone()),
        detail: Some(event.detail.to_string()),
        event_bus_name: Some(delivery.target.arn.clone()),
        trace_header: Some(Forwarded { id: event.id.clone(), origin: event.origin }.write()),
    };
    let answer = caller.call(PutEvents { entries: vec![entry], endpoint_id: None }).await?;
    let refused = answer.entries.into_iter().flatten().find_map(|entry| entry.error_message);
    refused.map_or(Ok(()), |message| Err(Failure::last("INVALID_PARAMETER", message)))
}

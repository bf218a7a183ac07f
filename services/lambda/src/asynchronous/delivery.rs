//! What is told of an event at its end: to destinations, and to the dead-letter queue or topic. Sent as the function's role.

use super::event::Event;
use crate::execution::{Executed, as_function};
use crate::metrics::Measured;
use crate::operations::Found;
use crate::reference::{FunctionReference, LATEST, qualified};
use crate::state::EventInvoke;
use api_lambda::{InvocationType, Invoke};
use api_sns::{MessageAttributeValue, Publish};
use api_sqs::SendMessage;
use contract::{Caller, Context, Effect, Outcome, Task, TaskHandler};
use names::{Arn, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;
use store::StoreError;
use wire::{Document, ErrorResponse, document};

const KIND: &str = "lambda.delivery";
/// How often a delivery is tried that fails for no reason of its own.
const TRIES: u32 = 5;

/// Why an event ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    Success,
    RetriesExhausted,
    EventAgeExceeded,
    RecursiveLoop,
}

impl Condition {
    fn as_str(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::RetriesExhausted => "RetriesExhausted",
            Self::EventAgeExceeded => "EventAgeExceeded",
            Self::RecursiveLoop => "RecursiveInvocationException",
        }
    }
}

/// What is known of an event at its end.
pub(crate) struct Record {
    event: Event,
    function_arn: String,
    role: String,
    on_success: Option<String>,
    on_failure: Option<String>,
    dead_letter: Option<String>,
    invoked: i32,
    condition: Condition,
    /// Payload, error type where it failed, and the version.
    response: Option<(String, Option<String>, String)>,
}

impl Record {
    pub(crate) fn new(
        event: &Event,
        reference: &FunctionReference,
        found: &Found,
        config: Option<&EventInvoke>,
    ) -> Self {
        let qualifier = reference.qualifier.as_deref().unwrap_or(LATEST);
        Self {
            function_arn: qualified(reference.scope, &reference.name, Some(qualifier)),
            role: found.configuration.role.clone(),
            on_success: config.and_then(|config| config.on_success.clone()),
            on_failure: config.and_then(|config| config.on_failure.clone()),
            dead_letter: found.configuration.dead_letter.clone(),
            invoked: event.invoked,
            condition: Condition::Success,
            response: None,
            event: event.clone(),
        }
    }

    pub(crate) fn invoked(mut self, invoked: i32) -> Self {
        self.invoked = invoked;
        self
    }

    pub(crate) fn ended(mut self, condition: Condition, executed: Option<&Executed>) -> Self {
        if condition == Condition::Success {
            self.invoked += 1;
        }
        self.condition = condition;
        self.response = executed.map(|executed| {
            let result = &executed.outcome.result;
            let payload = String::from_utf8_lossy(result.payload()).into_owned();
            (payload, result.error_type().map(str::to_owned), executed.version.clone())
        });
        self
    }

    pub(super) fn event(&self) -> &Event {
        &self.event
    }

    pub(super) fn is_failure(&self) -> bool {
        self.condition != Condition::Success
    }

    /// The record that destinations get.
    fn document(&self, now: Timestamp) -> Document {
        let json = |text: &str| Document::parse(text).unwrap_or_else(|_| Document::String(text.to_owned()));
        let mut record = document!({
            "version": "1.0",
            "timestamp": (now.iso_millis()),
            "requestContext": {
                "requestId": (self.event.request_id.as_str()),
                "functionArn": (self.function_arn.as_str()),
                "condition": (self.condition.as_str()),
                "approximateInvokeCount": (self.invoked),
            },
            "requestPayload": (json(&String::from_utf8_lossy(&self.event.payload))),
        });
        if let Some((payload, error, version)) = &self.response {
            let mut context = document!({ "statusCode": 200, "executedVersion": (version.as_str()) });
            if error.is_some() {
                context.set("functionError", "Unhandled");
            }
            record.set("responseContext", context);
            record.set("responsePayload", json(payload));
        }
        record
    }

    /// `ErrorMessage` of a dead letter: the first kilobyte.
    fn error_message(&self) -> String {
        let payload = self.response.as_ref().and_then(|(payload, _, _)| Document::parse(payload).ok());
        let message =
            payload.as_ref().and_then(|payload| payload.get("errorMessage")).and_then(Document::as_str);
        message.unwrap_or_default().chars().take(1024).collect()
    }
}

/// One message to one destination.
#[derive(Clone, Serialize, Deserialize)]
struct Delivery {
    scope: Scope,
    function: String,
    role: String,
    target: String,
    message: String,
    /// Message attributes of a dead letter: name, data type, value.
    attributes: Vec<(String, String, String)>,
}

/// The tasks that tell of an event.
pub(super) fn deliveries(record: &Record, now: Timestamp) -> Result<Vec<Task>, StoreError> {
    let delivery = |target: &String, message: String, attributes| Delivery {
        scope: record.event.scope,
        function: record.event.function.clone(),
        role: record.role.clone(),
        target: target.clone(),
        message,
        attributes,
    };
    let failed = record.is_failure();
    let destination = if failed { &record.on_failure } else { &record.on_success };
    let mut all = Vec::new();
    if let Some(target) = destination {
        all.push(("destination", delivery(target, record.document(now).to_string(), Vec::new())));
    }
    if let Some(target) = record.dead_letter.as_ref().filter(|_| failed) {
        let attribute = |name: &str, kind: &str, value: String| (name.to_owned(), kind.to_owned(), value);
        let mut attributes = vec![
            attribute("RequestID", "String", record.event.request_id.clone()),
            attribute("ErrorCode", "Number", "200".into()),
        ];
        let message = record.error_message();
        if !message.is_empty() {
            attributes.push(attribute("ErrorMessage", "String", message));
        }
        let event = String::from_utf8_lossy(&record.event.payload).into_owned();
        all.push(("dead-letter", delivery(target, event, attributes)));
    }
    all.into_iter()
        .map(|(what, delivery)| {
            let id = format!("{} {what}", record.event.request_id);
            Ok(Task::new(KIND, id, record.event.scope, now, &delivery)?.through(record.event.chain.clone()))
        })
        .collect()
}

/// A message to a destination, sent as a function's role.
pub(crate) struct Telling {
    pub(crate) scope: Scope,
    pub(crate) function: String,
    pub(crate) role: String,
    pub(crate) target: String,
    pub(crate) message: String,
}

impl Telling {
    /// Enqueues it under an id of its own.
    pub(crate) async fn enqueue(self, id: String, context: &Context) -> Result<(), StoreError> {
        let Self { scope, function, role, target, message } = self;
        let delivery = Delivery { scope, function, role, target, message, attributes: Vec::new() };
        let principal = contract::Principal::service(crate::SERVICE_PRINCIPAL, scope.account, None);
        let call = context.own_call("lambda", "Destination", principal, scope)?;
        context
            .transact(&call, |call, tx| {
                Task::new(KIND, format!("{id} destination"), scope, call.now, &delivery)?.enqueue(tx)
            })
            .await
    }
}

/// Sends messages to destinations.
pub(crate) struct Deliver;

#[async_trait::async_trait]
impl TaskHandler for Deliver {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let delivery: Delivery = match task.payload() {
            Ok(delivery) => delivery,
            Err(error) => {
                tracing::error!(%error, "a delivery cannot be read; it is given up");
                return Outcome::done();
            }
        };
        match send(&delivery, task, context).await {
            Ok(()) => Outcome::done(),
            Err(error) if (error.status >= 500 || error.status == 429) && task.attempt + 1 < TRIES => {
                let wait = Duration::from_secs(1_u64 << task.attempt.min(6));
                Outcome::Again(context.clock.now().plus(wait), Some(not_told(&delivery)))
            }
            Err(error) => {
                // On AWS this is a metric, and nothing else.
                let Delivery { function, target, .. } = &delivery;
                tracing::warn!(%error, function, target, "a record could not be delivered with the function's role");
                Outcome::Done(Some(not_told(&delivery)))
            }
        }
    }
}

/// The effect that counts a try that failed.
fn not_told(delivery: &Delivery) -> Effect {
    let measured = Measured::function(delivery.scope, &delivery.function);
    // Only dead letters have attributes, and each has.
    let is_dead_letter = !delivery.attributes.is_empty();
    Box::new(move |call, tx| {
        measured.not_told(is_dead_letter, call.now, tx);
        Ok(())
    })
}

async fn send(delivery: &Delivery, task: &Task, context: &Context) -> Result<(), ErrorResponse> {
    let target: Arn = delivery.target.parse().map_err(|_| {
        ErrorResponse::sender("InvalidParameterValueException", format!("{} is no ARN", delivery.target))
    })?;
    let session = as_function(context, delivery.scope, &delivery.function, &delivery.role).await?;
    let chain = task.chain.through(crate::SERVICE_PRINCIPAL);
    let caller = context.caller(session.principal().clone(), delivery.scope, chain);
    let caller = target.region.map_or(caller.clone(), |region| caller.in_region(region));
    match target.service.as_str() {
        "lambda" => invoke(delivery, &caller).await,
        "sqs" => send_message(delivery, &target, &caller, context).await,
        _ => publish(delivery, &caller).await,
    }
}

async fn invoke(delivery: &Delivery, caller: &Caller) -> Result<(), ErrorResponse> {
    let input = Invoke {
        function_name: delivery.target.clone(),
        invocation_type: Some(InvocationType::Event),
        payload: Some(delivery.message.clone().into()),
        ..Invoke::default()
    };
    caller.call(input).await.map(drop)
}

async fn send_message(
    delivery: &Delivery,
    queue: &Arn,
    caller: &Caller,
    context: &Context,
) -> Result<(), ErrorResponse> {
    let attributes = delivery.attributes.iter().map(|(name, kind, value)| {
        let value = api_sqs::MessageAttributeValue {
            data_type: kind.clone(),
            string_value: Some(value.clone()),
            ..api_sqs::MessageAttributeValue::default()
        };
        (name.clone(), value)
    });
    let attributes: BTreeMap<_, _> = attributes.collect();
    let input = SendMessage {
        queue_url: crate::event_source::queue_url(context, queue),
        message_body: delivery.message.clone(),
        message_attributes: (!attributes.is_empty()).then_some(attributes),
        ..SendMessage::default()
    };
    caller.call(input).await.map(drop)
}

async fn publish(delivery: &Delivery, caller: &Caller) -> Result<(), ErrorResponse> {
    let attributes = delivery.attributes.iter().map(|(name, kind, value)| {
        let value = MessageAttributeValue {
            data_type: kind.clone(),
            string_value: Some(value.clone()),
            ..MessageAttributeValue::default()
        };
        (name.clone(), value)
    });
    let attributes: BTreeMap<_, _> = attributes.collect();
    let input = Publish {
        topic_arn: Some(delivery.target.clone()),
        message: delivery.message.clone(),
        message_attributes: (!attributes.is_empty()).then_some(attributes),
        ..Publish::default()
    };
    caller.call(input).await.map(drop)
}

//! Deliveries, as the principal `s3.amazonaws.com` for the bucket: the destination's policy decides.

use super::{SERVICE, principal, queue_url};
use crate::state::Destination;
use api_lambda::{InvocationType, Invoke};
use contract::{Caller, Context, Outcome, Task, TaskHandler};
use names::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::StoreError;
use wire::ErrorResponse;

pub(super) const KIND: &str = "s3.notify";

/// The subject of S3's messages to topics.
pub(super) const SUBJECT: &str = "Amazon S3 Notification";

/// How long a destination that fails on its own side is tried.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// One event's way to one destination.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Work {
    pub(super) bucket: String,
    pub(super) delivery: Delivery,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Delivery {
    Event { to: Destination, message: String },
    Bridge { detail_type: String, detail: String, at: Timestamp },
}

/// Delivers.
pub(crate) struct Deliver;

/// Sends a message to a destination.
pub(super) async fn send(
    to: &Destination,
    message: &str,
    caller: &Caller,
    endpoint: &str,
) -> Result<(), ErrorResponse> {
    match to {
        Destination::Queue(queue) => {
            let send = api_sqs::SendMessage {
                queue_url: queue_url(endpoint, queue),
                message_body: message.to_owned(),
                ..Default::default()
            };
            caller.call(send).await.map(|_| ())
        }
        Destination::Topic(topic) => {
            let publish = api_sns::Publish {
                topic_arn: Some(topic.to_string()),
                subject: Some(SUBJECT.into()),
                message: message.to_owned(),
                ..Default::default()
            };
            caller.call(publish).await.map(|_| ())
        }
        Destination::Function(function) => {
            let invoke = Invoke {
                function_name: function.to_string(),
                invocation_type: Some(InvocationType::Event),
                payload: Some(message.as_bytes().to_vec().into()),
                ..Default::default()
            };
            caller.call(invoke).await.map(|_| ())
        }
    }
}

#[async_trait::async_trait]
impl TaskHandler for Deliver {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let now = context.clock.now();
        let work: Work = match task.payload() {
            Ok(work) => work,
            Err(error) => return unreadable(task, &error, now),
        };
        let Err(error) = deliver(task, &work, context).await else { return Outcome::done() };
        // A destination that is gone or does not let S3 in loses the event, as on AWS; one that fails is tried for a day.
        let passes = error.status >= 500 && error.status != 501 || error.status == 429;
        let wait = Duration::from_secs(1_u64 << task.attempt.min(8));
        let waited = Duration::from_secs((1_u64 << task.attempt.min(8)) * u64::from(task.attempt));
        if passes && waited < LONGEST {
            tracing::info!(bucket = work.bucket, %error, attempt = task.attempt, "an event notification failed and will be tried again");
            return Outcome::Again(now.plus(wait), None);
        }
        tracing::warn!(bucket = work.bucket, %error, "an event notification is lost: its destination refuses it");
        Outcome::done()
    }
}

fn unreadable(task: &Task, error: &StoreError, now: Timestamp) -> Outcome {
    tracing::error!(task = task.id, %error, "an event notification cannot be read from the store; it will be tried again");
    Outcome::Again(now.plus(Duration::from_secs(300)), None)
}

async fn deliver(task: &Task, work: &Work, context: &Context) -> Result<(), ErrorResponse> {
    let chain = task.chain.through(SERVICE);
    let principal = principal(task.scope, &work.bucket);
    match &work.delivery {
        Delivery::Event { to, message } => {
            let scope = to.scope().unwrap_or(task.scope);
            let caller = context.caller(principal, scope, chain);
            send(to, message, &caller, &context.endpoint).await
        }
        Delivery::Bridge { detail_type, detail, at } => {
            let entry = api_events::PutEventsRequestEntry {
                time: Some(*at),
                source: Some("aws.s3".into()),
                resources: Some(vec![format!("arn:aws:s3:::{}", work.bucket)]),
                detail_type: Some(detail_type.clone()),
                detail: Some(detail.clone()),
                ..Default::default()
            };
            let put = api_events::PutEvents { entries: vec![entry], ..Default::default() };
            let answer = context.caller(principal, task.scope, chain).call(put).await?;
            match answer.entries.into_iter().flatten().find(|entry| entry.error_code.is_some()) {
                Some(entry) => {
                    let code = entry.error_code.unwrap_or_default();
                    let status =
                        if code.contains("Internal") || code.contains("Throttl") { 500 } else { 400 };
                    Err(ErrorResponse::new(code, entry.error_message.unwrap_or_default(), status))
                }
                None => Ok(()),
            }
        }
    }
}

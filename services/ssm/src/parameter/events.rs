//! `Parameter Store Change` to EventBridge: a durable task for each
//! (<https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html>).

use super::SERVICE;
use crate::state::{ParameterVersion, arn_of};
use api_events::{PutEvents, PutEventsRequestEntry};
use contract::{Context, Outcome, Principal, Task, TaskHandler};
use names::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::{StoreError, Tx};
use wire::document;

const KIND: &str = "ssm.parameter_event";
/// Tries of an event that EventBridge does not take for a fault of its own.
const MOST_TRIES: u32 = 10;

#[derive(Debug, Serialize, Deserialize)]
struct Event {
    name: String,
    operation: String,
    kind: String,
    description: Option<String>,
    at: Timestamp,
}

/// Notes a change, to be told after the commit. Operations: `Create`, `Update`, `Delete`, `LabelParameterVersion`.
pub(crate) fn note(
    tx: &mut Tx,
    operation: &str,
    version: &ParameterVersion,
    now: Timestamp,
) -> Result<(), StoreError> {
    let event = Event {
        name: version.name.clone(),
        operation: operation.to_owned(),
        kind: version.kind.clone(),
        description: version.description.clone(),
        at: now,
    };
    // Of several changes of one version in one moment, the last is told.
    let id = format!("{}:{}:{operation}:{}", version.name, version.version, now.millis());
    Task::new(KIND, id, version.scope, now, &event)?.in_lane(version.name.as_str()).enqueue(tx)
}

/// Tells EventBridge.
pub(crate) struct Tell;

#[async_trait::async_trait]
impl TaskHandler for Tell {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let event: Event = match task.payload() {
            Ok(event) => event,
            Err(error) => {
                tracing::error!(task = task.id, %error, "a change of a parameter cannot be read from the store and is not told");
                return Outcome::done();
            }
        };
        let arn = arn_of(task.scope, &event.name);
        let detail = document!({
            "operation": (event.operation.as_str()),
            "name": (event.name.as_str()),
            "type": (event.kind.as_str()),
            "description": (event.description.clone().unwrap_or_default()),
        });
        let entry = PutEventsRequestEntry {
            time: Some(event.at),
            source: Some("aws.ssm".into()),
            resources: Some(vec![arn.to_string()]),
            detail_type: Some("Parameter Store Change".into()),
            detail: Some(detail.to_string()),
            ..PutEventsRequestEntry::default()
        };
        let principal = Principal::service(SERVICE, task.scope.account, Some(arn));
        let caller = context.caller(principal, task.scope, task.chain.through(SERVICE));
        match caller.call(PutEvents { entries: vec![entry], endpoint_id: None }).await {
            Err(error) if error.status >= 500 && error.status != 501 && task.attempt < MOST_TRIES => {
                tracing::info!(%error, "a change of a parameter will be told again");
                let wait = Duration::from_secs(1_u64 << task.attempt.min(8));
                Outcome::Again(context.clock.now().plus(wait), None)
            }
            Err(error) => {
                tracing::warn!(%error, "a change of a parameter is not told: EventBridge refuses it");
                Outcome::done()
            }
            Ok(_) => Outcome::done(),
        }
    }
}

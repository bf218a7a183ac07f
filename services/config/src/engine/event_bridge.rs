//! To EventBridge: what is noted in a transaction is sent with `PutEvents`, in order, and then taken away.

use super::task::{OrAgain, caller};
use crate::state::EventBridgeNotification;
use api_events::{PutEvents, PutEventsRequestEntry};
use contract::{Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use std::time::Duration;
use store::{StoreError, Tx};

/// Sends notifications to the default event bus.
pub(crate) struct Forward;

const KIND: &str = "config.event-bridge";
const SOURCE: &str = "aws.config";
/// Entries of a call, and the bytes of their details: the call takes a mebibyte.
const AT_ONCE: usize = 10;
const BYTES: usize = 900_000;
const LONGEST_WAIT: u64 = 300;

/// Sees to it that notifications are sent; `id` is that of the last.
pub(super) fn enqueue(tx: &mut Tx, scope: Scope, id: &str, now: Timestamp) -> Result<(), StoreError> {
    if tx.exists::<Task>(scope, (KIND, ""))? {
        return Ok(());
    }
    Task::new(KIND, "", scope, now, &id)?.enqueue(tx)
}

#[async_trait::async_trait]
impl TaskHandler for Forward {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let batch = {
            let view = context.store.view();
            view.scan::<EventBridgeNotification>(task.scope, ()).limit(AT_ONCE).rows()
        };
        match batch {
            Ok(batch) => send(task, batch, context).await,
            Err(error) => Err(error).or_again(task, context),
        }
    }
}

async fn send(task: &Task, batch: Vec<EventBridgeNotification>, context: &Context) -> Outcome {
    let (mut bytes, mut sent, mut entries) = (0_usize, Vec::new(), Vec::new());
    for notification in batch {
        let detail = notification.detail.to_string();
        bytes = bytes.saturating_add(detail.len());
        if bytes > BYTES && !entries.is_empty() {
            break;
        }
        entries.push(PutEventsRequestEntry {
            time: Some(notification.time),
            source: Some(SOURCE.into()),
            resources: Some(notification.resources),
            detail_type: Some(notification.detail_type),
            detail: Some(detail),
            ..PutEventsRequestEntry::default()
        });
        sent.push((notification.time, notification.id));
    }
    if !entries.is_empty() {
        match caller(context, task, None).call(PutEvents { entries, endpoint_id: None }).await {
            Ok(answer) => {
                for refused in answer.entries.into_iter().flatten().filter(|entry| entry.error_code.is_some())
                {
                    let (code, why) = (refused.error_code, refused.error_message);
                    tracing::error!(code, why, "EventBridge does not take a notification; it is dropped");
                }
            }
            Err(error) => {
                tracing::warn!(%error, account = %task.scope.account, "EventBridge does not take notifications; they are sent again");
                let wait = 1_u64.checked_shl(task.attempt).unwrap_or(LONGEST_WAIT).clamp(1, LONGEST_WAIT);
                return Outcome::Again(context.clock.now().plus(Duration::from_secs(wait)), None);
            }
        }
    }
    let scope = task.scope;
    Outcome::done_with(move |call, tx| {
        for (time, id) in &sent {
            tx.remove::<EventBridgeNotification>(scope, (*time, id.as_str()))?;
        }
        match tx.scan::<EventBridgeNotification>(scope, ()).first()? {
            Some(next) => Task::new(KIND, "", scope, call.now, &next.id)?.enqueue(tx),
            None => Ok(()),
        }
    })
}

//! One batch of messages: filtered, given to the function, deleted where the function has dealt with them.

use super::filter::Filters;
use super::invoke::{Invoked, LARGEST, Shared, event};
use super::queue_record::record;
use super::response::{Failures, failures};
use super::scale::Scale;
use crate::execution::lineage;
use crate::state::EventSourceMapping;
use api_sqs::{DeleteMessageBatch, DeleteMessageBatchRequestEntry, Message};
use contract::Caller;
use names::{Arn, Timestamp};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use wire::{Document, ErrorResponse};

/// What DeleteMessageBatch takes.
const AT_ONCE: usize = 10;
/// Between tries of a batch that was not admitted.
const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(5);

/// A message with its record.
pub(super) struct Received {
    pub(super) message: Message,
    pub(super) record: Document,
    pub(super) size: usize,
}

impl Received {
    pub(super) fn new(message: Message, queue: &Arn) -> Self {
        let record = record(&message, queue);
        let size = record.to_string().len() + 1;
        Self { message, record, size }
    }

    fn trace(&self) -> Option<&str> {
        self.message.attributes.as_ref()?.get("AWSTraceHeader").map(String::as_str)
    }

    fn id(&self) -> &str {
        self.message.message_id.as_deref().unwrap_or_default()
    }
}

/// Cuts a batch off, as many messages as it may have and as fit an event.
pub(super) fn cut(pending: &mut Vec<Received>, most: usize) -> Vec<Received> {
    let mut bytes = 0;
    let fits = pending.iter().take(most).take_while(|one| {
        bytes += one.size;
        bytes <= LARGEST
    });
    let count = fits.count().max(1).min(pending.len());
    pending.drain(..count).collect()
}

/// A batch that is being processed.
pub(super) struct Batch {
    pub(super) shared: Arc<Shared>,
    pub(super) mapping: EventSourceMapping,
    pub(super) role: Caller,
    pub(super) url: String,
    pub(super) scale: Arc<Scale>,
    pub(super) messages: Vec<Received>,
    /// After this the messages are others' to receive.
    pub(super) until: Timestamp,
}

impl Batch {
    /// Deals with the batch.
    pub(super) async fn process(mut self) {
        let filters = Filters::of(&self.mapping.settings.filters);
        let all = std::mem::take(&mut self.messages);
        let (taken, rest): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|one| filters.take_text(&one.record, "body"));
        // What no pattern takes is deleted, as on AWS.
        self.delete(rest.iter().filter_map(|one| one.message.receipt_handle.clone()).collect()).await;
        let looping =
            |one: &Received| lineage::is_loop(one.trace(), &self.mapping.reference().function_arn());
        let allowed = self.recursion_allowed();
        let (stopped, taken): (Vec<_>, Vec<_>) = taken.into_iter().partition(|one| !allowed && looping(one));
        if !stopped.is_empty() {
            // They come back, and the queue's redrive policy takes them to its dead-letter queue.
            tracing::warn!(
                function = self.mapping.function,
                messages = stopped.len(),
                "messages came through a loop in which the function has run too often; it is not given them"
            );
        }
        if taken.is_empty() {
            return;
        }
        let function = self.mapping.reference().function_arn();
        let trace = taken.iter().filter_map(Received::trace);
        let trace = trace.max_by_key(|trace| lineage::count(Some(trace), &function)).map(str::to_owned);
        let payload = event(taken.iter().map(|one| one.record.clone()).collect());
        let mut wait = SHORTEST;
        loop {
            match self.shared.invoke(&self.mapping, payload.clone(), trace.clone()).await {
                Invoked::Answered(executed) => {
                    let result = &executed.outcome.result;
                    if result.error_type().is_none() {
                        self.succeeded(taken, result.payload()).await;
                    } else {
                        // They become visible again when their time is over.
                        self.shared.note(&self.mapping, "PROBLEM: Function call failed", None).await;
                    }
                    return;
                }
                Invoked::Throttled => {
                    let now = self.shared.context.clock.now();
                    self.scale.throttled(now);
                    if now.plus(wait) >= self.until {
                        return;
                    }
                    self.shared.context.clock.sleep_until(now.plus(wait)).await;
                    wait = (wait * 2).min(LONGEST);
                }
                Invoked::Loop => return,
                Invoked::Failed(why) => {
                    let problem = format!("PROBLEM: {why}");
                    self.shared.note(&self.mapping, &problem, Some(&problem)).await;
                    return;
                }
            }
        }
    }

    fn recursion_allowed(&self) -> bool {
        let view = self.shared.context.store.view();
        let function = crate::state::Function::named(&view, self.mapping.scope, &self.mapping.function);
        function.ok().flatten().is_some_and(|function| function.recursion_allowed)
    }

    async fn succeeded(&self, taken: Vec<Received>, payload: &[u8]) {
        let failed: HashSet<String> = if self.mapping.settings.partial {
            match failures(payload, |id| taken.iter().any(|one| one.id() == id)) {
                Failures::Some(failed) => failed.into_iter().collect(),
                Failures::All => {
                    self.shared.note(&self.mapping, "PROBLEM: Function call failed", None).await;
                    return;
                }
            }
        } else {
            HashSet::new()
        };
        let done = taken.iter().filter(|one| !failed.contains(one.id()));
        if self.delete(done.filter_map(|one| one.message.receipt_handle.clone()).collect()).await {
            self.shared.note(&self.mapping, "OK", None).await;
        }
    }

    /// Deletes messages; false where that was refused, which is shown.
    async fn delete(&self, handles: Vec<String>) -> bool {
        for handles in handles.chunks(AT_ONCE) {
            let entries = handles.iter().enumerate().map(|(index, handle)| DeleteMessageBatchRequestEntry {
                id: index.to_string(),
                receipt_handle: handle.clone(),
            });
            let input = DeleteMessageBatch { queue_url: self.url.clone(), entries: entries.collect() };
            if let Err(error) = self.role.call(input).await {
                self.refused(&error).await;
                return false;
            }
        }
        true
    }

    async fn refused(&self, error: &ErrorResponse) {
        let problem = format!("PROBLEM: {}", error.message);
        self.shared.note(&self.mapping, &problem, Some(&problem)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_size(size: usize) -> Received {
        Received { message: Message::default(), record: Document::object(), size }
    }

    #[test]
    fn a_batch_is_what_fits() {
        let mut pending: Vec<Received> = (0..5).map(|_| of_size(LARGEST / 2)).collect();
        assert_eq!(cut(&mut pending, 10).len(), 2);
        assert_eq!(cut(&mut pending, 1).len(), 1);
        assert_eq!(cut(&mut pending, 10).len(), 2);
        let mut large = vec![of_size(LARGEST + 1), of_size(1)];
        assert_eq!(cut(&mut large, 10).len(), 1, "the largest message still is a batch");
    }
}

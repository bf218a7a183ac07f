//! The poller of a queue.

use super::invoke::Shared;
use super::permissions::{queue_url, visibility};
use super::queue_batch::{Batch, Received, cut};
use super::scale::Scale;
use super::session::Session;
use crate::state::EventSourceMapping;
use api_sqs::{GetQueueAttributes, Message, ReceiveMessage};
use names::{Arn, Scope, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{AbortHandle, JoinSet};
use wire::ErrorResponse;

/// What ReceiveMessage answers at most.
const MOST: usize = 10;
/// The longest poll: a message ends it at once.
const LONG_POLL: i32 = 20;
/// Between tries that are refused: twice as long each time.
const AFTER_REFUSAL: Duration = Duration::from_millis(500);
const LONGEST_REFUSAL: Duration = Duration::from_secs(4);
/// How many batches of one mapping this machine has under way at most; `MaximumConcurrency` can only lower it.
const MOST_BATCHES: usize = 50;

/// What a poller's tasks end with.
enum Ended {
    Receive(Box<Result<Vec<Message>, ErrorResponse>>),
    Batch,
}

/// Polls for a mapping until it is not active any more; batches that are under way are finished.
pub(super) async fn follow(shared: Arc<Shared>, scope: Scope, uuid: String) {
    let now = shared.context.clock.now();
    let mut poller = Poller {
        changed: shared.context.store.listen(&EventSourceMapping::topic(&uuid)),
        scale: Arc::new(Scale::new(now)),
        session: Session::default(),
        running: JoinSet::new(),
        batches: 0,
        receiving: None,
        pending: Vec::new(),
        since: now,
        visibility: None,
        hungry: true,
        refusals: 0,
        not_before: now,
        shared,
    };
    poller.run(scope, &uuid).await;
}

struct Poller {
    shared: Arc<Shared>,
    changed: store::Listener,
    scale: Arc<Scale>,
    session: Session,
    running: JoinSet<Ended>,
    batches: usize,
    receiving: Option<AbortHandle>,
    /// Received, and waiting for their batch to be full.
    pending: Vec<Received>,
    /// When the first of these came.
    since: Timestamp,
    /// The queue's, in seconds, once it is known.
    visibility: Option<i32>,
    /// The last poll found messages: the next does not wait.
    hungry: bool,
    refusals: u32,
    not_before: Timestamp,
}

impl Poller {
    async fn run(&mut self, scope: Scope, uuid: &str) {
        loop {
            let found = EventSourceMapping::find(&self.shared.context.store.view(), scope, uuid);
            let mapping = match found {
                Ok(Some(mapping)) if mapping.is_active() => mapping,
                Ok(_) => break,
                Err(error) => {
                    tracing::error!(%error, uuid, "an event source mapping cannot be read");
                    break;
                }
            };
            let Ok(queue) = mapping.source.parse::<Arn>() else { break };
            let most = mapping.settings.concurrency.and_then(|most| usize::try_from(most).ok());
            let most = most.unwrap_or(MOST_BATCHES).min(MOST_BATCHES);
            self.dispatch(&mapping, &queue, most).await;
            self.receive(&mapping, &queue, most).await;
            let wake = self.wake(&mapping);
            let clock = Arc::clone(&self.shared.context.clock);
            tokio::select! {
                Some(ended) = self.running.join_next(), if !self.running.is_empty() => {
                    self.ended(ended, &mapping, &queue).await;
                }
                () = self.changed.signalled() => {}
                () = clock.sleep_until(wake) => {}
            }
        }
        if let Some(receiving) = self.receiving.take() {
            receiving.abort();
        }
        while self.running.join_next().await.is_some() {}
    }

    /// Starts batches that are full, or whose window is over.
    async fn dispatch(&mut self, mapping: &EventSourceMapping, queue: &Arn, most: usize) {
        let size = usize::try_from(mapping.settings.batch_size).unwrap_or(MOST).max(1);
        while !self.pending.is_empty() && self.batches < self.scale.limit(most) {
            let full = self.pending.len() >= size || self.is_heavy();
            if !full && self.shared.context.clock.now() < self.window_end(mapping) {
                return;
            }
            let Ok(role) = self.session.caller(mapping, &self.shared.context).await else { return };
            let visibility = self.visibility.unwrap_or(30);
            let visibility = Duration::from_secs(u64::try_from(visibility).unwrap_or(30));
            let batch = Batch {
                shared: Arc::clone(&self.shared),
                mapping: mapping.clone(),
                role,
                url: queue_url(&self.shared.context, queue),
                scale: Arc::clone(&self.scale),
                messages: cut(&mut self.pending, size),
                until: self.since.plus(visibility),
            };
            self.batches += 1;
            self.running.spawn(async move {
                batch.process().await;
                Ended::Batch
            });
        }
        if self.batches >= self.scale.limit(most) && self.hungry {
            self.scale.backlog(self.shared.context.clock.now(), most);
        }
    }

    fn is_heavy(&self) -> bool {
        self.pending.iter().map(|one| one.size).sum::<usize>() > super::invoke::LARGEST
    }

    fn window_end(&self, mapping: &EventSourceMapping) -> Timestamp {
        self.since.plus(Duration::from_secs(u64::try_from(mapping.settings.window).unwrap_or(0)))
    }

    /// When there is something to do although nothing happens.
    fn wake(&self, mapping: &EventSourceMapping) -> Timestamp {
        let now = self.shared.context.clock.now();
        let mut wake = now.plus(Duration::from_secs(60));
        if !self.pending.is_empty() && self.window_end(mapping) > now {
            wake = wake.min(self.window_end(mapping));
        }
        if self.receiving.is_none() && self.not_before > now {
            wake = wake.min(self.not_before);
        }
        wake
    }

    /// Asks for messages, where there is room for them and nobody asks yet.
    async fn receive(&mut self, mapping: &EventSourceMapping, queue: &Arn, most: usize) {
        let size = usize::try_from(mapping.settings.batch_size).unwrap_or(MOST).max(1);
        let room = size.saturating_sub(self.pending.len()).min(MOST);
        let now = self.shared.context.clock.now();
        if self.receiving.is_some()
            || now < self.not_before
            || room == 0
            || self.is_heavy()
            || self.batches >= self.scale.limit(most)
        {
            return;
        }
        let role = match self.session.caller(mapping, &self.shared.context).await {
            Ok(role) => role,
            Err(error) => return self.refused(&error, mapping).await,
        };
        let url = queue_url(&self.shared.context, queue);
        if self.visibility.is_none() {
            let ask = GetQueueAttributes {
                queue_url: url.clone(),
                attribute_names: Some(vec!["VisibilityTimeout".into()]),
            };
            // What the role may not ask is taken to be as usual.
            if let Ok(answer) = role.call(ask).await {
                self.visibility = Some(visibility(answer.attributes));
            }
        }
        let input = ReceiveMessage {
            queue_url: url,
            message_system_attribute_names: Some(vec!["All".into()]),
            message_attribute_names: Some(vec!["All".into()]),
            max_number_of_messages: i32::try_from(room).ok(),
            wait_time_seconds: Some(if self.hungry { 0 } else { LONG_POLL }),
            ..ReceiveMessage::default()
        };
        self.receiving = Some(self.running.spawn(async move {
            let answer = role.call(input).await;
            Ended::Receive(Box::new(answer.map(|answer| answer.messages.unwrap_or_default())))
        }));
    }

    async fn ended(
        &mut self,
        ended: Result<Ended, tokio::task::JoinError>,
        mapping: &EventSourceMapping,
        queue: &Arn,
    ) {
        let result = match ended {
            Ok(Ended::Batch) => {
                self.batches = self.batches.saturating_sub(1);
                return;
            }
            Ok(Ended::Receive(result)) => *result,
            Err(error) => {
                tracing::error!(%error, mapping = mapping.uuid, "a poller's task broke off");
                // Which one is not known: count again.
                self.receiving = self.receiving.take().filter(|receiving| !receiving.is_finished());
                self.batches = self.running.len().saturating_sub(usize::from(self.receiving.is_some()));
                return;
            }
        };
        self.receiving = None;
        match result {
            Ok(messages) => {
                self.hungry = !messages.is_empty();
                if std::mem::take(&mut self.refusals) > 0 {
                    self.shared.note(mapping, "OK", None).await;
                }
                if self.pending.is_empty() {
                    self.since = self.shared.context.clock.now();
                }
                self.pending.extend(messages.into_iter().map(|message| Received::new(message, queue)));
            }
            Err(error) => self.refused(&error, mapping).await,
        }
    }

    /// Shows why the queue cannot be read, and waits before the next try.
    async fn refused(&mut self, error: &ErrorResponse, mapping: &EventSourceMapping) {
        tracing::debug!(%error, mapping = mapping.uuid, "a queue cannot be polled");
        self.session.forget();
        self.visibility = None;
        let wait = AFTER_REFUSAL.saturating_mul(1_u32.checked_shl(self.refusals).unwrap_or(u32::MAX));
        self.refusals = self.refusals.saturating_add(1).min(8);
        self.not_before = self.shared.context.clock.now().plus(wait.min(LONGEST_REFUSAL));
        self.hungry = true;
        let problem = format!("PROBLEM: {}", error.message);
        self.shared.note(mapping, &problem, Some(&problem)).await;
    }
}

//! ReceiveMessage: looks without a transaction, takes what it found in a short one, and waits between.

use super::visibility;
use crate::Sqs;
use crate::access::on_url;
use crate::encryption::OpenKeys;
use crate::mailbox::{self, Candidates, Handle, Taking};
use crate::message::{Wanted, check_token, show};
use crate::metrics;
use crate::reference::QueueReference;
use crate::refusal::{invalid_value, no_queue};
use crate::state::{Attempt, Message, Queue, Sealed};
use api_sqs::{Error, OverLimit, ReceiveMessage, ReceiveMessageOutput};
use contract::{Access, Call, Context, Orchestrate};
use names::Timestamp;
use std::time::Duration;
use store::{Tx, View};

/// Messages of a standard queue that may be in flight.
const MOST_IN_FLIGHT: usize = 120_000;
/// For how long an attempt can be made again.
const ATTEMPT: Duration = Duration::from_secs(300);
/// How often in a row it looks where all that it found was taken by others, or had expired.
const LOOKS: usize = 100;

/// What was asked for, checked.
struct Request {
    queue: QueueReference,
    most: usize,
    visibility: Option<u32>,
    wait: Option<u32>,
    attempt: Option<String>,
    wanted: Wanted,
}

impl Request {
    fn read(input: ReceiveMessage, call: &Call) -> Result<Self, Error> {
        let queue = QueueReference::of_url(&input.queue_url, call)?;
        let most = input.max_number_of_messages.unwrap_or(1);
        if !(1..=10).contains(&most) {
            return Err(invalid_value(most, "MaxNumberOfMessages", "Must be between 1 and 10, if provided."));
        }
        let wait = input.wait_time_seconds.map(|wait| {
            u32::try_from(wait)
                .ok()
                .filter(|wait| *wait <= 20)
                .ok_or_else(|| invalid_value(wait, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided."))
        });
        let visibility = input.visibility_timeout.map(visibility::timeout).transpose()?;
        if let Some(attempt) = &input.receive_request_attempt_id {
            check_token("ReceiveRequestAttemptId", attempt)?;
        }
        Ok(Self {
            queue,
            most: usize::try_from(most).unwrap_or(1),
            visibility,
            wait: wait.transpose()?,
            attempt: input.receive_request_attempt_id,
            wanted: Wanted::read(
                input.attribute_names,
                input.message_system_attribute_names,
                input.message_attribute_names,
            )?,
        })
    }

    fn queue(&self, view: &View) -> Result<Queue, Error> {
        let queue = Queue::get(view, &self.queue)?.ok_or_else(no_queue)?;
        if self.attempt.is_some() && !queue.is_fifo() {
            let attempt = self.attempt.clone().unwrap_or_default();
            let reason = "The request includes a parameter that is not valid for this queue type.";
            return Err(invalid_value(attempt, "ReceiveRequestAttemptId", reason));
        }
        Ok(queue)
    }

    fn visible(&self, queue: &Queue, now: Timestamp) -> Timestamp {
        let seconds = self.visibility.unwrap_or_else(|| queue.number("VisibilityTimeout"));
        now.plus(Duration::from_secs(seconds.into()))
    }
}

#[async_trait::async_trait]
impl Orchestrate<ReceiveMessage> for Sqs {
    fn access(&self, input: &ReceiveMessage, call: &Call, view: &View) -> Access {
        on_url("ReceiveMessage", &input.queue_url, call, view)
    }

    async fn run(
        &self,
        input: ReceiveMessage,
        call: &Call,
        context: &Context,
    ) -> Result<ReceiveMessageOutput, Error> {
        let request = Request::read(input, call)?;
        // Made before the first look, so that nothing that is sent meanwhile is missed.
        let mut listener = None;
        loop {
            let now = context.clock.now();
            let queue = request.queue(&context.store.view())?;
            metrics::note_reading(&queue, call, context).await?;
            let wait = request.wait.unwrap_or_else(|| queue.number("ReceiveMessageWaitTimeSeconds"));
            let until = call.now.plus(Duration::from_secs(wait.into()));
            if wait > 0 && listener.is_none() {
                listener = Some(context.store.listen(&request.queue.topic()));
            }
            let (messages, next) = self.try_once(&request, call, wait > 0, context).await?;
            let waits = messages.is_empty() && now < until;
            let Some(listener) = listener.as_mut().filter(|_| waits) else {
                metrics::received(&queue, messages.len(), now, context);
                let messages = Some(messages).filter(|messages| !messages.is_empty());
                return Ok(ReceiveMessageOutput { messages });
            };
            let moment = next.map_or(until, |next| next.min(until));
            tokio::select! {
                () = listener.signalled() => {}
                () = context.clock.sleep_until(moment) => {}
            }
        }
    }
}

impl Sqs {
    /// What there is at this moment; else when there may be something.
    async fn try_once(
        &self,
        request: &Request,
        call: &Call,
        is_long: bool,
        context: &Context,
    ) -> Result<(Vec<api_sqs::Message>, Option<Timestamp>), Error> {
        let mut keys = OpenKeys::default();
        for _ in 0..LOOKS {
            let now = context.clock.now();
            let (queue, candidates) = {
                let view = context.store.view();
                let queue = request.queue(&view)?;
                if !self.may_receive(&queue, request.most, now, &view)? {
                    if is_long {
                        return Ok((Vec::new(), Some(now.plus(Duration::from_secs(1)))));
                    }
                    return Err(OverLimit::new("Too many messages in flight: a standard queue has at most 120000 that were received and are neither deleted nor visible again.").into());
                }
                let from = self.worked.from(&queue.mailbox, now);
                let candidates = Candidates::look(&queue, request.most, now, from, &view)?;
                self.worked.note(&queue.mailbox, from, now, &candidates);
                (queue, candidates)
            };
            if candidates.is_empty() && request.attempt.is_none() {
                return Ok((Vec::new(), candidates.next));
            }
            let taken =
                context.transact(call, |call, tx| take(request, &candidates, &keys, now, call, tx)).await;
            let messages = match taken {
                Ok(messages) => messages,
                Err(Untaken::Sealed(sealed)) => {
                    let key = self.data_keys.open(&sealed, &queue, call, context).await?;
                    keys.add(sealed, key);
                    continue;
                }
                Err(Untaken::Failed(error)) => return Err(error),
            };
            if !messages.is_empty() {
                self.received(&queue, messages.len());
                return Ok((messages, None));
            }
            if candidates.is_empty() {
                return Ok((Vec::new(), candidates.next));
            }
        }
        Ok((Vec::new(), None))
    }

    /// Whether so many messages more may be in flight. What is in flight grows by receives alone, and all are here: only where a count of
    /// before, and what was received since, come to the limit is counted anew.
    fn may_receive(&self, queue: &Queue, most: usize, now: Timestamp, view: &View) -> Result<bool, Error> {
        if queue.is_fifo() {
            return Ok(true);
        }
        let known = self.in_flight.lock().get(&queue.mailbox).copied();
        if known.is_some_and(|known| known + most <= MOST_IN_FLIGHT) {
            return Ok(true);
        }
        let counted = mailbox::in_flight(queue, MOST_IN_FLIGHT, now, view)?;
        let mut in_flight = self.in_flight.lock();
        // Queues that are gone are forgotten with all others, which are counted anew when they are next asked of.
        if in_flight.len() > 10_000 {
            in_flight.clear();
        }
        in_flight.insert(queue.mailbox.clone(), counted);
        Ok(counted < MOST_IN_FLIGHT)
    }

    fn received(&self, queue: &Queue, count: usize) {
        if let Some(known) = self.in_flight.lock().get_mut(&queue.mailbox) {
            *known = known.saturating_add(count);
        }
    }
}

/// Why nothing was taken.
enum Untaken {
    /// A message's key has to be opened first. Nothing is taken that the receiver may not read.
    Sealed(Sealed),
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Untaken {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

fn take(
    request: &Request,
    candidates: &Candidates,
    keys: &OpenKeys,
    now: Timestamp,
    call: &Call,
    tx: &mut Tx,
) -> Result<Vec<api_sqs::Message>, Untaken> {
    let queue = request.queue(tx)?;
    let visible = request.visible(&queue, now);
    if let Some(attempt) = &request.attempt
        && let Some(messages) = again(attempt, &queue, visible, now, tx)?
    {
        return shown(&queue, messages, keys, request);
    }
    let receipt = || call.entropy.hex(32);
    let taking = Taking { most: request.most, now, visible, receipt: &receipt };
    let messages = candidates.take(&queue, &taking, tx)?;
    if let Some(attempt) = &request.attempt
        && !messages.is_empty()
    {
        let given = messages
            .iter()
            .map(|message| (message.id.clone(), message.receipt.clone().unwrap_or_default()))
            .collect();
        tx.put(Attempt {
            scope: queue.scope,
            queue: queue.id.clone(),
            id: attempt.clone(),
            messages: given,
            until: now.plus(ATTEMPT),
        })?;
    }
    shown(&queue, messages, keys, request)
}

fn shown(
    queue: &Queue,
    messages: Vec<Message>,
    keys: &OpenKeys,
    request: &Request,
) -> Result<Vec<api_sqs::Message>, Untaken> {
    let shown = messages.into_iter().map(|mut message| {
        keys.unseal(&mut message)?.map_err(Untaken::Sealed)?;
        Ok(show(&message, Handle::of(queue, &message), &request.wanted))
    });
    shown.collect()
}

/// What an attempt was answered before, where all of it is still in flight by the same receipts; their visibility timeout starts again.
fn again(
    attempt: &str,
    queue: &Queue,
    visible: Timestamp,
    now: Timestamp,
    tx: &mut Tx,
) -> Result<Option<Vec<Message>>, Error> {
    let known: Option<Attempt> = tx.get(queue.scope, (&queue.id, attempt))?;
    let Some(known) = known.filter(|known| known.until > now) else { return Ok(None) };
    let mut messages = Vec::new();
    for (id, receipt) in &known.messages {
        let message: Option<Message> = tx.get(queue.scope, (&queue.mailbox, id))?;
        let Some(message) =
            message.filter(|message| message.receipt.as_ref() == Some(receipt) && message.in_flight(now))
        else {
            return Ok(None);
        };
        messages.push(message);
    }
    for message in &mut messages {
        let before = std::mem::replace(&mut message.visible, visible);
        mailbox::stand(queue, message.clone(), before, now, tx)?;
    }
    Ok(Some(messages))
}

//! CreateQueue, DeleteQueue, GetQueueUrl and ListQueues.

use super::queue;
use crate::Sqs;
use crate::access::{on_queue, on_url};
use crate::mailbox::{discard, sweep_later};
use crate::reference::{QueueReference, is_name};
use crate::refusal::{invalid, no_queue};
use crate::state::{Activity, Queue, Tombstone};
use crate::{attributes, metrics, page, tags};
use api_sqs::{
    CreateQueue, CreateQueueOutput, DeleteQueue, DeleteQueueOutput, Error, GetQueueUrl, GetQueueUrlOutput,
    ListQueues, ListQueuesOutput, QueueDeletedRecently, QueueNameExists,
};
use contract::{Access, Call, Transact};
use names::{AccountId, Scope, Tags};
use std::collections::BTreeMap;
use store::{StartsWith, Tx, View};

impl Transact<CreateQueue> for Sqs {
    fn access(input: &CreateQueue, call: &Call, view: &View) -> Access {
        let queue = QueueReference { scope: call.scope(), name: input.queue_name.clone() };
        let tags = input.tags.as_ref();
        let mut access = on_queue("CreateQueue", &queue, call, view);
        if tags.is_some_and(|tags| !tags.is_empty()) {
            for check in crate::access::checks("TagQueue", &queue, call, view) {
                access = access.and(check);
            }
        }
        access.with_request_tags(tags::pairs(tags))
    }

    fn run(input: CreateQueue, call: &Call, tx: &mut Tx) -> Result<CreateQueueOutput, Error> {
        let name = input.queue_name;
        let attributes = input.attributes.unwrap_or_default();
        let wants_fifo = attributes.get("FifoQueue").is_some_and(|value| value == "true");
        if wants_fifo && !(is_name(&name) && name.ends_with(".fifo")) {
            return Err(invalid(
                "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.",
            ));
        }
        if !is_name(&name) || (name.ends_with(".fifo") && !wants_fifo) {
            return Err(invalid(
                "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
            ));
        }
        let reference = QueueReference { scope: call.scope(), name };
        let url = reference.url(&call.client.endpoint);
        if let Some(known) = Queue::get(tx, &reference)? {
            same(&known, &attributes)?;
            return Ok(CreateQueueOutput { queue_url: Some(url) });
        }
        let deleted: Option<Tombstone> = tx.get(reference.scope, &reference.name)?;
        if deleted.is_some_and(|tombstone| tombstone.holds(call.now)) {
            return Err(QueueDeletedRecently::new("You must wait 60 seconds after deleting a queue before you can create another with the same name.").into());
        }
        let mut queue = Queue {
            scope: reference.scope,
            name: reference.name,
            id: call.entropy.hex(16),
            mailbox: call.entropy.hex(16),
            endpoint: call.client.endpoint.clone(),
            created: call.now,
            modified: call.now,
            attributes: BTreeMap::new(),
            tags: Tags::new(),
            purged: None,
        };
        attributes::set(&mut queue, &attributes, true, tx)?;
        tags::add(&mut queue.tags, input.tags.unwrap_or_default(), call)?;
        sweep_later(&queue, call, tx)?;
        metrics::note_use(&queue, call.now, tx)?;
        tx.insert(queue)?;
        Ok(CreateQueueOutput { queue_url: Some(url) })
    }
}

/// A queue that is there already is answered where no attribute that was given differs.
fn same(queue: &Queue, given: &BTreeMap<String, String>) -> Result<(), Error> {
    for (name, value) in given {
        let current = attributes::current(queue, name);
        let equal = match (&current, wire::Document::parse(value)) {
            (Some(current), Ok(value)) if matches!(value, wire::Document::Object(_)) => {
                wire::Document::parse(current).is_ok_and(|current| current == value)
            }
            (None, _) => value.is_empty(),
            (Some(current), _) => current == value,
        };
        if !equal {
            return Err(QueueNameExists::new(format!(
                "A queue already exists with the same name and a different value for attribute {name}"
            ))
            .into());
        }
    }
    Ok(())
}

impl Transact<DeleteQueue> for Sqs {
    fn access(input: &DeleteQueue, call: &Call, view: &View) -> Access {
        on_url("DeleteQueue", &input.queue_url, call, view)
    }

    fn run(input: DeleteQueue, call: &Call, tx: &mut Tx) -> Result<DeleteQueueOutput, Error> {
        let queue = queue(tx, &input.queue_url, call)?;
        discard(queue.scope, &queue.mailbox, Some(&queue.id), call, tx)?;
        tx.put(Tombstone { scope: queue.scope, name: queue.name.clone(), deleted: call.now })?;
        tx.signal(queue.reference().topic());
        tx.remove::<Activity>(queue.scope, &queue.id)?;
        tx.remove::<Queue>(queue.scope, &queue.name)?;
        Ok(DeleteQueueOutput {})
    }
}

/// The queue that GetQueueUrl asks for; None where the owner is no account.
fn asked(input: &GetQueueUrl, call: &Call) -> Option<QueueReference> {
    let account: AccountId = match &input.queue_owner_aws_account_id {
        Some(owner) if !owner.is_empty() => owner.parse().ok()?,
        _ => call.account,
    };
    Some(QueueReference { scope: Scope::new(account, call.region), name: input.queue_name.clone() })
}

impl Transact<GetQueueUrl> for Sqs {
    fn access(input: &GetQueueUrl, call: &Call, view: &View) -> Access {
        match asked(input, call) {
            Some(queue) => on_queue("GetQueueUrl", &queue, call, view),
            None => Access::to("sqs:GetQueueUrl"),
        }
    }

    fn run(input: GetQueueUrl, call: &Call, tx: &mut Tx) -> Result<GetQueueUrlOutput, Error> {
        let asked = asked(&input, call).filter(|asked| is_name(&asked.name)).ok_or_else(no_queue)?;
        let queue = Queue::get(tx, &asked)?.ok_or_else(no_queue)?;
        Ok(GetQueueUrlOutput { queue_url: Some(queue.reference().url(&call.client.endpoint)) })
    }
}

impl Transact<ListQueues> for Sqs {
    fn access(_: &ListQueues, _: &Call, _: &View) -> Access {
        Access::to("sqs:ListQueues")
    }

    fn run(input: ListQueues, call: &Call, tx: &mut Tx) -> Result<ListQueuesOutput, Error> {
        let prefix = input.queue_name_prefix.unwrap_or_default();
        let page = page::Page::read("queues", input.max_results, input.next_token.as_deref())?;
        let mut scan = tx.scan::<Queue>(call.scope(), StartsWith(&prefix)).limit(page.length);
        if let Some(after) = &page.after {
            scan = scan.after(after);
        }
        let found = scan.page()?;
        let last = found.rows.last().map(|queue| queue.name.clone());
        let urls: Vec<String> =
            found.rows.iter().map(|queue| queue.reference().url(&call.client.endpoint)).collect();
        // Without MaxResults, AWS answers a thousand and no token.
        let next_token = last.filter(|_| found.more && page.is_asked_for).map(|last| page.token(&last));
        Ok(ListQueuesOutput { queue_urls: Some(urls).filter(|urls| !urls.is_empty()), next_token })
    }
}

//! ListDeadLetterSourceQueues.

use super::queue;
use crate::access::on_url;
use crate::state::Queue;
use crate::{Sqs, page};
use api_sqs::{Error, ListDeadLetterSourceQueues, ListDeadLetterSourceQueuesOutput};
use contract::{Access, Call, Transact};
use std::ops::ControlFlow;
use store::{StoreError, Tx, View};

/// The queues whose dead letters a queue gets. Redrive policies stay within an account and region.
pub(super) fn sources(target: &Queue, view: &View) -> Result<Vec<Queue>, StoreError> {
    let arn = target.arn().to_string();
    let mut sources = Vec::new();
    view.scan::<Queue>(target.scope, ()).each(|queue| {
        if queue.redrive().is_some_and(|redrive| redrive.target == arn) {
            sources.push(queue);
        }
        ControlFlow::Continue(())
    })?;
    Ok(sources)
}

impl Transact<ListDeadLetterSourceQueues> for Sqs {
    fn access(input: &ListDeadLetterSourceQueues, call: &Call, view: &View) -> Access {
        on_url("ListDeadLetterSourceQueues", &input.queue_url, call, view)
    }

    fn run(
        input: ListDeadLetterSourceQueues,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ListDeadLetterSourceQueuesOutput, Error> {
        let target = queue(tx, &input.queue_url, call)?;
        let page = page::Page::read("sources", input.max_results, input.next_token.as_deref())?;
        let mut found = sources(&target, tx)?;
        if let Some(after) = &page.after {
            found.retain(|queue| queue.name > *after);
        }
        let more = found.len() > page.length;
        found.truncate(page.length);
        let last = found.last().map(|queue| queue.name.clone());
        let next_token = last.filter(|_| more && page.is_asked_for).map(|last| page.token(&last));
        let url = |queue: &Queue| queue.reference().url(&call.client.endpoint);
        Ok(ListDeadLetterSourceQueuesOutput { queue_urls: found.iter().map(url).collect(), next_token })
    }
}

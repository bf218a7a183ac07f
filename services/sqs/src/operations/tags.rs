//! TagQueue, UntagQueue and ListQueueTags.

use super::queue;
use crate::access::on_url;
use crate::refusal::missing;
use crate::{Sqs, tags};
use api_sqs::{
    Error, ListQueueTags, ListQueueTagsOutput, TagQueue, TagQueueOutput, UntagQueue, UntagQueueOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<TagQueue> for Sqs {
    fn access(input: &TagQueue, call: &Call, view: &View) -> Access {
        on_url("TagQueue", &input.queue_url, call, view).with_request_tags(tags::pairs(Some(&input.tags)))
    }

    fn run(input: TagQueue, call: &Call, tx: &mut Tx) -> Result<TagQueueOutput, Error> {
        if input.tags.is_empty() {
            return Err(missing("Tags"));
        }
        let mut queue = queue(tx, &input.queue_url, call)?;
        tags::add(&mut queue.tags, input.tags, call)?;
        tx.update(queue)?;
        Ok(TagQueueOutput {})
    }
}

impl Transact<UntagQueue> for Sqs {
    fn access(input: &UntagQueue, call: &Call, view: &View) -> Access {
        let access = on_url("UntagQueue", &input.queue_url, call, view);
        if input.tag_keys.is_empty() { access } else { access.with("aws:TagKeys", input.tag_keys.clone()) }
    }

    fn run(input: UntagQueue, call: &Call, tx: &mut Tx) -> Result<UntagQueueOutput, Error> {
        if input.tag_keys.is_empty() {
            return Err(missing("TagKeys"));
        }
        let mut queue = queue(tx, &input.queue_url, call)?;
        tags::remove(&mut queue.tags, &input.tag_keys, call)?;
        tx.update(queue)?;
        Ok(UntagQueueOutput {})
    }
}

impl Transact<ListQueueTags> for Sqs {
    fn access(input: &ListQueueTags, call: &Call, view: &View) -> Access {
        on_url("ListQueueTags", &input.queue_url, call, view)
    }

    fn run(input: ListQueueTags, call: &Call, tx: &mut Tx) -> Result<ListQueueTagsOutput, Error> {
        let queue = queue(tx, &input.queue_url, call)?;
        Ok(ListQueueTagsOutput { tags: Some(queue.tags).filter(|tags| !tags.is_empty()) })
    }
}

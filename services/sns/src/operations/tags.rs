//! Tags of topics.

use crate::access::on_topic;
use crate::reference::TopicReference;
use crate::state::Topic;
use crate::{Sns, tags};
use api_sns::{
    Error, ListTagsForResource, ListTagsForResourceOutput, ResourceNotFoundException, TagResource,
    TagResourceOutput, UntagResource, UntagResourceOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<TagResource> for Sns {
    fn access(input: &TagResource, call: &Call, view: &View) -> Access {
        on_topic("TagResource", &input.resource_arn, call, view)
            .with_request_tags(tags::pairs(Some(&input.tags)))
    }

    fn run(input: TagResource, call: &Call, tx: &mut Tx) -> Result<TagResourceOutput, Error> {
        let mut topic = tagged(tx, &input.resource_arn, call)?;
        tags::add(&mut topic.tags, input.tags, call)?;
        tx.update(topic)?;
        Ok(TagResourceOutput {})
    }
}

impl Transact<UntagResource> for Sns {
    fn access(input: &UntagResource, call: &Call, view: &View) -> Access {
        on_topic("UntagResource", &input.resource_arn, call, view).with("aws:TagKeys", input.tag_keys.clone())
    }

    fn run(input: UntagResource, call: &Call, tx: &mut Tx) -> Result<UntagResourceOutput, Error> {
        let mut topic = tagged(tx, &input.resource_arn, call)?;
        tags::remove(&mut topic.tags, &input.tag_keys, call)?;
        tx.update(topic)?;
        Ok(UntagResourceOutput {})
    }
}

impl Transact<ListTagsForResource> for Sns {
    fn access(input: &ListTagsForResource, call: &Call, view: &View) -> Access {
        on_topic("ListTagsForResource", &input.resource_arn, call, view)
    }

    fn run(input: ListTagsForResource, call: &Call, tx: &mut Tx) -> Result<ListTagsForResourceOutput, Error> {
        let topic = tagged(tx, &input.resource_arn, call)?;
        Ok(ListTagsForResourceOutput { tags: Some(tags::list(&topic.tags)) })
    }
}

fn tagged(view: &View, arn: &str, call: &Call) -> Result<Topic, Error> {
    let reference = TopicReference::read_in("ResourceArn", arn, call.region)?;
    let missing = || ResourceNotFoundException::new("Resource does not exist");
    Ok(Topic::get(view, &reference)?.ok_or_else(missing)?)
}

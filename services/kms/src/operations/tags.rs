//! Tags of keys.

use crate::access::Ask;
use crate::page::{limit, page};
use crate::reference::{Takes, key};
use crate::refusal::not_pending;
use crate::{Kms, tags};
use api_kms::{
    Error, ListResourceTags, ListResourceTagsOutput, Tag, TagResource, TagResourceOutput, UntagResource,
    UntagResourceOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<TagResource> for Kms {
    fn access(input: &TagResource, call: &Call, view: &View) -> Access {
        Ask::own("TagResource", &input.key_id).access(call, view).with_request_tags(tags::pairs(&input.tags))
    }

    fn run(input: TagResource, call: &Call, tx: &mut Tx) -> Result<TagResourceOutput, Error> {
        let mut key = key(&input.key_id, Takes::Keys, call, tx)?;
        not_pending(&key)?;
        tags::add(&mut key.tags, input.tags, call)?;
        tx.update(key)?;
        Ok(TagResourceOutput {})
    }
}

impl Transact<UntagResource> for Kms {
    fn access(input: &UntagResource, call: &Call, view: &View) -> Access {
        let access = Ask::own("UntagResource", &input.key_id).access(call, view);
        if input.tag_keys.is_empty() { access } else { access.with("aws:TagKeys", input.tag_keys.clone()) }
    }

    fn run(input: UntagResource, call: &Call, tx: &mut Tx) -> Result<UntagResourceOutput, Error> {
        let mut key = key(&input.key_id, Takes::Keys, call, tx)?;
        not_pending(&key)?;
        tags::remove(&mut key.tags, &input.tag_keys, call)?;
        tx.update(key)?;
        Ok(UntagResourceOutput {})
    }
}

impl Transact<ListResourceTags> for Kms {
    fn access(input: &ListResourceTags, call: &Call, view: &View) -> Access {
        Ask::own("ListResourceTags", &input.key_id).access(call, view)
    }

    fn run(input: ListResourceTags, call: &Call, tx: &mut Tx) -> Result<ListResourceTagsOutput, Error> {
        let key = key(&input.key_id, Takes::Keys, call, tx)?;
        let entry = |(tag_key, tag_value): (String, String)| (tag_key.clone(), Tag { tag_key, tag_value });
        let tags = key.tags.into_iter().map(entry).collect();
        let page = page("tags", input.marker.as_deref(), limit(input.limit, 50), tags)?;
        let truncated = page.truncated();
        Ok(ListResourceTagsOutput { tags: Some(page.things), next_marker: page.next_marker, truncated })
    }
}

//! Tags of tables.

use crate::Dynamodb;
use crate::access::on_arn;
use crate::reference::TableReference;
use crate::refusal::validation;
use crate::state::Table;
use crate::tags;
use api_dynamodb::{
    Error, ListTagsOfResource, ListTagsOfResourceOutput, ResourceNotFoundException, Tag, TagResource,
    TagResourceOutput, UntagResource, UntagResourceOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// The table with an ARN.
fn known(view: &View, call: &Call, arn: &str) -> Result<Table, Error> {
    let (reference, rest) = TableReference::read_arn(arn)?;
    if rest.is_some() || reference.scope.region != call.region {
        return Err(validation(format!("Invalid TableArn: Invalid ResourceArn provided as input {arn}")));
    }
    Table::get(view, reference.scope, &reference.name)?.ok_or_else(|| {
        ResourceNotFoundException::new(format!("Requested resource not found: ResourcArn: {arn} not found"))
            .into()
    })
}

impl Transact<TagResource> for Dynamodb {
    fn access(input: &TagResource, call: &Call, view: &View) -> Access {
        on_arn("TagResource", &input.resource_arn, call, view).with_request_tags(tags::pairs(&input.tags))
    }

    fn run(input: TagResource, call: &Call, tx: &mut Tx) -> Result<TagResourceOutput, Error> {
        let mut table = known(tx, call, &input.resource_arn)?;
        tags::add(&mut table.tags, input.tags, call)?;
        tx.put(table)?;
        Ok(TagResourceOutput {})
    }
}

impl Transact<UntagResource> for Dynamodb {
    fn access(input: &UntagResource, call: &Call, view: &View) -> Access {
        on_arn("UntagResource", &input.resource_arn, call, view).with("aws:TagKeys", input.tag_keys.clone())
    }

    fn run(input: UntagResource, call: &Call, tx: &mut Tx) -> Result<UntagResourceOutput, Error> {
        let mut table = known(tx, call, &input.resource_arn)?;
        tags::remove(&mut table.tags, &input.tag_keys, call)?;
        tx.put(table)?;
        Ok(UntagResourceOutput {})
    }
}

impl Transact<ListTagsOfResource> for Dynamodb {
    fn access(input: &ListTagsOfResource, call: &Call, view: &View) -> Access {
        on_arn("ListTagsOfResource", &input.resource_arn, call, view)
    }

    /// Ten at a time, as AWS does.
    fn run(input: ListTagsOfResource, call: &Call, tx: &mut Tx) -> Result<ListTagsOfResourceOutput, Error> {
        let table = known(tx, call, &input.resource_arn)?;
        let after = match &input.next_token {
            None => None,
            Some(token) => {
                let key = hex::decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
                Some(
                    key.filter(|key| table.tags.contains_key(key))
                        .ok_or_else(|| validation("Invalid NextToken"))?,
                )
            }
        };
        let mut rest =
            table.tags.into_iter().filter(|(key, _)| after.as_ref().is_none_or(|after| key > after));
        let tags: Vec<Tag> = rest.by_ref().take(10).map(|(key, value)| Tag { key, value }).collect();
        let last = tags.last().filter(|_| rest.next().is_some()).map(|tag| hex::encode(&tag.key));
        Ok(ListTagsOfResourceOutput { tags: Some(tags), next_token: last })
    }
}

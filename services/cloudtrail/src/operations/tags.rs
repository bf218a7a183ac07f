//! Tags of trails.

use crate::reference::{Reference, find, on_trail};
use crate::state::Trail;
use crate::{CloudTrail, page, tags};
use api_cloudtrail::{
    AddTags, AddTagsOutput, Error, ListTags, ListTagsOutput, RemoveTags, RemoveTagsOutput,
    ResourceNotFoundException, ResourceTag,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// Tags go by ARN alone.
fn of_arn(arn: &str, view: &View, call: &Call) -> Result<Trail, Error> {
    Reference::read_arn(arn)?;
    find(arn, view, call).map_err(|error| match error {
        Error::TrailNotFoundException(_) => {
            ResourceNotFoundException::new(format!("Resource not found: {arn}")).into()
        }
        other => other,
    })
}

impl Transact<AddTags> for CloudTrail {
    fn access(input: &AddTags, call: &Call, view: &View) -> Access {
        let asked = tags::pairs(&input.tags_list);
        on_trail("AddTags", &input.resource_id, call, view).with_request_tags(asked)
    }

    fn run(input: AddTags, call: &Call, tx: &mut Tx) -> Result<AddTagsOutput, Error> {
        let mut trail = of_arn(&input.resource_id, tx, call)?;
        tags::add(&mut trail.tags, input.tags_list, call)?;
        tx.put(trail)?;
        Ok(AddTagsOutput {})
    }
}

impl Transact<RemoveTags> for CloudTrail {
    fn access(input: &RemoveTags, call: &Call, view: &View) -> Access {
        let keys = input.tags_list.iter().map(|tag| tag.key.as_str());
        on_trail("RemoveTags", &input.resource_id, call, view).with("aws:TagKeys", keys)
    }

    fn run(input: RemoveTags, call: &Call, tx: &mut Tx) -> Result<RemoveTagsOutput, Error> {
        let mut trail = of_arn(&input.resource_id, tx, call)?;
        tags::remove(&mut trail.tags, input.tags_list, call)?;
        tx.put(trail)?;
        Ok(RemoveTagsOutput {})
    }
}

impl Transact<ListTags> for CloudTrail {
    fn access(input: &ListTags, call: &Call, view: &View) -> Access {
        let mut access = Access::default();
        for resource in &input.resource_id_list {
            access.checks.extend(on_trail("ListTags", resource, call, view).checks);
        }
        if access.checks.is_empty() { Access::to("cloudtrail:ListTags") } else { access }
    }

    fn run(input: ListTags, call: &Call, tx: &mut Tx) -> Result<ListTagsOutput, Error> {
        let mut found = Vec::new();
        for arn in &input.resource_id_list {
            let trail = of_arn(arn, tx, call)?;
            let told =
                ResourceTag { resource_id: Some(arn.clone()), tags_list: Some(tags::list(&trail.tags)) };
            found.push((arn.clone(), told));
        }
        let (resources, next_token) = page::page("tags", input.next_token.as_deref(), found)?;
        Ok(ListTagsOutput { resource_tag_list: Some(resources), next_token })
    }
}

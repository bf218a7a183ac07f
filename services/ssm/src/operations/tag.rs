//! Tags of parameters, documents and executions.

use super::Ssm;
use super::{executions, find as documents};
use crate::errors::not_built;
use crate::parameter::find;
use crate::parameter::name::Reference;
use crate::state::{Execution, StoredDocument, StoredParameter};
use crate::tags;
use api_ssm::{
    AddTagsToResource, AddTagsToResourceOutput, Error, InvalidResourceId, ListTagsForResource,
    ListTagsForResourceOutput, RemoveTagsFromResource, RemoveTagsFromResourceOutput, ResourceTypeForTagging,
};
use contract::{Access, Call, Transact};
use names::{Arn, Tags};
use store::{Tx, View};

/// What has tags.
enum Tagged {
    Parameter(StoredParameter),
    Document(StoredDocument),
    Execution(Box<Execution>),
}

fn access(action: &str, kind: ResourceTypeForTagging, id: &str, call: &Call, view: &View) -> Access {
    match kind {
        ResourceTypeForTagging::Parameter => find::access(action, call, view, [id]),
        ResourceTypeForTagging::Document => documents::access(action, call, view, id),
        ResourceTypeForTagging::Automation => executions::access(action, call, view, id),
        other => {
            let segment = other.as_str().to_ascii_lowercase();
            Access::on(format!("ssm:{action}"), Arn::new("ssm", call.scope(), format!("{segment}/{id}")))
        }
    }
}

fn tagged(kind: ResourceTypeForTagging, id: &str, call: &Call, view: &View) -> Result<Tagged, Error> {
    let found = match kind {
        ResourceTypeForTagging::Parameter => {
            find::referred(view, call, &Reference::parse(id, call.scope()))?.map(Tagged::Parameter)
        }
        ResourceTypeForTagging::Document => {
            view.get::<StoredDocument>(call.scope(), id)?.map(Tagged::Document)
        }
        ResourceTypeForTagging::Automation => {
            view.get::<Execution>(call.scope(), id)?.map(|it| Tagged::Execution(Box::new(it)))
        }
        other => {
            return Err(not_built(format!(
                "Tags of resources of type {other} are not built in Cloudchamber, only of Parameter, Document and Automation."
            )));
        }
    };
    found.ok_or_else(|| {
        InvalidResourceId::new(
            "The resource ID isn't valid. Verify that you entered the correct ID and try again.",
        )
        .into()
    })
}

impl Tagged {
    fn tags(&mut self) -> &mut Tags {
        match self {
            Self::Parameter(parameter) => &mut parameter.tags,
            Self::Document(document) => &mut document.tags,
            Self::Execution(execution) => &mut execution.tags,
        }
    }

    fn put(self, tx: &mut Tx) -> Result<(), Error> {
        match self {
            Self::Parameter(parameter) => tx.put(parameter)?,
            Self::Document(document) => tx.put(document)?,
            Self::Execution(execution) => tx.put(*execution)?,
        }
        Ok(())
    }
}

impl Transact<AddTagsToResource> for Ssm {
    fn access(input: &AddTagsToResource, call: &Call, view: &View) -> Access {
        access("AddTagsToResource", input.resource_type, &input.resource_id, call, view)
            .with_request_tags(tags::pairs(Some(&input.tags)))
    }

    fn run(input: AddTagsToResource, call: &Call, tx: &mut Tx) -> Result<AddTagsToResourceOutput, Error> {
        let mut tagged = tagged(input.resource_type, &input.resource_id, call, tx)?;
        tags::add(tagged.tags(), input.tags, call)?;
        tagged.put(tx)?;
        Ok(AddTagsToResourceOutput {})
    }
}

impl Transact<RemoveTagsFromResource> for Ssm {
    fn access(input: &RemoveTagsFromResource, call: &Call, view: &View) -> Access {
        let access = access("RemoveTagsFromResource", input.resource_type, &input.resource_id, call, view);
        if input.tag_keys.is_empty() { access } else { access.with("aws:TagKeys", input.tag_keys.clone()) }
    }

    fn run(
        input: RemoveTagsFromResource,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<RemoveTagsFromResourceOutput, Error> {
        let mut tagged = tagged(input.resource_type, &input.resource_id, call, tx)?;
        tags::remove(tagged.tags(), &input.tag_keys, call)?;
        tagged.put(tx)?;
        Ok(RemoveTagsFromResourceOutput {})
    }
}

impl Transact<ListTagsForResource> for Ssm {
    fn access(input: &ListTagsForResource, call: &Call, view: &View) -> Access {
        access("ListTagsForResource", input.resource_type, &input.resource_id, call, view)
    }

    fn run(input: ListTagsForResource, call: &Call, tx: &mut Tx) -> Result<ListTagsForResourceOutput, Error> {
        let mut tagged = tagged(input.resource_type, &input.resource_id, call, tx)?;
        Ok(ListTagsForResourceOutput { tag_list: Some(tags::list(tagged.tags())) })
    }
}

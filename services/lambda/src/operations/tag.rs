//! TagResource, UntagResource, ListTags.

use super::event_source_mapping::{on_mapping, present};
use crate::access::on_function;
use crate::error::{function_not_found, invalid};
use crate::reference::FunctionReference;
use crate::state::{EventSourceMapping, Function};
use crate::{Lambda, tags};
use api_lambda::{
    Error, ListTags, ListTagsOutput, TagResource, TagResourceOutput, UntagResource, UntagResourceOutput,
};
use contract::{Access, Call, Transact};
use names::{Arn, Tags};
use store::{Tx, View};

/// What can be tagged.
enum Tagged {
    Function(Box<Function>),
    Mapping(Box<EventSourceMapping>),
}

impl Tagged {
    fn find(view: &View, resource: &str, call: &Call) -> Result<Self, Error> {
        if let Some(uuid) = mapping(resource, call) {
            return present(view, &uuid, call).map(|mapping| Self::Mapping(Box::new(mapping)));
        }
        if !resource.contains(":function:") {
            return Err(invalid(format!(
                "Only functions and event source mappings can be tagged in Cloudchamber, and {resource} is none."
            )));
        }
        let reference = FunctionReference::read(resource, None, call)?;
        if reference.qualifier.is_some() {
            let message = "Tags on function aliases and versions are not supported. Please specify either a function ARN or an event source mapping ARN.";
            return Err(invalid(message));
        }
        let found = Function::named(view, reference.scope, &reference.name)?;
        let function = found.ok_or_else(|| function_not_found(reference.arn()))?;
        Ok(Self::Function(Box::new(function)))
    }

    fn tags(&mut self) -> &mut Tags {
        match self {
            Self::Function(function) => &mut function.tags,
            Self::Mapping(mapping) => &mut mapping.tags,
        }
    }

    fn update(self, tx: &mut Tx) -> Result<(), Error> {
        match self {
            Self::Function(function) => Ok(tx.update(*function)?),
            Self::Mapping(mapping) => Ok(tx.update(*mapping)?),
        }
    }
}

/// The UUID of a mapping's ARN, where it is of the caller's account and region.
fn mapping(resource: &str, call: &Call) -> Option<String> {
    let arn: Arn = resource.parse().ok()?;
    let uuid = arn.resource_after("event-source-mapping:")?.to_owned();
    (arn.scope() == Some(call.scope())).then_some(uuid)
}

fn on_tagged(action: &str, resource: &str, call: &Call, view: &View) -> Access {
    match mapping(resource, call) {
        Some(uuid) => on_mapping(action, &uuid, call, view),
        None => on_function(action, resource, None, call, view),
    }
}

impl Transact<TagResource> for Lambda {
    fn access(input: &TagResource, call: &Call, view: &View) -> Access {
        on_tagged("lambda:TagResource", &input.resource, call, view)
            .with_request_tags(tags::asked(Some(&input.tags)))
    }

    fn run(input: TagResource, call: &Call, tx: &mut Tx) -> Result<TagResourceOutput, Error> {
        let mut tagged = Tagged::find(tx, &input.resource, call)?;
        tags::check(call, &input.tags)?;
        tagged.tags().extend(input.tags);
        tags::within_limit(tagged.tags())?;
        tagged.update(tx)?;
        Ok(TagResourceOutput {})
    }
}

impl Transact<UntagResource> for Lambda {
    fn access(input: &UntagResource, call: &Call, view: &View) -> Access {
        on_tagged("lambda:UntagResource", &input.resource, call, view)
            .with("aws:TagKeys", input.tag_keys.clone())
    }

    fn run(input: UntagResource, call: &Call, tx: &mut Tx) -> Result<UntagResourceOutput, Error> {
        let mut tagged = Tagged::find(tx, &input.resource, call)?;
        let removed = input.tag_keys.iter().map(|key| (key.clone(), String::new())).collect();
        tags::check(call, &removed)?;
        tagged.tags().retain(|key, _| !input.tag_keys.contains(key));
        tagged.update(tx)?;
        Ok(UntagResourceOutput {})
    }
}

impl Transact<ListTags> for Lambda {
    fn access(input: &ListTags, call: &Call, view: &View) -> Access {
        on_tagged("lambda:ListTags", &input.resource, call, view)
    }

    fn run(input: ListTags, call: &Call, tx: &mut Tx) -> Result<ListTagsOutput, Error> {
        let mut tagged = Tagged::find(tx, &input.resource, call)?;
        Ok(ListTagsOutput { tags: Some(std::mem::take(tagged.tags())) })
    }
}

//! TagResource, UntagResource, ListTags.

use crate::access::on_function;
use crate::error::{function_not_found, invalid};
use crate::reference::FunctionReference;
use crate::state::Function;
use crate::{Lambda, tags};
use api_lambda::{
    Error, ListTags, ListTagsOutput, TagResource, TagResourceOutput, UntagResource, UntagResourceOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

fn tagged(view: &View, resource: &str, call: &Call) -> Result<Function, Error> {
    if !resource.contains(":function:") {
        return Err(invalid(format!(
            "Only functions can be tagged in Cloudchamber, and {resource} is none."
        )));
    }
    let reference = FunctionReference::read(resource, None, call)?;
    if reference.qualifier.is_some() {
        let message = "Tags on function aliases and versions are not supported. Please specify either a function ARN or an event source mapping ARN.";
        return Err(invalid(message));
    }
    Function::named(view, reference.scope, &reference.name)?
        .ok_or_else(|| function_not_found(reference.arn()))
}

impl Transact<TagResource> for Lambda {
    fn access(input: &TagResource, call: &Call, view: &View) -> Access {
        on_function("lambda:TagResource", &input.resource, None, call, view)
            .with_request_tags(tags::asked(Some(&input.tags)))
    }

    fn run(input: TagResource, call: &Call, tx: &mut Tx) -> Result<TagResourceOutput, Error> {
        let mut function = tagged(tx, &input.resource, call)?;
        tags::check(call, &input.tags)?;
        function.tags.extend(input.tags);
        tags::within_limit(&function.tags)?;
        tx.update(function)?;
        Ok(TagResourceOutput {})
    }
}

impl Transact<UntagResource> for Lambda {
    fn access(input: &UntagResource, call: &Call, view: &View) -> Access {
        on_function("lambda:UntagResource", &input.resource, None, call, view)
            .with("aws:TagKeys", input.tag_keys.clone())
    }

    fn run(input: UntagResource, call: &Call, tx: &mut Tx) -> Result<UntagResourceOutput, Error> {
        let mut function = tagged(tx, &input.resource, call)?;
        let removed = input.tag_keys.iter().map(|key| (key.clone(), String::new())).collect();
        tags::check(call, &removed)?;
        function.tags.retain(|key, _| !input.tag_keys.contains(key));
        tx.update(function)?;
        Ok(UntagResourceOutput {})
    }
}

impl Transact<ListTags> for Lambda {
    fn access(input: &ListTags, call: &Call, view: &View) -> Access {
        on_function("lambda:ListTags", &input.resource, None, call, view)
    }

    fn run(input: ListTags, call: &Call, tx: &mut Tx) -> Result<ListTagsOutput, Error> {
        Ok(ListTagsOutput { tags: Some(tagged(tx, &input.resource, call)?.tags) })
    }
}

//! One file a noun, and what they share.

mod change_sets;
mod checks;
mod create;
mod delete;
mod drift;
mod events;
mod exports;
mod limits;
mod pages;
mod policies;
mod proposal;
mod resources;
mod shown;
mod source;
mod stacks;
mod stored;
mod templates;
mod update;

use crate::engine::Engine;
use crate::state::recorded::RecordedStack;
use crate::state::stack::Stack;
use api_cloudformation::Error;
use contract::{Access, Call, Registration};
use names::Arn;
use std::sync::Arc;
use store::View;
use wire::ErrorResponse;

/// The service whose operations this crate serves.
pub struct CloudFormation;

/// The table of contents.
#[must_use]
pub fn registration() -> Registration {
    let service = Arc::new(CloudFormation);
    Registration::new(&api_cloudformation::SERVICE)
        .orchestrate::<CloudFormation, api_cloudformation::CreateStack>(&service)
        .transact::<CloudFormation, api_cloudformation::DeleteStack>()
        .orchestrate::<CloudFormation, api_cloudformation::UpdateStack>(&service)
        .transact::<CloudFormation, api_cloudformation::CancelUpdateStack>()
        .orchestrate::<CloudFormation, api_cloudformation::ContinueUpdateRollback>(&service)
        .orchestrate::<CloudFormation, api_cloudformation::CreateChangeSet>(&service)
        .transact::<CloudFormation, api_cloudformation::DescribeChangeSet>()
        .transact::<CloudFormation, api_cloudformation::ExecuteChangeSet>()
        .transact::<CloudFormation, api_cloudformation::DeleteChangeSet>()
        .transact::<CloudFormation, api_cloudformation::ListChangeSets>()
        .transact::<CloudFormation, api_cloudformation::DescribeStacks>()
        .transact::<CloudFormation, api_cloudformation::ListStacks>()
        .transact::<CloudFormation, api_cloudformation::DescribeStackEvents>()
        .transact::<CloudFormation, api_cloudformation::DescribeStackResource>()
        .transact::<CloudFormation, api_cloudformation::DescribeStackResources>()
        .transact::<CloudFormation, api_cloudformation::ListStackResources>()
        .transact::<CloudFormation, api_cloudformation::GetTemplate>()
        .orchestrate::<CloudFormation, api_cloudformation::GetTemplateSummary>(&service)
        .orchestrate::<CloudFormation, api_cloudformation::ValidateTemplate>(&service)
        .transact::<CloudFormation, api_cloudformation::ListExports>()
        .transact::<CloudFormation, api_cloudformation::ListImports>()
        .transact::<CloudFormation, api_cloudformation::SetStackPolicy>()
        .transact::<CloudFormation, api_cloudformation::GetStackPolicy>()
        .transact::<CloudFormation, api_cloudformation::UpdateTerminationProtection>()
        .transact::<CloudFormation, api_cloudformation::DescribeAccountLimits>()
        .transact::<CloudFormation, api_cloudformation::DetectStackDrift>()
        .orchestrate::<CloudFormation, api_cloudformation::DetectStackResourceDrift>(&service)
        .transact::<CloudFormation, api_cloudformation::DescribeStackDriftDetectionStatus>()
        .transact::<CloudFormation, api_cloudformation::DescribeStackResourceDrifts>()
        .resource::<RecordedStack>()
        .handler(crate::cloudformation::NestedStack)
        .task(Engine)
        .task(crate::drift::DetectDrift)
        .route(crate::responses::Responses)
}

pub(crate) use pages::page;

/// A service's error in a transaction that can fail by the store, too.
pub(crate) struct Failure(pub(crate) Error);

impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Self {
        Self(error.into())
    }
}

/// AWS's `ValidationError`.
pub(crate) fn invalid(message: impl Into<String>) -> Error {
    Error::Common(ErrorResponse::sender("ValidationError", message))
}

/// What an action on a stack is checked on: its id where it exists, or `stack/NAME/*`.
pub(crate) fn on_stack(action: &str, name_or_id: &str, call: &Call, view: &View) -> Access {
    let found = Stack::find_any(view, call.scope(), name_or_id).ok().flatten();
    let action = format!("cloudformation:{action}");
    match found {
        Some(stack) => Access::on(action, &stack.id).with_resource_tags(&stack.tags),
        None if name_or_id.starts_with("arn:") => Access::on(action, name_or_id),
        None => Access::on(action, Arn::new("cloudformation", call.scope(), format!("stack/{name_or_id}/*"))),
    }
}

/// The stack that lives under a name, or any under an id.
pub(crate) fn any_stack(view: &View, call: &Call, name_or_id: &str) -> Result<Stack, Error> {
    Stack::find_any(view, call.scope(), name_or_id)?
        .ok_or_else(|| invalid(format!("Stack with id {name_or_id} does not exist")))
}

/// As [`any_stack`], in the words of the operations on resources and events.
pub(crate) fn named_stack(view: &View, call: &Call, name_or_id: &str) -> Result<Stack, Error> {
    Stack::find_any(view, call.scope(), name_or_id)?
        .ok_or_else(|| invalid(format!("Stack [{name_or_id}] does not exist")))
}

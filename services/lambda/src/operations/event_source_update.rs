//! UpdateEventSourceMapping.

use super::event_source_create::Source;
use super::event_source_mapping::{on_mapping, present};
use super::event_source_settings::Asked;
use super::find;
use crate::error::mapping_in_use;
use crate::event_source::transition;
use crate::reference::FunctionReference;
use crate::state::EventSourceMapping;
use crate::state::event_source_mapping::Phase;
use crate::{Lambda, answer};
use api_lambda::{Error, EventSourceMappingConfiguration, UpdateEventSourceMapping};
use contract::{Access, Call, Context, Orchestrate};
use store::View;

#[async_trait::async_trait]
impl Orchestrate<UpdateEventSourceMapping> for Lambda {
    fn access(&self, input: &UpdateEventSourceMapping, call: &Call, view: &View) -> Access {
        let access = on_mapping("lambda:UpdateEventSourceMapping", &input.uuid, call, view);
        let function = input.function_name.as_deref().map(|name| FunctionReference::read(name, None, call));
        let Some(Ok(function)) = function else { return access };
        // Conditions on the function must hold of the one that it had and of the one that it gets, which must be of the same account.
        let mut wanted = on_mapping("lambda:UpdateEventSourceMapping", &input.uuid, call, view);
        for check in &mut wanted.checks {
            check.context.retain(|(key, _)| key != "lambda:FunctionArn");
        }
        let wanted =
            wanted.with("lambda:FunctionArn", [function.arn()]).with_policy(function.scope.account, None);
        wanted.checks.into_iter().fold(access, Access::and)
    }

    async fn run(
        &self,
        input: UpdateEventSourceMapping,
        call: &Call,
        context: &Context,
    ) -> Result<EventSourceMappingConfiguration, Error> {
        let mapping = present(&context.store.view(), &input.uuid, call)?;
        let reference = match &input.function_name {
            Some(name) => FunctionReference::read(name, None, call)?,
            None => mapping.reference(),
        };
        let source = Source::read(&mapping.source, call)?;
        let found = find(&context.store.view(), &reference, None)?;
        Asked::of_update(&input)?.apply(source.kind, &mut mapping.settings.clone())?;
        // A mapping that is switched off may be so because its role may not read the source any more.
        if input.enabled != Some(false) {
            source.check(&found, context).await?;
        }
        context
            .transact(call, |call, tx| {
                let mut mapping = present(tx, &input.uuid, call)?;
                // A deletion that was answered is not taken back.
                if mapping.phase == Phase::Deleting {
                    return Err(mapping_in_use());
                }
                Asked::of_update(&input)?.apply(source.kind, &mut mapping.settings)?;
                let enabled = input.enabled.unwrap_or(mapping.enabled);
                mapping.phase = match (mapping.enabled, enabled) {
                    (false, true) => Phase::Enabling,
                    (true, false) => Phase::Disabling,
                    _ => Phase::Updating,
                };
                mapping.enabled = enabled;
                mapping.problem = None;
                mapping.function.clone_from(&reference.name);
                mapping.qualifier.clone_from(&reference.qualifier);
                mapping.modified = call.now;
                transition(&mapping, call.now, tx)?;
                let answer = answer::event_source_mapping(&mapping);
                EventSourceMapping::put(mapping, tx)?;
                Ok(answer)
            })
            .await
    }
}

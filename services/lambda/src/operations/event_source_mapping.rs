//! GetEventSourceMapping, ListEventSourceMappings, DeleteEventSourceMapping.

use crate::error::not_found;
use crate::event_source::transition;
use crate::page::page;
use crate::reference::FunctionReference;
use crate::state::EventSourceMapping;
use crate::state::event_source_mapping::{Phase, mapping_arn};
use crate::{Lambda, answer};
use api_lambda::{
    DeleteEventSourceMapping, Error, EventSourceMappingConfiguration, GetEventSourceMapping,
    ListEventSourceMappings, ListEventSourceMappingsOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// An action on a mapping, with its function and tags.
pub(super) fn on_mapping(action: &str, uuid: &str, call: &Call, view: &View) -> Access {
    let access = Access::on(action, mapping_arn(call.scope(), uuid));
    // A store that cannot be read grants nothing: `run` then fails on the same read.
    match EventSourceMapping::find(view, call.scope(), uuid) {
        Ok(Some(mapping)) => {
            access.with("lambda:FunctionArn", [mapping.function_arn()]).with_resource_tags(&mapping.tags)
        }
        _ => access,
    }
}

pub(super) fn present(view: &View, uuid: &str, call: &Call) -> Result<EventSourceMapping, Error> {
    let found = EventSourceMapping::find(view, call.scope(), uuid)?;
    found.ok_or_else(|| not_found("The resource you requested does not exist."))
}

impl Transact<GetEventSourceMapping> for Lambda {
    fn access(input: &GetEventSourceMapping, call: &Call, view: &View) -> Access {
        on_mapping("lambda:GetEventSourceMapping", &input.uuid, call, view)
    }

    fn run(
        input: GetEventSourceMapping,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<EventSourceMappingConfiguration, Error> {
        Ok(answer::event_source_mapping(&present(tx, &input.uuid, call)?))
    }
}

impl Transact<ListEventSourceMappings> for Lambda {
    fn access(_: &ListEventSourceMappings, _: &Call, _: &View) -> Access {
        Access::to("lambda:ListEventSourceMappings")
    }

    fn run(
        input: ListEventSourceMappings,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ListEventSourceMappingsOutput, Error> {
        let function = input.function_name.as_deref().map(|name| FunctionReference::read(name, None, call));
        let function = function.transpose()?;
        let wanted = |mapping: &EventSourceMapping| {
            let source = input.event_source_arn.as_deref().is_none_or(|source| mapping.source == source);
            source
                && function.as_ref().is_none_or(|function| {
                    mapping.scope == function.scope
                        && mapping.function == function.name
                        && mapping.qualifier == function.qualifier
                })
        };
        let all = tx.list::<EventSourceMapping>(call.scope())?.into_iter().filter(wanted);
        let things = all.map(|mapping| (mapping.uuid.clone(), answer::event_source_mapping(&mapping)));
        let (page, next_marker) =
            page("event source mappings", input.marker.as_deref(), input.max_items, things.collect())?;
        Ok(ListEventSourceMappingsOutput { event_source_mappings: Some(page), next_marker })
    }
}

impl Transact<DeleteEventSourceMapping> for Lambda {
    fn access(input: &DeleteEventSourceMapping, call: &Call, view: &View) -> Access {
        on_mapping("lambda:DeleteEventSourceMapping", &input.uuid, call, view)
    }

    fn run(
        input: DeleteEventSourceMapping,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<EventSourceMappingConfiguration, Error> {
        let mut mapping = present(tx, &input.uuid, call)?;
        mapping.phase = Phase::Deleting;
        mapping.modified = call.now;
        transition(&mapping, call.now, tx)?;
        let answer = answer::event_source_mapping(&mapping);
        mapping.put(tx)?;
        Ok(answer)
    }
}

//! `AWS::Lambda::EventSourceMapping`.

use super::function_properties::tags;
use super::{gone, number, value};
use crate::tags::STEP;
use api_lambda::{
    CreateEventSourceMapping, DeleteEventSourceMapping, DestinationConfig, EventSourceMappingConfiguration,
    Filter, FilterCriteria, FunctionResponseType, ListTags, OnFailure, ScalingConfig, TagResource,
    UntagResource, UpdateEventSourceMapping,
};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::collections::BTreeMap;
use wire::Document;

pub(super) struct EventSourceMapping;

fn attributes(mapping: &EventSourceMappingConfiguration) -> BTreeMap<String, Document> {
    BTreeMap::from([
        ("Id".to_owned(), Document::from(mapping.uuid.clone())),
        ("EventSourceMappingArn".to_owned(), Document::from(mapping.event_source_mapping_arn.clone())),
    ])
}

fn filters(properties: &Properties) -> Result<Option<FilterCriteria>, HandlerFailure> {
    let Some(criteria) = properties.object("FilterCriteria")? else { return Ok(None) };
    criteria.only(&["Filters"])?;
    let mut filters = Vec::new();
    for filter in criteria.objects("Filters")? {
        filter.only(&["Pattern"])?;
        filters.push(Filter { pattern: filter.string("Pattern")? });
    }
    Ok(Some(FilterCriteria { filters: Some(filters) }))
}

fn responses(properties: &Properties) -> Result<Option<Vec<FunctionResponseType>>, HandlerFailure> {
    let Some(list) = properties.strings("FunctionResponseTypes")? else { return Ok(None) };
    let parsed = list.iter().map(|text| {
        let refused =
            || HandlerFailure::invalid(format!("#/FunctionResponseTypes: {text} is not a valid enum value"));
        text.parse().map_err(|_| refused())
    });
    parsed.collect::<Result<_, _>>().map(Some)
}

fn destinations(properties: &Properties) -> Result<Option<DestinationConfig>, HandlerFailure> {
    let Some(config) = properties.object("DestinationConfig")? else { return Ok(None) };
    config.only(&["OnFailure"])?;
    let Some(failure) = config.object("OnFailure")? else { return Ok(Some(DestinationConfig::default())) };
    failure.only(&["Destination"])?;
    let destination = failure.string("Destination")?;
    Ok(Some(DestinationConfig { on_success: None, on_failure: Some(OnFailure { destination }) }))
}

fn scaling(properties: &Properties) -> Result<Option<ScalingConfig>, HandlerFailure> {
    let Some(scaling) = properties.object("ScalingConfig")? else { return Ok(None) };
    scaling.only(&["MaximumConcurrency"])?;
    Ok(Some(ScalingConfig { maximum_concurrency: number(&scaling, "MaximumConcurrency")? }))
}

/// UpdateEventSourceMapping's input: what the template does not say any more is as at the beginning.
fn update(
    uuid: &str,
    old: &Properties,
    new: &Properties,
) -> Result<UpdateEventSourceMapping, HandlerFailure> {
    let dropped = |name: &str| old.get(name).is_some() && new.get(name).is_none();
    let stream = new.get("StartingPosition").is_some();
    let usual = |name: &str, value: i32| dropped(name).then_some(value);
    Ok(UpdateEventSourceMapping {
        uuid: uuid.to_owned(),
        function_name: Some(new.required_string("FunctionName")?),
        enabled: Some(new.boolean("Enabled")?.unwrap_or(true)),
        batch_size: number(new, "BatchSize")?.or(usual("BatchSize", if stream { 100 } else { 10 })),
        filter_criteria: filters(new)?.or_else(|| dropped("FilterCriteria").then(FilterCriteria::default)),
        maximum_batching_window_in_seconds: number(new, "MaximumBatchingWindowInSeconds")?
            .or(usual("MaximumBatchingWindowInSeconds", 0)),
        destination_config: destinations(new)?.or_else(|| {
            let none = || DestinationConfig { on_success: None, on_failure: Some(OnFailure::default()) };
            dropped("DestinationConfig").then(none)
        }),
        maximum_record_age_in_seconds: number(new, "MaximumRecordAgeInSeconds")?
            .or(usual("MaximumRecordAgeInSeconds", -1)),
        bisect_batch_on_function_error: new
            .boolean("BisectBatchOnFunctionError")?
            .or_else(|| dropped("BisectBatchOnFunctionError").then_some(false)),
        maximum_retry_attempts: number(new, "MaximumRetryAttempts")?.or(usual("MaximumRetryAttempts", -1)),
        parallelization_factor: number(new, "ParallelizationFactor")?.or(usual("ParallelizationFactor", 1)),
        function_response_types: responses(new)?.or_else(|| dropped("FunctionResponseTypes").then(Vec::new)),
        scaling_config: scaling(new)?.or_else(|| dropped("ScalingConfig").then(ScalingConfig::default)),
        tumbling_window_in_seconds: number(new, "TumblingWindowInSeconds")?,
        ..UpdateEventSourceMapping::default()
    })
}

/// Gives a mapping the tags of the template and the stack, and takes from it those that are not wanted any more.
async fn tag(arn: &str, wanted: names::Tags, context: &HandlerContext) -> Result<(), HandlerFailure> {
    let present = context.caller.call(ListTags { resource: arn.to_owned() }).await?.tags.unwrap_or_default();
    let gone: Vec<String> = present.keys().filter(|key| !wanted.contains_key(*key)).cloned().collect();
    if !gone.is_empty() {
        context.caller.call(UntagResource { resource: arn.to_owned(), tag_keys: gone }).await?;
    }
    if present != wanted && !wanted.is_empty() {
        context.caller.call(TagResource { resource: arn.to_owned(), tags: wanted }).await?;
    }
    Ok(())
}

#[async_trait::async_trait]
impl ResourceHandler for EventSourceMapping {
    fn resource_type(&self) -> &'static str {
        "AWS::Lambda::EventSourceMapping"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "BatchSize",
            "BisectBatchOnFunctionError",
            "DestinationConfig",
            "Enabled",
            "EventSourceArn",
            "FilterCriteria",
            "FunctionName",
            "FunctionResponseTypes",
            "MaximumBatchingWindowInSeconds",
            "MaximumRecordAgeInSeconds",
            "MaximumRetryAttempts",
            "ParallelizationFactor",
            "ScalingConfig",
            "StartingPosition",
            "Tags",
            "TumblingWindowInSeconds",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["EventSourceArn", "StartingPosition"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["EventSourceMappingArn", "Id"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let mut tags = tags(properties, context)?;
        // By this a second try finds what the first has made.
        tags.insert(STEP.to_owned(), context.token.clone());
        let input = CreateEventSourceMapping {
            event_source_arn: Some(properties.required_string("EventSourceArn")?),
            function_name: properties.required_string("FunctionName")?,
            enabled: properties.boolean("Enabled")?,
            batch_size: number(properties, "BatchSize")?,
            filter_criteria: filters(properties)?,
            maximum_batching_window_in_seconds: number(properties, "MaximumBatchingWindowInSeconds")?,
            parallelization_factor: number(properties, "ParallelizationFactor")?,
            starting_position: value(properties, "StartingPosition")?,
            destination_config: destinations(properties)?,
            maximum_record_age_in_seconds: number(properties, "MaximumRecordAgeInSeconds")?,
            bisect_batch_on_function_error: properties.boolean("BisectBatchOnFunctionError")?,
            maximum_retry_attempts: number(properties, "MaximumRetryAttempts")?,
            tags: Some(tags),
            tumbling_window_in_seconds: number(properties, "TumblingWindowInSeconds")?,
            function_response_types: responses(properties)?,
            scaling_config: scaling(properties)?,
            ..CreateEventSourceMapping::default()
        };
        let mapping = context.caller.call(input).await?;
        Ok(Created { attributes: attributes(&mapping), physical_id: mapping.uuid.unwrap_or_default() })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let mapping = context.caller.call(update(physical_id, old, new)?).await?;
        let arn = mapping.event_source_mapping_arn.clone().unwrap_or_default();
        tag(&arn, tags(new, context)?, context).await?;
        Ok(Updated { attributes: attributes(&mapping) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        gone(context.caller.call(DeleteEventSourceMapping { uuid: physical_id.to_owned() }).await)
    }
}

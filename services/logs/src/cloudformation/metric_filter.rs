//! `AWS::Logs::MetricFilter`.

use super::{already_exists, is_missing};
use api_logs::{
    DeleteMetricFilter, DescribeMetricFilters, MetricFilter, MetricTransformation, PutMetricFilter,
    StandardUnit,
};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::collections::BTreeMap;
use wire::{Document, document};

/// The longest name of a metric filter.
const LONGEST_NAME: usize = 512;

/// Makes, changes and deletes metric filters.
pub(crate) struct MetricFilterHandler;

#[async_trait::async_trait]
impl ResourceHandler for MetricFilterHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::Logs::MetricFilter"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["FilterName", "FilterPattern", "LogGroupName", "MetricTransformations", "ApplyOnTransformedLogs"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["FilterName", "LogGroupName"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let given = properties.string("FilterName")?;
        let name = given.clone().unwrap_or_else(|| context.generated_name(LONGEST_NAME));
        let put = wanted(&name, properties)?;
        // A generated name is this step's alone. One that the template names may be an earlier try's, which then is as this one wants it;
        // what is otherwise is somebody else's, and not taken over.
        if given.is_some()
            && let Some(known) = find(&name, &put.log_group_name, context).await?
            && (known.filter_pattern.as_ref() != Some(&put.filter_pattern)
                || known.metric_transformations.as_ref() != Some(&put.metric_transformations))
        {
            return Err(already_exists(self.resource_type(), &put.log_group_name, &name));
        }
        context.caller.call(put).await?;
        Ok(Created { physical_id: name, ..Default::default() })
    }

    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        context.caller.call(wanted(physical_id, new)?).await?;
        Ok(Updated::default())
    }

    async fn delete(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let log_group_name = properties.required_string("LogGroupName")?;
        let filter_name = physical_id.to_owned();
        match context.caller.call(DeleteMetricFilter { log_group_name, filter_name }).await {
            Err(error) if !is_missing(&error) => Err(error.into()),
            _ => Ok(()),
        }
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        let group = properties.required_string("LogGroupName")?;
        let found = find(physical_id, &group, context).await?;
        Ok(found.map_or(Actual::Gone, |filter| Actual::Properties(template(filter))))
    }
}

fn wanted(name: &str, properties: &Properties) -> Result<PutMetricFilter, HandlerFailure> {
    Ok(PutMetricFilter {
        log_group_name: properties.required_string("LogGroupName")?,
        filter_name: name.to_owned(),
        filter_pattern: properties.required_string("FilterPattern")?,
        metric_transformations: properties
            .objects("MetricTransformations")?
            .iter()
            .map(transformation)
            .collect::<Result<_, _>>()?,
        apply_on_transformed_logs: properties.boolean("ApplyOnTransformedLogs")?,
        ..Default::default()
    })
}

fn transformation(properties: &Properties) -> Result<MetricTransformation, HandlerFailure> {
    properties.only(&[
        "MetricName",
        "MetricNamespace",
        "MetricValue",
        "DefaultValue",
        "Dimensions",
        "Unit",
    ])?;
    let wrong =
        |name: &str, what: &str| HandlerFailure::invalid(format!("{}/{name}: {what}", properties.path()));
    let default_value = match properties.string("DefaultValue")? {
        None => None,
        Some(text) => {
            Some(text.parse().map_err(|_| wrong("DefaultValue", "expected type: Number, found: String"))?)
        }
    };
    let unit = match properties.string("Unit")? {
        None => None,
        Some(unit) => Some(
            unit.parse::<StandardUnit>()
                .map_err(|_| wrong("Unit", &format!("{unit} is not a valid enum value")))?,
        ),
    };
    let dimensions = properties
        .objects("Dimensions")?
        .iter()
        .map(|dimension| {
            dimension.only(&["Key", "Value"])?;
            Ok((dimension.required_string("Key")?, dimension.required_string("Value")?))
        })
        .collect::<Result<BTreeMap<_, _>, HandlerFailure>>()?;
    Ok(MetricTransformation {
        metric_name: properties.required_string("MetricName")?,
        metric_namespace: properties.required_string("MetricNamespace")?,
        metric_value: properties.required_string("MetricValue")?,
        default_value,
        dimensions: Some(dimensions).filter(|dimensions| !dimensions.is_empty()),
        unit,
    })
}

/// The filter with a name; None where there is none.
async fn find(
    name: &str,
    group: &str,
    context: &HandlerContext,
) -> Result<Option<MetricFilter>, HandlerFailure> {
    let mut next_token = None;
    loop {
        let describe = DescribeMetricFilters {
            log_group_name: Some(group.to_owned()),
            filter_name_prefix: Some(name.to_owned()),
            next_token,
            ..Default::default()
        };
        let page = match context.caller.call(describe).await {
            Err(error) if is_missing(&error) => return Ok(None),
            other => other?,
        };
        let mut filters = page.metric_filters.unwrap_or_default().into_iter();
        if let Some(filter) = filters.find(|filter| filter.filter_name.as_deref() == Some(name)) {
            return Ok(Some(filter));
        }
        next_token = page.next_token;
        if next_token.is_none() {
            return Ok(None);
        }
    }
}

/// The filter as a template has it.
fn template(filter: MetricFilter) -> Document {
    let optional = |text: Option<&str>| text.map_or(Document::Null, Document::from);
    let transformations = filter.metric_transformations.iter().flatten().map(|given| {
        let pairs = given.dimensions.iter().flatten();
        let pairs =
            pairs.map(|(name, value)| document!({ "Key": (name.as_str()), "Value": (value.as_str()) }));
        let dimensions =
            given.dimensions.as_ref().map_or(Document::Null, |_| Document::Array(pairs.collect()));
        document!({
            "MetricName": (given.metric_name.as_str()),
            "MetricNamespace": (given.metric_namespace.as_str()),
            "MetricValue": (given.metric_value.as_str()),
            "DefaultValue": (given.default_value.map_or(Document::Null, Document::from)),
            "Dimensions": dimensions,
            "Unit": (optional(given.unit.map(StandardUnit::as_str)))
        })
    });
    document!({
        "FilterName": (optional(filter.filter_name.as_deref())),
        "LogGroupName": (optional(filter.log_group_name.as_deref())),
        "FilterPattern": (optional(filter.filter_pattern.as_deref())),
        "ApplyOnTransformedLogs": (filter.apply_on_transformed_logs.unwrap_or(false)),
        "MetricTransformations": (Document::Array(transformations.collect()))
    })
}

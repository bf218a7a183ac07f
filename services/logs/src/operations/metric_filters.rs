//! Metric filters: what is measured in a group's events as they are put. Filter patterns: tried out.

use super::filters::{Filter, check_regexes, refuse_unbuilt};
use super::{group, limit, on_any_group, on_group, tokens};
use crate::Logs;
use crate::metric::{InvalidMetric, Metric};
use crate::pattern::{InvalidPattern, Message, Pattern};
use crate::state::group::LogGroup;
use crate::state::metric_filter::{MetricFilter, Transformation};
use api_logs::{
    DeleteMetricFilter, DeleteMetricFilterOutput, DescribeMetricFilters, DescribeMetricFiltersOutput, Error,
    InputLogEvent, InvalidParameterException, LimitExceededException, MetricFilterMatchRecord,
    MetricTransformation, PutMetricFilter, PutMetricFilterOutput, ResourceNotFoundException,
    TestMetricFilter, TestMetricFilterOutput,
};
use contract::{Access, Call, Transact};
use names::Scope;
use store::{Tx, View};
use tokens::Listing;

/// The metric filters of a group.
const MOST: usize = 100;
/// What all filters of a group measure in a batch, each of one series and minute: fewer than the store gathers of an account at once, so that
/// there is room for what else the account measures.
const MOST_MEASUREMENTS: usize = 4_000;

impl Transact<PutMetricFilter> for Logs {
    fn access(input: &PutMetricFilter, call: &Call, view: &View) -> Access {
        on_group("PutMetricFilter", view, call.scope(), &input.log_group_name)
    }

    fn run(input: PutMetricFilter, call: &Call, tx: &mut Tx) -> Result<PutMetricFilterOutput, Error> {
        let scope = call.scope();
        let (criteria, fields) = (&input.field_selection_criteria, &input.emit_system_field_dimensions);
        refuse_unbuilt(
            input.apply_on_transformed_logs,
            criteria.as_deref(),
            ("emitSystemFieldDimensions", fields.as_deref()),
        )?;
        let [given] = <[MetricTransformation; 1]>::try_from(input.metric_transformations).map_err(|_| {
            InvalidParameterException::new("A metric filter has exactly one metric transformation.")
        })?;
        let transformation = Transformation {
            namespace: given.metric_namespace,
            name: given.metric_name,
            value: given.metric_value,
            default: given.default_value,
            dimensions: given.dimensions.unwrap_or_default(),
            unit: given.unit.map(|unit| unit.as_str().to_owned()),
        };
        let metric = Metric::new(&input.filter_pattern, transformation.clone()).map_err(invalid)?;
        let group = group(tx, scope, &input.log_group_name)?;
        let known = tx.get::<MetricFilter>(scope, (&group.name, &input.filter_name))?;
        if known.is_none() && tx.scan::<MetricFilter>(scope, (group.name.as_str(),)).count()? >= MOST {
            return Err(LimitExceededException::new("Resource limit exceeded.").into());
        }
        if metric.has_regexes() {
            check_regexes(tx, &group, Filter::Metric(&input.filter_name))?;
        }
        tx.put(MetricFilter {
            scope,
            group: group.name,
            name: input.filter_name,
            pattern: input.filter_pattern,
            transformation,
            created: known.map_or(call.now, |known| known.created),
        })?;
        Ok(PutMetricFilterOutput {})
    }
}

impl Transact<DescribeMetricFilters> for Logs {
    fn access(input: &DescribeMetricFilters, call: &Call, view: &View) -> Access {
        match &input.log_group_name {
            Some(name) => on_group("DescribeMetricFilters", view, call.scope(), name),
            None => on_any_group("DescribeMetricFilters", call),
        }
    }

    /// `filterNamePrefix` counts only with `logGroupName`, as AWS says.
    fn run(
        input: DescribeMetricFilters,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeMetricFiltersOutput, Error> {
        let scope = call.scope();
        if input.metric_name.is_some() != input.metric_namespace.is_some() {
            return Err(InvalidParameterException::new(
                "metricName and metricNamespace must be specified together.",
            )
            .into());
        }
        let mut found = match &input.log_group_name {
            None => tx.list::<MetricFilter>(scope)?,
            Some(name) => {
                let group = group(tx, scope, name)?;
                let prefix = store::StartsWith(input.filter_name_prefix.as_deref().unwrap_or_default());
                tx.scan::<MetricFilter>(scope, (group.name.as_str(), prefix)).rows()?
            }
        };
        found.retain(|MetricFilter { transformation, .. }| {
            input.metric_name.as_ref().is_none_or(|name| *name == transformation.name)
                && input
                    .metric_namespace
                    .as_ref()
                    .is_none_or(|namespace| *namespace == transformation.namespace)
        });
        let keyed =
            found.into_iter().map(|filter| (format!("{}:{}", filter.name, filter.group), answer(filter)));
        let (token, most) = (input.next_token.as_deref(), limit(input.limit, 50));
        let (filters, next_token) =
            tokens::page(Listing::MetricFilters, token, most, call.now, keyed.collect())?;
        Ok(DescribeMetricFiltersOutput { metric_filters: Some(filters), next_token })
    }
}

impl Transact<DeleteMetricFilter> for Logs {
    fn access(input: &DeleteMetricFilter, call: &Call, view: &View) -> Access {
        on_group("DeleteMetricFilter", view, call.scope(), &input.log_group_name)
    }

    fn run(input: DeleteMetricFilter, call: &Call, tx: &mut Tx) -> Result<DeleteMetricFilterOutput, Error> {
        let scope = call.scope();
        let group = group(tx, scope, &input.log_group_name)?;
        match tx.remove::<MetricFilter>(scope, (&group.name, &input.filter_name))? {
            Some(_) => Ok(DeleteMetricFilterOutput {}),
            None => Err(ResourceNotFoundException::new("The specified metric filter does not exist.").into()),
        }
    }
}

impl Transact<TestMetricFilter> for Logs {
    fn access(_: &TestMetricFilter, _: &Call, _: &View) -> Access {
        Access::to("logs:TestMetricFilter")
    }

    fn run(input: TestMetricFilter, _: &Call, _: &mut Tx) -> Result<TestMetricFilterOutput, Error> {
        let pattern = Pattern::parse(&input.filter_pattern).map_err(|wrong| invalid(wrong.into()))?;
        let matches = input.log_event_messages.into_iter().zip(0..).filter_map(|(message, number)| {
            Some(MetricFilterMatchRecord {
                event_number: Some(number),
                extracted_values: Some(pattern.extract(&message)?),
                event_message: Some(message),
            })
        });
        Ok(TestMetricFilterOutput { matches: Some(matches.collect()) })
    }
}

/// Measures what a group's filters select of a batch; counts once the batch is committed.
pub(super) fn measure(tx: &mut Tx, group: &LogGroup, events: &[InputLogEvent]) -> Result<(), Error> {
    let filters = tx.scan::<MetricFilter>(group.scope, (group.name.as_str(),)).rows()?;
    if filters.is_empty() {
        return Ok(());
    }
    let events: Vec<(i64, Message<'_>)> =
        events.iter().map(|event| (event.timestamp, Message::new(&event.message))).collect();
    let (mut room, mut left_out) = (MOST_MEASUREMENTS, 0_usize);
    for MetricFilter { name, pattern, transformation, .. } in filters {
        match Metric::new(&pattern, transformation) {
            Ok(metric) => {
                let measured = metric.measure(group.scope, &events, room);
                room = room.saturating_sub(measured.measurements.len());
                left_out = left_out.saturating_add(measured.left_out);
                for measurement in measured.measurements {
                    tx.measure(|| measurement);
                }
            }
            // None is stored unread.
            Err(error) => {
                tracing::error!(group = group.name, filter = name, %error, "a stored metric filter cannot be read: it measures nothing");
            }
        }
    }
    if left_out > 0 {
        tracing::warn!(
            account = %group.scope.account, group = group.name, values = left_out,
            "metric filters select too many different dimensions or minutes in one batch: these values are not measured"
        );
    }
    Ok(())
}

/// Removes all metric filters of a group.
pub(super) fn remove_all(tx: &mut Tx, scope: Scope, group: &str) -> Result<(), Error> {
    for filter in tx.scan::<MetricFilter>(scope, (group,)).rows()? {
        tx.remove::<MetricFilter>(scope, (group, filter.name.as_str()))?;
    }
    Ok(())
}

fn invalid(wrong: InvalidMetric) -> Error {
    InvalidParameterException::new(match wrong {
        InvalidMetric::Pattern(InvalidPattern::Syntax) => "Invalid metric filter pattern".to_owned(),
        _ => wrong.to_string(),
    })
    .into()
}

fn answer(filter: MetricFilter) -> api_logs::MetricFilter {
    let Transformation { namespace, name, value, default, dimensions, unit } = filter.transformation;
    api_logs::MetricFilter {
        filter_name: Some(filter.name),
        filter_pattern: Some(filter.pattern),
        metric_transformations: Some(vec![MetricTransformation {
            metric_name: name,
            metric_namespace: namespace,
            metric_value: value,
            default_value: default,
            dimensions: Some(dimensions).filter(|dimensions| !dimensions.is_empty()),
            unit: unit.and_then(|unit| unit.parse().ok()),
        }]),
        creation_time: Some(filter.created.millis()),
        log_group_name: Some(filter.group),
        apply_on_transformed_logs: Some(false),
        ..Default::default()
    }
}

//! `AWS::CloudWatch::Alarm`.

use super::tags::{retag, wanted_tags};
use super::{attributes, gone_is_done, is_another_s, name_of, number};
use api_cloudwatch::{
    AlarmType, DeleteAlarms, Dimension, Metric, MetricDataQuery, MetricStat, PutMetricAlarm, Tag,
};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::str::FromStr;
use wire::document;

pub(crate) struct AlarmHandler;

/// What DescribeAlarms tells by the same names, but for the tags.
const PROPERTIES: &[&str] = &[
    "ActionsEnabled",
    "AlarmActions",
    "AlarmDescription",
    "AlarmName",
    "ComparisonOperator",
    "DatapointsToAlarm",
    "Dimensions",
    "EvaluateLowSampleCountPercentile",
    "EvaluationPeriods",
    "ExtendedStatistic",
    "InsufficientDataActions",
    "MetricName",
    "Metrics",
    "Namespace",
    "OKActions",
    "Period",
    "Statistic",
    "Tags",
    "Threshold",
    "ThresholdMetricId",
    "TreatMissingData",
    "Unit",
];

#[async_trait::async_trait]
impl ResourceHandler for AlarmHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::CloudWatch::Alarm"
    }

    fn properties(&self) -> &'static [&'static str] {
        PROPERTIES
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["AlarmName"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let (name, given) = name_of(properties, context)?;
        if given && is_another_s(AlarmType::MetricAlarm, &name, context).await? {
            let reason =
                format!("Resource of type 'AWS::CloudWatch::Alarm' with identifier '{name}' already exists.");
            return Err(HandlerFailure::new("AlreadyExists", reason));
        }
        let tags = wanted_tags(properties, &context.stack_tags)?;
        let tags = tags.into_iter().map(|(key, value)| Tag { key, value }).collect();
        context.caller.call(PutMetricAlarm { tags: Some(tags), ..read(&name, properties)? }).await?;
        Ok(Created { attributes: attributes(&name, context), physical_id: name })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let put = read(physical_id, new)?;
        if put != read(physical_id, old)? {
            context.caller.call(put).await?;
        }
        retag(physical_id, old, new, context).await?;
        Ok(Updated { attributes: attributes(physical_id, context) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let delete = DeleteAlarms { alarm_names: vec![physical_id.into()] };
        Ok(gone_is_done(context.caller.call(delete).await)?)
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        let ask = document!({ "AlarmNames": [physical_id], "AlarmTypes": ["MetricAlarm"] });
        super::actual(physical_id, ("MetricAlarms", ask), PROPERTIES, properties, context).await
    }
}

/// A property of an enum's text.
fn one_of<T: FromStr>(properties: &Properties, name: &str) -> Result<Option<T>, HandlerFailure> {
    let Some(text) = properties.string(name)? else { return Ok(None) };
    text.parse().map(Some).map_err(|_| {
        HandlerFailure::invalid(format!("{}/{name}: {text} is not a valid enum value", properties.path()))
    })
}

fn decimal(properties: &Properties, name: &str) -> Result<Option<f64>, HandlerFailure> {
    let Some(text) = properties.string(name)? else { return Ok(None) };
    text.parse()
        .map(Some)
        .map_err(|_| HandlerFailure::invalid(format!("{}/{name}: expected type: Number", properties.path())))
}

fn dimensions(properties: &Properties) -> Result<Option<Vec<Dimension>>, HandlerFailure> {
    if properties.get("Dimensions").is_none() {
        return Ok(None);
    }
    let all = properties.objects("Dimensions")?;
    let read = |one: &Properties| {
        one.only(&["Name", "Value"])?;
        Ok(Dimension { name: one.required_string("Name")?, value: one.required_string("Value")? })
    };
    all.iter().map(read).collect::<Result<_, _>>().map(Some)
}

fn queries(properties: &Properties) -> Result<Option<Vec<MetricDataQuery>>, HandlerFailure> {
    if properties.get("Metrics").is_none() {
        return Ok(None);
    }
    properties.objects("Metrics")?.iter().map(query).collect::<Result<_, _>>().map(Some)
}

fn query(properties: &Properties) -> Result<MetricDataQuery, HandlerFailure> {
    properties.only(&["AccountId", "Expression", "Id", "Label", "MetricStat", "Period", "ReturnData"])?;
    let metric_stat = match properties.object("MetricStat")? {
        None => None,
        Some(stat) => {
            stat.only(&["Metric", "Period", "Stat", "Unit"])?;
            let metric = stat.object("Metric")?.ok_or_else(|| stat.missing("Metric"))?;
            metric.only(&["Dimensions", "MetricName", "Namespace"])?;
            Some(MetricStat {
                metric: Metric {
                    namespace: metric.string("Namespace")?,
                    metric_name: metric.string("MetricName")?,
                    dimensions: dimensions(&metric)?,
                },
                period: number(&stat, "Period")?.ok_or_else(|| stat.missing("Period"))?,
                stat: stat.required_string("Stat")?,
                unit: one_of(&stat, "Unit")?,
            })
        }
    };
    Ok(MetricDataQuery {
        id: properties.required_string("Id")?,
        metric_stat,
        expression: properties.string("Expression")?,
        label: properties.string("Label")?,
        return_data: properties.boolean("ReturnData")?,
        period: number(properties, "Period")?,
        account_id: properties.string("AccountId")?,
    })
}

/// The call that puts the alarm, without tags.
fn read(name: &str, properties: &Properties) -> Result<PutMetricAlarm, HandlerFailure> {
    Ok(PutMetricAlarm {
        alarm_name: name.to_owned(),
        alarm_description: properties.string("AlarmDescription")?,
        actions_enabled: properties.boolean("ActionsEnabled")?,
        ok_actions: properties.strings("OKActions")?,
        alarm_actions: properties.strings("AlarmActions")?,
        insufficient_data_actions: properties.strings("InsufficientDataActions")?,
        metric_name: properties.string("MetricName")?,
        namespace: properties.string("Namespace")?,
        statistic: one_of(properties, "Statistic")?,
        extended_statistic: properties.string("ExtendedStatistic")?,
        dimensions: dimensions(properties)?,
        period: number(properties, "Period")?,
        unit: one_of(properties, "Unit")?,
        evaluation_periods: number(properties, "EvaluationPeriods")?,
        datapoints_to_alarm: number(properties, "DatapointsToAlarm")?,
        threshold: decimal(properties, "Threshold")?,
        comparison_operator: one_of(properties, "ComparisonOperator")?,
        treat_missing_data: properties.string("TreatMissingData")?,
        evaluate_low_sample_count_percentile: properties.string("EvaluateLowSampleCountPercentile")?,
        metrics: queries(properties)?,
        threshold_metric_id: properties.string("ThresholdMetricId")?,
        ..Default::default()
    })
}

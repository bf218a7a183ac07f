//! Alarms as JSON: for AWS Config and the history, which write them alike, and for EventBridge, which does not.

use super::time;
use crate::metrics::query::{MetricStat, Query, Source};
use crate::state::{Alarm, Common, CompositeAlarm, MetricAlarm, MetricId, Watched};
use sha2::{Digest, Sha256};
use wire::{Document, document};

fn set_some<T: Into<Document>>(document: &mut Document, name: &str, value: Option<T>) {
    if let Some(value) = value {
        document.set(name, value);
    }
}

fn begin(common: &Common) -> Document {
    let mut document = document!({
        "alarmName": (common.name.as_str()),
        "alarmArn": (common.arn().to_string()),
    });
    set_some(&mut document, "alarmDescription", common.description.clone());
    document.set("alarmConfigurationUpdatedTimestamp", time::long(common.updated));
    document.set("actionsEnabled", common.actions_enabled);
    document.set("okactions", common.ok_actions.clone());
    document.set("alarmActions", common.alarm_actions.clone());
    document.set("insufficientDataActions", common.insufficient_data_actions.clone());
    document
}

fn dimensions(metric: &MetricId) -> Document {
    let all = metric.dimensions.iter();
    Document::Array(
        all.map(|(name, value)| document!({ "name": (name.as_str()), "value": (value.as_str()) })).collect(),
    )
}

/// A metric alarm, as AWS Config has it.
pub(crate) fn metric(alarm: &MetricAlarm) -> Document {
    let mut document = begin(&alarm.common);
    match &alarm.watched {
        Watched::Metric(stat) => {
            document.set("metricName", stat.metric.name.as_str());
            document.set("namespace", stat.metric.namespace.as_str());
            document.set(if alarm.extended { "extendedStatistic" } else { "statistic" }, stat.stat.as_str());
            document.set("dimensions", dimensions(&stat.metric));
            document.set("period", stat.period);
            set_some(&mut document, "unit", stat.unit.clone());
        }
        Watched::Queries(queries) => {
            document.set("dimensions", Document::Array(Vec::new()));
            let metrics = queries.iter().map(|query| match &query.source {
                Source::Stat(stat) => {
                    let mut written = document!({
                        "metric": {
                            "namespace": (stat.metric.namespace.as_str()),
                            "metricName": (stat.metric.name.as_str()),
                            "dimensions": (dimensions(&stat.metric)),
                        },
                        "period": (stat.period),
                        "stat": (stat.stat.as_str()),
                    });
                    set_some(&mut written, "unit", stat.unit.clone());
                    finish_query(document!({ "id": (query.id.as_str()), "metricStat": written }), query)
                }
                Source::Expression(expression) => finish_query(
                    document!({ "id": (query.id.as_str()), "expression": (expression.as_str()) }),
                    query,
                ),
            });
            document.set("metrics", Document::Array(metrics.collect()));
        }
    }
    decision(&mut document, alarm);
    document
}

/// When a metric alarm is one.
fn decision(document: &mut Document, alarm: &MetricAlarm) {
    document.set("evaluationPeriods", alarm.evaluation_periods);
    set_some(document, "datapointsToAlarm", alarm.datapoints_to_alarm);
    document.set("threshold", alarm.threshold);
    document.set("comparisonOperator", alarm.operator.as_str());
    set_some(document, "treatMissingData", alarm.treat_missing_data.clone());
    set_some(document, "evaluateLowSampleCountPercentile", alarm.low_samples.clone());
}

fn finish_query(mut document: Document, query: &Query) -> Document {
    set_some(&mut document, "label", query.label.clone());
    document.set("returnData", query.is_returned());
    set_some(&mut document, "period", query.period);
    document
}

/// A composite alarm, in the same manner.
pub(crate) fn composite(alarm: &CompositeAlarm) -> Document {
    let mut document = begin(&alarm.common);
    document.set("alarmRule", alarm.rule.as_str());
    suppressor(&mut document, alarm);
    document
}

fn suppressor(document: &mut Document, alarm: &CompositeAlarm) {
    if let Some(suppressor) = &alarm.suppressor {
        document.set("actionsSuppressor", suppressor.alarm.as_str());
        document.set("actionsSuppressorWaitPeriod", suppressor.wait);
        document.set("actionsSuppressorExtensionPeriod", suppressor.extension);
    }
}

/// An alarm, as AWS Config and the history have it.
pub(crate) fn described(alarm: &Alarm) -> Document {
    match alarm {
        Alarm::Metric(alarm) => metric(alarm),
        Alarm::Composite(alarm) => composite(alarm),
    }
}

/// What EventBridge and functions are told of what an alarm watches.
pub(crate) fn watched(alarm: &Alarm) -> Document {
    let mut document = Document::object();
    match alarm {
        Alarm::Metric(alarm) => document.set("metrics", metrics(alarm)),
        Alarm::Composite(alarm) => {
            document.set("alarmRule", alarm.rule.as_str());
            suppressor(&mut document, alarm);
        }
    }
    document
}

/// The whole configuration, as EventBridge's "Configuration Change" events have it.
pub(crate) fn whole(alarm: &Alarm) -> Document {
    let common = alarm.common();
    let mut document = Document::object();
    if let Alarm::Metric(alarm) = alarm {
        decision(&mut document, alarm);
    }
    if let (Document::Object(members), Document::Object(more)) = (&mut document, watched(alarm)) {
        members.extend(more);
    }
    document.set("alarmName", common.name.as_str());
    set_some(&mut document, "description", common.description.clone());
    document.set("actionsEnabled", common.actions_enabled);
    document.set("timestamp", time::long(common.updated));
    document.set("okActions", common.ok_actions.clone());
    document.set("alarmActions", common.alarm_actions.clone());
    document.set("insufficientDataActions", common.insufficient_data_actions.clone());
    document
}

fn metrics(alarm: &MetricAlarm) -> Document {
    let stat_document = |stat: &MetricStat| {
        let dimensions = stat.metric.dimensions.iter();
        let dimensions: Document =
            dimensions.map(|(name, value)| (name.clone(), Document::from(value.as_str()))).collect();
        let mut written = document!({
            "metric": {
                "namespace": (stat.metric.namespace.as_str()),
                "name": (stat.metric.name.as_str()),
                "dimensions": dimensions,
            },
            "period": (stat.period),
            "stat": (stat.stat.as_str()),
        });
        set_some(&mut written, "unit", stat.unit.clone());
        written
    };
    let all = match &alarm.watched {
        Watched::Metric(stat) => vec![document!({
            "id": (made_id(&alarm.common)), "metricStat": (stat_document(stat)), "returnData": true
        })],
        Watched::Queries(queries) => queries
            .iter()
            .map(|query| {
                let mut written = document!({ "id": (query.id.as_str()) });
                match &query.source {
                    Source::Stat(stat) => written.set("metricStat", stat_document(stat)),
                    Source::Expression(expression) => written.set("expression", expression.as_str()),
                }
                set_some(&mut written, "label", query.label.clone());
                written.set("returnData", query.is_returned());
                written
            })
            .collect(),
    };
    Document::Array(all)
}

/// An alarm that names its metric itself has an id for it in events all the same: one that stays the same.
fn made_id(common: &Common) -> String {
    let digest = Sha256::digest(common.arn().to_string());
    let mut bytes = [0_u8; 16];
    bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    names::RequestId(bytes).to_string()
}

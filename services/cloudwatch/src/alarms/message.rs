//! What topics, functions and EventBridge are told of a transition, as AWS writes it.

use super::number::print;
use super::{config, regions, time};
use crate::metrics::query::{MetricStat, Source};
use crate::state::{Alarm, AlarmState, MetricAlarm, MetricId, Watched};
use api_cloudwatch::StateValue;
use wire::{Document, document};

/// A transition.
#[derive(Clone, Copy)]
pub(crate) struct Transition<'a> {
    pub(crate) alarm: &'a Alarm,
    pub(crate) old: &'a AlarmState,
    pub(crate) new: &'a AlarmState,
}

/// SNS's limit.
const SUBJECT: usize = 100;

impl Transition<'_> {
    fn region(&self) -> String {
        regions::name(self.alarm.common().scope.region)
    }

    /// `ALARM: "cpu" in US East (N. Virginia)`: what does not fit a subject is cut.
    pub(crate) fn subject(&self) -> String {
        let printable = |c: char| if c.is_ascii() && !c.is_ascii_control() { c } else { '?' };
        let name: String = self.alarm.common().name.chars().map(printable).collect();
        let subject = format!("{}: \"{name}\" in {}", self.new.value, self.region());
        if subject.len() <= SUBJECT {
            return subject;
        }
        let kept: String = subject.chars().take(SUBJECT.saturating_sub(3)).collect();
        format!("{kept}...")
    }

    /// The message to a topic.
    pub(crate) fn message(&self) -> Document {
        let common = self.alarm.common();
        let mut message = document!({
            "AlarmName": (common.name.as_str()),
            "AlarmDescription": (common.description.clone()),
            "AWSAccountId": (common.scope.account.as_str()),
            "AlarmConfigurationUpdatedTimestamp": (time::long(common.updated)),
            "NewStateValue": (self.new.value.as_str()),
            "NewStateReason": (self.new.reason.as_str()),
            "StateChangeTime": (time::long(self.new.transitioned)),
            "Region": (self.region()),
            "AlarmArn": (common.arn().to_string()),
            "OldStateValue": (self.old.value.as_str()),
            "OKActions": (common.ok_actions.clone()),
            "AlarmActions": (common.alarm_actions.clone()),
            "InsufficientDataActions": (common.insufficient_data_actions.clone()),
        });
        match self.alarm {
            Alarm::Metric(alarm) => message.set("Trigger", trigger(alarm)),
            Alarm::Composite(alarm) => {
                message.set("AlarmRule", alarm.rule.as_str());
                message.set("TriggeringChildren", self.triggering_children());
            }
        }
        message
    }

    /// Those of the reason's data, with capitals.
    fn triggering_children(&self) -> Document {
        let data = self.new.reason_data.as_deref().and_then(|data| Document::parse(data).ok());
        let alarms = data.as_ref().and_then(|data| data.get("triggeringAlarms"));
        let children = alarms.and_then(Document::as_array).unwrap_or_default().iter().map(|child| {
            let member = |path: &[&str]| child.at(path).cloned().unwrap_or_default();
            document!({
                "Arn": (member(&["arn"])),
                "State": {
                    "Value": (member(&["state", "value"])),
                    "Timestamp": (member(&["state", "timestamp"])),
                },
            })
        });
        Document::Array(children.collect())
    }

    /// What a topic is sent: by protocol, for `MessageStructure` `json`.
    pub(crate) fn structure(&self) -> Document {
        document!({
            "default": (self.message().to_string()),
            "sms": (self.subject()),
            "email": (self.mail()),
        })
    }

    fn mail(&self) -> String {
        let common = self.alarm.common();
        let (name, region, arn) = (&common.name, self.region(), common.arn());
        let spoken = time::spoken(self.new.transitioned);
        let (value, reason, code) = (&self.new.value, &self.new.reason, common.scope.region);
        let mut mail = format!(
            "You are receiving this email because your Amazon CloudWatch Alarm \"{name}\" in the {region} region has entered the {value} state, because \"{reason}\" at \"{spoken}\".\n\n\
             View this alarm in the AWS Management Console:\n\
             https://{code}.console.aws.amazon.com/cloudwatch/deeplink.js?region={code}#alarmsV2:alarm/{name}\n\n\
             Alarm Details:\n\
             - Name:                       {name}\n\
             - Description:                {}\n\
             - State Change:               {} -> {value}\n",
            common.description.as_deref().unwrap_or_default(),
            self.old.value,
        );
        if let Alarm::Composite(alarm) = self.alarm {
            mail.push_str(&format!("- Alarm Rule:                 {}\n", alarm.rule));
        }
        mail.push_str(&format!(
            "- Reason for State Change:    {reason}\n\
             - Timestamp:                  {spoken}\n\
             - AWS Account:                {}\n\
             - Alarm Arn:                  {arn}\n",
            common.scope.account
        ));
        if let Alarm::Metric(alarm) = self.alarm {
            mail.push_str(&monitored(alarm));
        }
        mail.push_str("\nState Change Actions:\n");
        for state in [StateValue::Ok, StateValue::Alarm, StateValue::InsufficientData] {
            let actions = common.actions(state);
            let actions =
                if actions.is_empty() { String::new() } else { format!("[{}]", actions.join("] [")) };
            mail.push_str(&format!("- {state}: {actions}\n"));
        }
        mail
    }

    /// The event to a function.
    pub(crate) fn function_event(&self) -> Document {
        let common = self.alarm.common();
        document!({
            "source": "aws.cloudwatch",
            "alarmArn": (common.arn().to_string()),
            "accountId": (common.scope.account.as_str()),
            "time": (time::long(self.new.transitioned)),
            "region": (common.scope.region.as_str()),
            "alarmData": (self.detail()),
        })
    }

    /// The detail of EventBridge's event.
    pub(crate) fn detail(&self) -> Document {
        let common = self.alarm.common();
        let mut configuration = config::watched(self.alarm);
        if let Some(description) = &common.description {
            configuration.set("description", description.as_str());
        }
        document!({
            "alarmName": (common.name.as_str()),
            "state": (state(self.new)),
            "previousState": (state(&AlarmState { suppressed: None, ..self.old.clone() })),
            "configuration": configuration,
        })
    }
}

fn state(state: &AlarmState) -> Document {
    let mut document = Document::object();
    if let Some(suppressed) = &state.suppressed {
        document.set("actionsSuppressedBy", suppressed.by.as_str());
        document.set("actionsSuppressedReason", suppressed.reason());
    }
    document.set("value", state.value.as_str());
    document.set("reason", state.reason.as_str());
    if let Some(data) = &state.reason_data {
        document.set("reasonData", data.as_str());
    }
    document.set("timestamp", time::long(state.transitioned));
    document
}

/// `SAMPLE_COUNT`.
fn shouted(statistic: &str) -> String {
    if statistic == "SampleCount" { "SAMPLE_COUNT".into() } else { statistic.to_ascii_uppercase() }
}

fn dimensions(metric: &MetricId) -> Document {
    let all = metric.dimensions.iter();
    Document::Array(
        all.map(|(name, value)| document!({ "value": (value.as_str()), "name": (name.as_str()) })).collect(),
    )
}

fn trigger(alarm: &MetricAlarm) -> Document {
    let mut trigger = Document::object();
    if let Watched::Metric(stat) = &alarm.watched {
        trigger.set("MetricName", stat.metric.name.as_str());
        trigger.set("Namespace", stat.metric.namespace.as_str());
        if alarm.extended {
            trigger.set("StatisticType", "ExtendedStatistic");
            trigger.set("ExtendedStatistic", stat.stat.as_str());
        } else {
            trigger.set("StatisticType", "Statistic");
            trigger.set("Statistic", shouted(&stat.stat));
        }
        trigger.set("Unit", stat.unit.clone());
        trigger.set("Dimensions", dimensions(&stat.metric));
    }
    trigger.set("Period", alarm.period);
    trigger.set("EvaluationPeriods", alarm.evaluation_periods);
    if let Some(least) = alarm.datapoints_to_alarm {
        trigger.set("DatapointsToAlarm", least);
    }
    trigger.set("ComparisonOperator", alarm.operator.as_str());
    trigger.set("Threshold", alarm.threshold);
    trigger.set("TreatMissingData", alarm.treat_missing_data.as_deref().unwrap_or_default());
    trigger.set("EvaluateLowSampleCountPercentile", alarm.low_samples.as_deref().unwrap_or_default());
    if let Watched::Queries(queries) = &alarm.watched {
        let metrics = queries.iter().map(|query| {
            let mut written = Document::object();
            if let Source::Expression(expression) = &query.source {
                written.set("Expression", expression.as_str());
            }
            written.set("Id", query.id.as_str());
            if let Some(label) = &query.label {
                written.set("Label", label.as_str());
            }
            if let Source::Stat(stat) = &query.source {
                written.set("MetricStat", metric_stat(stat));
            }
            written.set("ReturnData", query.is_returned());
            written
        });
        trigger.set("Metrics", Document::Array(metrics.collect()));
    }
    trigger
}

fn metric_stat(stat: &MetricStat) -> Document {
    let mut written = document!({
        "Metric": {
            "Dimensions": (dimensions(&stat.metric)),
            "MetricName": (stat.metric.name.as_str()),
            "Namespace": (stat.metric.namespace.as_str()),
        },
        "Period": (stat.period),
        "Stat": (stat.stat.as_str()),
    });
    if let Some(unit) = &stat.unit {
        written.set("Unit", unit.as_str());
    }
    written
}

fn monitored(alarm: &MetricAlarm) -> String {
    let mut text = format!(
        "\nThreshold:\n- The alarm is in the ALARM state when the metric is {} {} for at least {} of the last {} period(s) of {} seconds.\n",
        alarm.operator,
        print(alarm.threshold),
        alarm.datapoints_to_alarm.unwrap_or(alarm.evaluation_periods),
        alarm.evaluation_periods,
        alarm.period,
    );
    let treated = alarm.treat_missing_data.as_deref().unwrap_or("missing");
    match &alarm.watched {
        Watched::Metric(stat) => {
            let dimensions = stat.metric.dimensions.iter();
            let dimensions: Vec<String> =
                dimensions.map(|(name, value)| format!("[{name} = {value}]")).collect();
            text.push_str(&format!(
                "\nMonitored Metric:\n\
                 - MetricNamespace:                     {}\n\
                 - MetricName:                          {}\n\
                 - Dimensions:                          {}\n\
                 - Period:                              {} seconds\n\
                 - Statistic:                           {}\n\
                 - Unit:                                {}\n\
                 - TreatMissingData:                    {treated}\n",
                stat.metric.namespace,
                stat.metric.name,
                dimensions.join(" "),
                stat.period,
                stat.stat,
                stat.unit.as_deref().unwrap_or("not specified"),
            ));
        }
        Watched::Queries(queries) => {
            text.push_str("\nMonitored Metrics:\n");
            for query in queries {
                let what = match &query.source {
                    Source::Expression(expression) => expression.clone(),
                    Source::Stat(stat) => {
                        format!("{} {} {}", stat.metric.namespace, stat.metric.name, stat.stat)
                    }
                };
                text.push_str(&format!("- {}: {what}\n", query.id));
            }
            text.push_str(&format!("- TreatMissingData:                    {treated}\n"));
        }
    }
    text
}

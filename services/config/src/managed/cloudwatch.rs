//! Rules on alarms and log groups.

use super::parameters::{boolean, choice, integer, list, text};
use super::{Inventory, ManagedRule, Parameters, Verdict, read};
use crate::state::Item;
use store::StoreError;
use wire::Document;

const ALARM: &str = "AWS::CloudWatch::Alarm";
/// AWS Config does not record log groups: rules look at them by the clock.
pub(super) const LOG_GROUP: &str = "AWS::Logs::LogGroup";
const INSTANCE: &str = "AWS::EC2::Instance";
const VOLUME: &str = "AWS::EC2::Volume";
const BUCKET: &str = "AWS::S3::Bucket";

pub(super) const RULES: &[ManagedRule] = &[
    ManagedRule::item("CLOUDWATCH_ALARM_ACTION_CHECK", &[ALARM], acts).with(&[
        boolean("alarmActionRequired").required(),
        boolean("insufficientDataActionRequired").required(),
        boolean("okActionRequired").required(),
        text("action1"),
        text("action2"),
        text("action3"),
        text("action4"),
        text("action5"),
    ]),
    ManagedRule::item("CLOUDWATCH_ALARM_ACTION_ENABLED_CHECK", &[ALARM], is_enabled),
    ManagedRule::item("CLOUDWATCH_ALARM_DESCRIPTION", &[ALARM], is_described),
    ManagedRule::related("CLOUDWATCH_ALARM_RESOURCE_CHECK", &[INSTANCE, VOLUME, BUCKET], is_watched)
        .only_periodic()
        .with(&[
            choice("resourceType", &[INSTANCE, VOLUME, BUCKET]).required(),
            text("metricName").required(),
        ]),
    ManagedRule::item("CLOUDWATCH_ALARM_SETTINGS_CHECK", &[ALARM], is_set).with(&[
        text("metricName").required(),
        integer("threshold"),
        integer("evaluationPeriods"),
        integer("period").or("300"),
        text("comparisonOperator"),
        text("statistic"),
    ]),
    ManagedRule::item("CLOUDWATCH_LOG_GROUP_ENCRYPTED", &[LOG_GROUP], is_encrypted)
        .only_periodic()
        .with(&[text("KmsKeyId")]),
    ManagedRule::item("CW_LOGGROUP_RETENTION_PERIOD_CHECK", &[LOG_GROUP], is_kept)
        .only_periodic()
        .with(&[list("LogGroupNames"), integer("MinRetentionTime").or("365")]),
];

fn acts(item: &Item, parameters: &Parameters) -> Verdict {
    let kinds = [
        ("alarmActionRequired", "alarmActions", "ALARM"),
        ("insufficientDataActionRequired", "insufficientDataActions", "INSUFFICIENT_DATA"),
        ("okActionRequired", "okActions", "OK"),
    ];
    let mut all = Vec::new();
    for (required, member, state) in kinds {
        let actions = read::texts(read::setting(item, &[member]));
        if parameters.flag(required) == Some(true) && actions.is_empty() {
            return Verdict::NonCompliant(format!("The alarm has no action for the state {state}."));
        }
        all.extend(actions);
    }
    let listed: Vec<&str> =
        (1..=5).filter_map(|number| parameters.text(&format!("action{number}"))).collect();
    let fits = listed.is_empty() || all.iter().any(|action| listed.contains(action));
    Verdict::require(fits, "The alarm has none of the rule's actions.")
}

fn is_enabled(item: &Item, _: &Parameters) -> Verdict {
    Verdict::require(
        read::is_true(read::setting(item, &["actionsEnabled"])),
        "The actions of the alarm are disabled.",
    )
}

fn is_described(item: &Item, _: &Parameters) -> Verdict {
    Verdict::require(read::text(item, &["alarmDescription"]).is_some(), "The alarm has no description.")
}

/// Whether an alarm watches a metric of a resource, itself or in an expression.
fn watches(alarm: &Item, metric: &str, dimension: (&str, &str)) -> bool {
    let fits = |watched: &Document| {
        let named = read::member(watched, "metricName").and_then(Document::as_str) == Some(metric);
        let text = |one: &Document, name: &str| {
            read::member(one, name).and_then(Document::as_str).unwrap_or_default().to_owned()
        };
        named
            && read::elements(read::member(watched, "dimensions"))
                .into_iter()
                .any(|one| (text(one, "name").as_str(), text(one, "value").as_str()) == dimension)
    };
    let Some(configuration) = &alarm.configuration else { return false };
    let queries = read::elements(read::member(configuration, "metrics"));
    let mut of_queries = queries.into_iter().filter_map(|query| read::at(query, &["metricStat", "metric"]));
    fits(configuration) || of_queries.any(fits)
}

fn is_watched(
    item: &Item,
    parameters: &Parameters,
    inventory: &dyn Inventory,
) -> Result<Verdict, StoreError> {
    let (kind, metric) = (parameters.text("resourceType"), parameters.text("metricName").unwrap_or_default());
    if kind.is_none_or(|kind| !kind.eq_ignore_ascii_case(&item.resource_type)) {
        return Ok(Verdict::NotApplicable);
    }
    let dimension = match item.resource_type.as_str() {
        INSTANCE => "InstanceId",
        VOLUME => "VolumeId",
        _ => "BucketName",
    };
    let mut watched = false;
    inventory.each(ALARM, &mut |alarm| {
        watched |= watches(alarm, metric, (dimension, &item.resource_id));
    })?;
    Ok(Verdict::require(watched, format!("No alarm watches the metric {metric} of the resource.")))
}

fn is_set(item: &Item, parameters: &Parameters) -> Verdict {
    if read::text(item, &["metricName"]) != parameters.text("metricName") {
        return Verdict::NotApplicable;
    }
    let number = |name: &str| read::setting(item, &[name]).and_then(Document::as_f64);
    for name in ["threshold", "evaluationPeriods", "period"] {
        let Some(wanted) = parameters.integer(name) else { continue };
        #[expect(clippy::cast_precision_loss, reason = "at most 32 bits")]
        let wanted_value = wanted as f64;
        let differs = number(name).is_none_or(|found| (found - wanted_value).abs() > f64::EPSILON);
        if differs {
            return Verdict::NonCompliant(format!("The {name} of the alarm is not {wanted}."));
        }
    }
    for name in ["comparisonOperator", "statistic"] {
        let Some(wanted) = parameters.text(name) else { continue };
        if read::text(item, &[name]) != Some(wanted) {
            return Verdict::NonCompliant(format!("The {name} of the alarm is not {wanted}."));
        }
    }
    Verdict::Compliant
}

fn is_encrypted(item: &Item, parameters: &Parameters) -> Verdict {
    let Some(key) = read::text(item, &["KmsKeyId"]) else {
        return Verdict::NonCompliant("The log group is not encrypted with a KMS key.".into());
    };
    match parameters.text("KmsKeyId") {
        Some(wanted) if wanted != key && !key.ends_with(&format!(":key/{wanted}")) => {
            Verdict::NonCompliant("The log group is not encrypted with the key KmsKeyId.".into())
        }
        _ => Verdict::Compliant,
    }
}

fn is_kept(item: &Item, parameters: &Parameters) -> Verdict {
    if parameters.list("LogGroupNames").is_some_and(|names| !names.contains(&item.resource_id.as_str())) {
        return Verdict::NotApplicable;
    }
    let least = parameters.integer("MinRetentionTime").unwrap_or(365);
    match read::number(read::setting(item, &["RetentionInDays"])) {
        // Events of a group without a retention are kept for ever.
        None => Verdict::Compliant,
        Some(days) => Verdict::require(
            days >= least,
            format!("The log group keeps events for {days} days, fewer than {least}."),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::managed::testing::{Others, item, judge_among, table};
    use wire::document;

    fn alarm(configuration: Document) -> Item {
        item(ALARM, "arn:aws:cloudwatch:us-east-1:111122223333:alarm:a", configuration)
    }

    #[test]
    fn actions() {
        let of = |alarm_actions: &[&str], insufficient: &[&str], ok: &[&str]| {
            let list = |all: &[&str]| Document::Array(all.iter().map(|one| Document::from(*one)).collect());
            alarm(document!({
                "alarmActions": (list(alarm_actions)),
                "insufficientDataActions": (list(insufficient)),
                "okactions": (list(ok)),
                "actionsEnabled": true,
            }))
        };
        let required = |alarm: bool, insufficient: bool, ok: bool, more: &str| {
            format!(
                r#"{{"alarmActionRequired":"{alarm}","insufficientDataActionRequired":"{insufficient}","okActionRequired":"{ok}"{more}}}"#
            )
        };
        let usual = required(true, true, false, "");
        let only_alarm = required(true, false, false, "");
        let all = required(true, true, true, "");
        table(
            "CLOUDWATCH_ALARM_ACTION_CHECK",
            &[
                (of(&["arn:t"], &["arn:t"], &[]), &usual, Some(true)),
                (of(&["arn:t"], &[], &[]), &usual, Some(false)),
                (of(&["arn:t"], &[], &[]), &only_alarm, Some(true)),
                (of(&[], &["arn:t"], &[]), &usual, Some(false)),
                (of(&["arn:t"], &["arn:t"], &[]), &all, Some(false)),
                (of(&["arn:t"], &["arn:t"], &["arn:t"]), &all, Some(true)),
                (
                    of(&["arn:t"], &["arn:u"], &[]),
                    &required(true, true, false, r#","action3":"arn:u""#),
                    Some(true),
                ),
                (
                    of(&["arn:t"], &["arn:t"], &[]),
                    &required(true, true, false, r#","action1":"arn:u""#),
                    Some(false),
                ),
            ],
        );
        let off = alarm(document!({ "actionsEnabled": false }));
        table(
            "CLOUDWATCH_ALARM_ACTION_ENABLED_CHECK",
            &[(of(&[], &[], &[]), "{}", Some(true)), (off, "{}", Some(false))],
        );
        table(
            "CLOUDWATCH_ALARM_DESCRIPTION",
            &[
                (alarm(document!({ "alarmDescription": "why" })), "{}", Some(true)),
                (alarm(document!({ "alarmDescription": "" })), "{}", Some(false)),
                (alarm(document!({})), "{}", Some(false)),
            ],
        );
    }

    #[test]
    fn settings() {
        let errors = |period: i64, threshold: f64| {
            alarm(document!({
                "metricName": "Errors", "period": period, "threshold": threshold, "evaluationPeriods": 2,
                "statistic": "Sum", "comparisonOperator": "GreaterThanThreshold"
            }))
        };
        table(
            "CLOUDWATCH_ALARM_SETTINGS_CHECK",
            &[
                (errors(300, 1.0), r#"{"metricName":"Errors"}"#, Some(true)),
                (errors(60, 1.0), r#"{"metricName":"Errors"}"#, Some(false)),
                (errors(60, 1.0), r#"{"metricName":"Errors","period":"60","threshold":"1"}"#, Some(true)),
                (errors(300, 1.5), r#"{"metricName":"Errors","threshold":"1"}"#, Some(false)),
                (errors(300, 1.0), r#"{"metricName":"Errors","evaluationPeriods":"3"}"#, Some(false)),
                (errors(300, 1.0), r#"{"metricName":"Errors","statistic":"Average"}"#, Some(false)),
                (
                    errors(300, 1.0),
                    r#"{"metricName":"Errors","comparisonOperator":"GreaterThanThreshold"}"#,
                    Some(true),
                ),
                (errors(300, 1.0), r#"{"metricName":"Other"}"#, None),
            ],
        );
    }

    #[test]
    fn resources_that_an_alarm_watches() {
        let watching = |metric: &str, name: &str, value: &str| {
            alarm(document!({ "metricName": metric, "dimensions": [{ "name": name, "value": value }] }))
        };
        let by_expression = alarm(document!({
            "dimensions": [],
            "metrics": [
                { "id": "e1", "expression": "m1" },
                { "id": "m1", "metricStat": { "metric": {
                    "metricName": "BucketSizeBytes", "dimensions": [{ "name": "BucketName", "value": "logs" }]
                } } }
            ],
        }));
        let others = Others(vec![watching("CPUUtilization", "InstanceId", "i-1"), by_expression]);
        let verdict = |kind: &str, id: &str, of: &str, metric: &str| {
            let parameters = format!(r#"{{"resourceType":"{of}","metricName":"{metric}"}}"#);
            judge_among(
                "CLOUDWATCH_ALARM_RESOURCE_CHECK",
                &item(kind, id, document!({})),
                &parameters,
                &others,
            )
        };
        assert_eq!(verdict(INSTANCE, "i-1", INSTANCE, "CPUUtilization"), Verdict::Compliant);
        assert_eq!(verdict(BUCKET, "logs", BUCKET, "BucketSizeBytes"), Verdict::Compliant);
        assert_eq!(verdict(BUCKET, "logs", INSTANCE, "CPUUtilization"), Verdict::NotApplicable);
        for (kind, id, metric) in [
            (INSTANCE, "i-2", "CPUUtilization"),
            (INSTANCE, "i-1", "NetworkIn"),
            (VOLUME, "i-1", "CPUUtilization"),
        ] {
            assert!(
                matches!(verdict(kind, id, kind, metric), Verdict::NonCompliant(_)),
                "{kind} {id} {metric}"
            );
        }
    }

    #[test]
    fn log_groups() {
        let group = |configuration: Document| item(LOG_GROUP, "/app", configuration);
        let key = "arn:aws:kms:us-east-1:111122223333:key/k";
        table(
            "CLOUDWATCH_LOG_GROUP_ENCRYPTED",
            &[
                (group(document!({ "KmsKeyId": key })), "{}", Some(true)),
                (group(document!({ "KmsKeyId": key })), r#"{"KmsKeyId":"k"}"#, Some(true)),
                (group(document!({ "KmsKeyId": key })), r#"{"KmsKeyId":"j"}"#, Some(false)),
                (group(document!({})), "{}", Some(false)),
            ],
        );
        table(
            "CW_LOGGROUP_RETENTION_PERIOD_CHECK",
            &[
                (group(document!({})), "{}", Some(true)),
                (group(document!({ "RetentionInDays": 365 })), "{}", Some(true)),
                (group(document!({ "RetentionInDays": 90 })), "{}", Some(false)),
                (group(document!({ "RetentionInDays": 90 })), r#"{"MinRetentionTime":"90"}"#, Some(true)),
                (group(document!({ "RetentionInDays": 1 })), r#"{"LogGroupNames":"/other"}"#, None),
                (
                    group(document!({ "RetentionInDays": 1 })),
                    r#"{"LogGroupNames":"/other,/app"}"#,
                    Some(false),
                ),
            ],
        );
    }
}

//! Notifications: of items, compliance, deliveries and evaluations; to the channel's topic and to EventBridge.

use super::{diff, event_bridge, item};
use crate::state::{Channel, EvaluationResult, EventBridgeNotification, Item, Rule};
use api_config::{ConfigurationItemStatus, MessageType};
use contract::Task;
use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::time::Duration;
use store::{StoreError, Tx};
use wire::{Document, document};

pub(crate) const KIND: &str = "config.notify";
/// SNS's limit for subjects.
const SUBJECT: usize = 100;
/// How long notifications for EventBridge are kept where it does not take them.
const KEPT: Duration = Duration::from_secs(24 * 3600);
const PRUNED_AT_ONCE: usize = 10;

/// A message to the channel's topic.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Publication {
    pub(crate) subject: String,
    pub(crate) message: String,
    /// The item that is too large for the message, which goes to the bucket first.
    pub(crate) oversized: Option<(String, String, Timestamp)>,
}

/// A notification on its way out.
struct Notification {
    scope: Scope,
    time: Timestamp,
    detail_type: &'static str,
    resources: Vec<String>,
    subject: String,
    message: Document,
    oversized: Option<(String, String, Timestamp)>,
}

/// A subject that SNS takes: cut, with dots for what is missing.
fn subject(text: String) -> String {
    if text.chars().count() <= SUBJECT {
        return text;
    }
    let kept: String = text.chars().take(SUBJECT - 3).collect();
    format!("{kept}...")
}

/// Tells of a new item.
pub(crate) fn item_changed(
    tx: &mut Tx,
    item: &Item,
    last: Option<&Item>,
    time: Timestamp,
) -> Result<(), StoreError> {
    let what = match item.status {
        ConfigurationItemStatus::ResourceDiscovered => "Created",
        ConfigurationItemStatus::ResourceDeleted => "Deleted",
        _ => "Updated",
    };
    let scope = item.scope;
    let mut message = document!({
        "configurationItemDiff": (diff::diff(last, item)),
        "configurationItem": (item::in_event(item)),
        "notificationCreationTime": (time.iso_millis()),
        "messageType": (MessageType::ConfigurationItemChangeNotification.as_str()),
        "recordVersion": (item::VERSION),
    });
    let mut oversized = None;
    if message.to_string().len() > item::OVERSIZED {
        let channel = Channel::of(tx, scope)?;
        let location = channel.map(|channel| format!("{}/{}", channel.bucket, oversized_key(&channel, item)));
        message = document!({
            "configurationItemSummary": (item::summary(item, diff::change_type(item))),
            "s3DeliverySummary": { "s3BucketLocation": location, "errorCode": null, "errorMessage": null },
            "notificationCreationTime": (time.iso_millis()),
            "messageType": (MessageType::OversizedConfigurationItemChangeNotification.as_str()),
            "recordVersion": "1.0",
        });
        oversized = Some((item.resource_type.clone(), item.resource_id.clone(), item.captured));
    }
    let text = format!(
        "[AWS Config:{}] {} {} {what} in Account {}",
        scope.region, item.resource_type, item.resource_id, scope.account
    );
    let resources = item.arn.clone().into_iter().collect();
    send(
        tx,
        Notification {
            scope,
            time,
            detail_type: "Config Configuration Item Change",
            resources,
            subject: subject(text),
            message,
            oversized,
        },
    )
}

/// Where an item that is too large for a message is put.
pub(crate) fn oversized_key(channel: &Channel, item: &Item) -> String {
    let scope = item.scope;
    let (year, month, day) = item.captured.date();
    format!(
        "{}{region}/{year}/{month}/{day}/OversizedChangeNotification/{kind}/{id}/{account}_Config_{region}_ChangeNotification_{kind}_{id}_{time}_{state}.json.gz",
        channel.root(),
        region = scope.region,
        account = scope.account,
        kind = item.resource_type,
        id = item.resource_id,
        time = item.captured.compact(),
        state = item.captured.millis(),
    )
}

fn result(result: &EvaluationResult) -> Document {
    document!({
        "evaluationResultIdentifier": {
            "evaluationResultQualifier": {
                "configRuleName": (result.rule.clone()),
                "resourceType": (result.resource_type.clone()),
                "resourceId": (result.resource_id.clone()),
            },
            "orderingTimestamp": (result.ordering.iso_millis()),
        },
        "complianceType": (result.compliance.as_str()),
        "resultRecordedTime": (result.recorded.iso_millis()),
        "configRuleInvokedTime": (result.invoked.iso_millis()),
        "annotation": (result.annotation.clone()),
        "resultToken": null,
    })
}

/// Tells of a resource whose compliance with a rule changed.
pub(crate) fn compliance_changed(
    tx: &mut Tx,
    rule: &Rule,
    new: &EvaluationResult,
    old: Option<&EvaluationResult>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let scope = rule.scope;
    let message = document!({
        "awsAccountId": (scope.account.as_str()),
        "configRuleName": (rule.name.clone()),
        "configRuleARN": (rule.arn().to_string()),
        "resourceType": (new.resource_type.clone()),
        "resourceId": (new.resource_id.clone()),
        "awsRegion": (scope.region.as_str()),
        "newEvaluationResult": (result(new)),
        "oldEvaluationResult": (old.map(result)),
        "notificationCreationTime": (now.iso_millis()),
        "messageType": "ComplianceChangeNotification",
        "recordVersion": "1.0",
    });
    let text = format!(
        "[AWS Config:{}] {} {} is {} with {} in Account {}",
        scope.region, new.resource_type, new.resource_id, new.compliance, rule.name, scope.account
    );
    let detail_type = "Config Rules Compliance Change";
    send(
        tx,
        Notification {
            scope,
            time: now,
            detail_type,
            resources: Vec::new(),
            subject: subject(text),
            message,
            oversized: None,
        },
    )
}

/// Tells that rules were asked to judge again.
pub(crate) fn evaluation_started(
    tx: &mut Tx,
    scope: Scope,
    rules: Vec<String>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let message = document!({
        "awsAccountId": (scope.account.as_str()),
        "awsRegion": (scope.region.as_str()),
        "configRuleNames": rules,
        "notificationCreationTime": (now.iso_millis()),
        "messageType": "ConfigRulesEvaluationStarted",
        "recordVersion": "1.0",
    });
    let text = format!(
        "[AWS Config:{}] Config Rules Evaluation Started for Account {}",
        scope.region, scope.account
    );
    simple(tx, scope, "Config Rules Re-evaluation Status", text, message, now)
}

/// Tells of a delivery to the bucket: `Snapshot` or `History`, `Started`, `Completed` or `Failed`.
pub(crate) fn delivery(
    tx: &mut Tx,
    scope: Scope,
    (what, how): (&str, &str),
    members: Document,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut message = members;
    message.set("notificationCreationTime", now.iso_millis());
    message.set("messageType", format!("Configuration{what}Delivery{how}"));
    message.set("recordVersion", "1.1");
    let text = format!(
        "[AWS Config:{}] Configuration {what} Delivery {how} for Account {}",
        scope.region, scope.account
    );
    let detail_type = if what == "History" {
        "Config Configuration History Delivery Status"
    } else {
        "Config Configuration Snapshot Delivery Status"
    };
    simple(tx, scope, detail_type, text, message, now)
}

fn simple(
    tx: &mut Tx,
    scope: Scope,
    detail_type: &'static str,
    text: String,
    message: Document,
    time: Timestamp,
) -> Result<(), StoreError> {
    let resources = Vec::new();
    send(
        tx,
        Notification {
            scope,
            time,
            detail_type,
            resources,
            subject: subject(text),
            message,
            oversized: None,
        },
    )
}

fn send(tx: &mut Tx, notification: Notification) -> Result<(), StoreError> {
    let Notification { scope, time, detail_type, resources, subject, message, oversized } = notification;
    let text = message.to_string();
    let id = uuid(&format!("{detail_type}\n{text}"));
    for old in tx.scan::<EventBridgeNotification>(scope, ()).limit(PRUNED_AT_ONCE).rows()? {
        if old.time.plus(KEPT) < time {
            tx.remove::<EventBridgeNotification>(scope, (old.time, old.id.as_str()))?;
        }
    }
    let detail = without_nulls(message);
    tx.put(EventBridgeNotification {
        scope,
        time,
        id: id.clone(),
        detail_type: detail_type.to_owned(),
        resources,
        detail,
    })?;
    event_bridge::enqueue(tx, scope, &id, time)?;
    if Channel::of(tx, scope)?.is_some_and(|channel| channel.topic.is_some()) {
        let publication = Publication { subject, message: text, oversized };
        Task::new(KIND, id, scope, time, &publication)?.enqueue(tx)?;
    }
    Ok(())
}

/// EventBridge's details leave out what SNS's messages have as null, in compliance results.
fn without_nulls(message: Document) -> Document {
    match message {
        Document::Object(members) => {
            let compliance =
                members.contains_key("newEvaluationResult") || members.contains_key("complianceType");
            members
                .into_iter()
                .filter(|(_, value)| !(compliance && value.is_null()))
                .map(|(name, value)| {
                    let nested = matches!(name.as_str(), "newEvaluationResult" | "oldEvaluationResult");
                    (name, if nested { without_nulls(value) } else { value })
                })
                .collect()
        }
        other => other,
    }
}

/// The same id for the same notification, so that a transaction that is run again sends it once.
fn uuid(text: &str) -> String {
    let digest = Sha256::digest(text);
    let mut bytes = [0_u8; 16];
    bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    bytes[6] = (bytes[6] & 0x0f) | 0x50;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    names::RequestId(bytes).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_subject_is_cut_to_what_sns_takes() {
        let long = subject(format!("[AWS Config:us-east-1] {}", "x".repeat(200)));
        assert_eq!(long.chars().count(), 100);
        assert!(long.ends_with("x..."));
        assert_eq!(subject("short".into()), "short");
    }

    #[test]
    fn event_bridge_is_told_without_nulls_in_results_and_with_them_in_items() {
        let compliance = document!({
            "oldEvaluationResult": null,
            "newEvaluationResult": { "complianceType": "COMPLIANT", "annotation": null },
        });
        assert_eq!(
            without_nulls(compliance).to_string(),
            r#"{"newEvaluationResult":{"complianceType":"COMPLIANT"}}"#
        );
        let item = document!({ "configurationItemDiff": null });
        assert_eq!(without_nulls(item.clone()), item);
    }
}

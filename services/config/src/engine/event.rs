//! The event that a rule's function is sent.

use super::{diff, item};
use crate::state::{Item, Rule};
use api_config::MessageType;
use names::{Scope, Timestamp};
use wire::{Document, document};

/// What a function is told.
pub(crate) enum Message<'a> {
    /// An item, and the one before it where the item is why it is told.
    Item { item: &'a Item, change: Option<Option<&'a Item>> },
    /// Its time has come.
    Scheduled,
    /// A snapshot is in the bucket.
    Snapshot { id: &'a str, bucket: &'a str, key: &'a str },
}

/// The `invokingEvent`; None where the rule does not want such messages.
pub(crate) fn invoking_event(
    rule: &Rule,
    scope: Scope,
    message: &Message<'_>,
    now: Timestamp,
) -> Option<Document> {
    match message {
        Message::Item { item, change } => {
            let difference = change.map(|last| diff::diff(last, item));
            let whole = document!({
                "configurationItemDiff": difference,
                "configurationItem": (item::in_event(item)),
                "notificationCreationTime": (now.iso_millis()),
                "messageType": (MessageType::ConfigurationItemChangeNotification.as_str()),
                "recordVersion": (item::VERSION),
            });
            if whole.to_string().len() <= item::OVERSIZED {
                return rule.hears(MessageType::ConfigurationItemChangeNotification).then_some(whole);
            }
            rule.hears(MessageType::OversizedConfigurationItemChangeNotification).then(|| {
                document!({
                    "configurationItemSummary": (item::summary(item, diff::change_type(item))),
                    "notificationCreationTime": (now.iso_millis()),
                    "messageType": (MessageType::OversizedConfigurationItemChangeNotification.as_str()),
                    "recordVersion": "1.0",
                })
            })
        }
        Message::Scheduled => Some(document!({
            "awsAccountId": (scope.account.as_str()),
            "notificationCreationTime": (now.iso_millis()),
            "messageType": (MessageType::ScheduledNotification.as_str()),
            "recordVersion": "1.0",
        })),
        Message::Snapshot { id, bucket, key } => Some(document!({
            "configSnapshotId": (*id),
            "s3ObjectKey": (*key),
            "s3Bucket": (*bucket),
            "notificationCreationTime": (now.iso_millis()),
            "messageType": (MessageType::ConfigurationSnapshotDeliveryCompleted.as_str()),
            "recordVersion": "1.1",
        })),
    }
}

/// The event with its envelope, as JSON text.
pub(crate) fn envelope(
    rule: &Rule,
    invoking_event: &Document,
    token: &str,
    left_scope: bool,
    role: Option<&str>,
) -> String {
    let mut event = document!({
        "version": "1.0",
        "invokingEvent": (invoking_event.to_string()),
        "ruleParameters": (rule.parameters.clone().unwrap_or_else(|| "{}".into())),
        "resultToken": token,
        "eventLeftScope": left_scope,
    });
    if let Some(role) = role {
        event.set("executionRoleArn", role);
    }
    event.set("configRuleArn", rule.arn().to_string());
    event.set("configRuleName", rule.name.clone());
    event.set("configRuleId", rule.id.clone());
    event.set("accountId", rule.scope.account.as_str());
    event.to_string()
}

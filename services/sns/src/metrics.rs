//! The metrics of topics, as CloudWatch has them in `AWS/SNS` (<https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html>).
//!
//! A delivery is counted in the transaction that ends its try, so once. Requests to confirm are none.

use crate::state::Topic;
use contract::Effect;
use names::{Scope, Timestamp};
use store::{Measurement, Tx, whole};

fn measured(
    (scope, topic): (Scope, &str),
    at: Timestamp,
    name: &'static str,
    unit: &'static str,
    value: f64,
) -> Measurement {
    Measurement::new(scope, at, "AWS/SNS", name, value).unit(unit).dimension("TopicName", topic)
}

/// A message that was published, of so many bytes.
pub(crate) fn published(topic: &Topic, bytes: usize, now: Timestamp, tx: &mut Tx) {
    let whose = (topic.scope, topic.name.as_str());
    tx.measure(|| measured(whose, now, "NumberOfMessagesPublished", "Count", 1.0));
    tx.measure(|| measured(whose, now, "PublishSize", "Bytes", whole(bytes)));
}

/// Why a subscription's filter policy does not let a message through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FilteredOut {
    /// It filters by attributes.
    MessageAttributes,
    /// It filters by attributes, and the message has none.
    NoMessageAttributes,
    /// It filters by the body.
    MessageBody,
    /// It filters by the body, which is no JSON object.
    InvalidMessageBody,
}

/// A message that a subscription does not get.
pub(crate) fn filtered_out(topic: &Topic, why: FilteredOut, now: Timestamp, tx: &mut Tx) {
    let reason = match why {
        FilteredOut::MessageAttributes => "NumberOfNotificationsFilteredOut-MessageAttributes",
        FilteredOut::NoMessageAttributes => "NumberOfNotificationsFilteredOut-NoMessageAttributes",
        FilteredOut::MessageBody => "NumberOfNotificationsFilteredOut-MessageBody",
        FilteredOut::InvalidMessageBody => "NumberOfNotificationsFilteredOut-InvalidMessageBody",
    };
    for name in ["NumberOfNotificationsFilteredOut", reason] {
        tx.measure(|| measured((topic.scope, &topic.name), now, name, "Count", 1.0));
    }
}

/// What came of a try to deliver a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tried {
    Delivered,
    /// For good; over HTTP, each time.
    Failed,
    /// Its message went to the dead-letter queue.
    Redriven,
    /// Its message could not be sent to the dead-letter queue.
    NotRedriven,
}

/// The effect that counts what came of a try.
pub(crate) fn counts(topic: &Topic, what: &[Tried]) -> Effect {
    let (scope, topic, what) = (topic.scope, topic.name.clone(), what.to_vec());
    Box::new(move |call, tx| {
        for tried in &what {
            let name = match tried {
                Tried::Delivered => "NumberOfNotificationsDelivered",
                Tried::Failed => "NumberOfNotificationsFailed",
                Tried::Redriven => "NumberOfNotificationsRedrivenToDlq",
                Tried::NotRedriven => "NumberOfNotificationsFailedToRedriveToDlq",
            };
            tx.measure(|| measured((scope, &topic), call.now, name, "Count", 1.0));
        }
        Ok(())
    })
}

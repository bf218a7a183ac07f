//! The metrics of log groups, as CloudWatch has them in `AWS/Logs`
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html>).

use crate::state::event;
use crate::state::group::LogGroup;
use crate::state::subscription_filter::Delivery;
use api_logs::InputLogEvent;
use names::Timestamp;
use store::{Measurement, Tx, whole};

const NAMESPACE: &str = "AWS/Logs";

/// What became of a delivery to a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivered {
    Forwarded,
    Failed,
    Throttled,
}

/// Events that are put into a group: of the group, and of the whole account.
pub(crate) fn incoming(tx: &mut Tx, group: &LogGroup, events: &[InputLogEvent], now: Timestamp) {
    if events.is_empty() {
        return;
    }
    let bytes: usize = events.iter().map(|event| event::size(&event.message)).sum();
    for (name, unit, value) in
        [("IncomingLogEvents", "None", events.len()), ("IncomingBytes", "Bytes", bytes)]
    {
        let measured = || Measurement::new(group.scope, now, NAMESPACE, name, whole(value)).unit(unit);
        tx.measure(measured);
        tx.measure(|| measured().dimension("LogGroupName", group.name.clone()));
    }
}

/// A try to deliver what a filter selected.
pub(crate) fn delivered(tx: &mut Tx, delivery: &Delivery, outcome: Delivered, now: Timestamp) {
    let bytes: usize = delivery.events.iter().map(|event| event::size(&event.message)).sum();
    let told: &[(&'static str, &'static str, usize)] = match outcome {
        Delivered::Forwarded => {
            &[("ForwardedLogEvents", "None", delivery.events.len()), ("ForwardedBytes", "Bytes", bytes)]
        }
        Delivered::Failed => &[("DeliveryErrors", "None", 1)],
        Delivered::Throttled => &[("DeliveryThrottling", "None", 1)],
    };
    for (name, unit, value) in told {
        tx.measure(|| {
            Measurement::new(delivery.scope, now, NAMESPACE, *name, whole(*value))
                .unit(*unit)
                .dimension("LogGroupName", delivery.group.clone())
                .dimension("DestinationType", "Lambda")
                .dimension("FilterName", delivery.filter.clone())
        });
    }
}

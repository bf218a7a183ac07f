//! Alarms: how they are evaluated, what follows from a state that changes, and their part of the table of contents.

mod act;
pub(crate) mod config;
pub(crate) mod decide;
pub(crate) mod evaluate;
mod follow;
mod message;
mod number;
pub(crate) mod reason;
mod regions;
pub(crate) mod rule;
#[cfg(test)]
pub(crate) mod tests;
mod time;
pub(crate) mod transition;

use crate::CloudWatch;
use crate::cloudformation::{AlarmHandler, CompositeAlarmHandler};
use crate::metrics::collect::Collector;
use crate::state::{CompositeAlarm, MetricAlarm, MetricId};
use api_cloudwatch::{
    DeleteAlarms, DescribeAlarmHistory, DescribeAlarms, DescribeAlarmsForMetric, DisableAlarmActions,
    EnableAlarmActions, PutCompositeAlarm, PutMetricAlarm, SetAlarmState,
};
use contract::Registration;
use names::{Scope, Timestamp};
use std::sync::Arc;
use store::{StoreError, Tx};

/// The operations, resources, handlers and tasks of alarms. The collector writes what was measured until now, before an alarm is evaluated.
pub(crate) fn register(registration: Registration, collector: &Arc<Collector>) -> Registration {
    registration
        .transact::<CloudWatch, PutMetricAlarm>()
        .transact::<CloudWatch, PutCompositeAlarm>()
        .transact::<CloudWatch, DescribeAlarms>()
        .transact::<CloudWatch, DescribeAlarmsForMetric>()
        .transact::<CloudWatch, DescribeAlarmHistory>()
        .transact::<CloudWatch, DeleteAlarms>()
        .transact::<CloudWatch, EnableAlarmActions>()
        .transact::<CloudWatch, DisableAlarmActions>()
        .transact::<CloudWatch, SetAlarmState>()
        .resource::<MetricAlarm>()
        .resource::<CompositeAlarm>()
        .handler(AlarmHandler)
        .handler(CompositeAlarmHandler)
        .task(evaluate::Evaluate(Arc::clone(collector)))
        .task(act::Act)
}

/// Metrics were written in this transaction: alarms that watch them are evaluated soon.
pub(crate) fn touch(
    tx: &mut Tx,
    scope: Scope,
    metrics: &[MetricId],
    now: Timestamp,
) -> Result<(), StoreError> {
    if metrics.is_empty() || !MetricAlarm::are_any(tx, scope)? {
        return Ok(());
    }
    for metric in metrics {
        for alarm in MetricAlarm::watching(tx, scope, metric)? {
            evaluate::soon(tx, scope, &alarm.common.name, now)?;
        }
    }
    Ok(())
}

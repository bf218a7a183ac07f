//! What CloudWatch stores.

mod alarm;
mod alarm_count;
mod alarm_state;
mod dashboard;
mod datapoint;
mod history;
mod metric;

pub(crate) use alarm::{Alarm, Common, CompositeAlarm, MetricAlarm, Suppressor, Watched, arn, named};
pub(crate) use alarm_count::{AlarmCount, MAX_ALARMS};
pub(crate) use alarm_state::{AlarmState, Suppressed};
pub(crate) use dashboard::{Dashboard, dashboard_arn};
pub(crate) use datapoint::Datapoint;
pub(crate) use history::{HistoryItem, KEPT, fitting, note};
pub(crate) use metric::{Metric, MetricCount, MetricId};

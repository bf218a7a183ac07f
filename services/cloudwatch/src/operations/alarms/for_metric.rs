//! DescribeAlarmsForMetric.

use super::access::on_all;
use super::describe::metric_alarm;
use crate::CloudWatch;
use crate::metrics::query::dimensions;
use crate::state::{AlarmState, MetricAlarm, MetricId, Watched};
use api_cloudwatch::{DescribeAlarmsForMetric, DescribeAlarmsForMetricOutput, Error};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<DescribeAlarmsForMetric> for CloudWatch {
    fn access(_: &DescribeAlarmsForMetric, call: &Call, _: &View) -> Access {
        on_all("DescribeAlarmsForMetric", call)
    }

    /// Those that watch the metric itself: not expressions over it.
    fn run(
        input: DescribeAlarmsForMetric,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeAlarmsForMetricOutput, Error> {
        let dimensions = dimensions("Dimensions", input.dimensions.as_deref())?;
        let metric = MetricId { namespace: input.namespace, name: input.metric_name, dimensions };
        let wanted = input.extended_statistic.as_deref();
        let statistic = input.statistic.map(|statistic| statistic.as_str());
        let unit = input.unit.map(|unit| unit.as_str());
        let mut found = Vec::new();
        for alarm in MetricAlarm::watching(tx, call.scope(), &metric)? {
            let Watched::Metric(stat) = &alarm.watched else { continue };
            let fits = wanted.is_none_or(|wanted| alarm.extended && wanted == stat.stat)
                && statistic.is_none_or(|wanted| !alarm.extended && wanted == stat.stat)
                && input.period.is_none_or(|period| period == stat.period)
                && unit.is_none_or(|unit| stat.unit.as_deref() == Some(unit));
            if fits {
                let state = AlarmState::of(tx, call.scope(), &alarm.common.name)?;
                found.push(metric_alarm(&alarm, state));
            }
        }
        Ok(DescribeAlarmsForMetricOutput { metric_alarms: Some(found) })
    }
}

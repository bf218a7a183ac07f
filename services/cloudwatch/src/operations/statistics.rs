//! GetMetricStatistics.

use super::Reading;
use crate::metrics::query::{dimensions, is_period};
use crate::metrics::read::{Measurements, Range, each_period};
use crate::metrics::statistic::Statistic;
use crate::metrics::summary::Summary;
use crate::refusal::{combination, invalid, missing};
use crate::state::MetricId;
use api_cloudwatch::{Datapoint, Error, GetMetricStatistics, GetMetricStatisticsOutput};
use contract::{Access, Call, Context, Orchestrate};
use names::Timestamp;
use std::collections::BTreeMap;
use store::View;

/// The most datapoints that may be asked for.
const MAX_DATAPOINTS: i64 = 1440;

#[async_trait::async_trait]
impl Orchestrate<GetMetricStatistics> for Reading {
    fn access(&self, _: &GetMetricStatistics, _: &Call, _: &View) -> Access {
        Access::to("cloudwatch:GetMetricStatistics")
    }

    async fn run(
        &self,
        input: GetMetricStatistics,
        call: &Call,
        context: &Context,
    ) -> Result<GetMetricStatisticsOutput, Error> {
        let wanted = Wanted::read(&input)?;
        if !is_period(input.period) {
            return Err(invalid(
                "The parameter Period must be one of 1, 5, 10, 20, 30 or any multiple of 60.",
            ));
        }
        if input.start_time >= input.end_time {
            return Err(combination("The parameter StartTime must be less than the parameter EndTime."));
        }
        let range = Range { start: input.start_time, end: input.end_time }.rounded(input.period, call.now);
        let datapoints = range.periods(input.period);
        if datapoints > MAX_DATAPOINTS {
            return Err(combination(format!(
                "You have requested up to {datapoints} datapoints, which exceeds the limit of {MAX_DATAPOINTS}. You may reduce the \
                 datapoints requested by increasing Period, or decreasing the time range."
            )));
        }
        let metric = MetricId {
            namespace: input.namespace,
            name: input.metric_name,
            dimensions: dimensions("Dimensions", input.dimensions.as_deref())?,
        };
        self.collect(context).await;
        let (scope, now, period) = (call.scope(), call.now, input.period);
        let label = metric.name.clone();
        let found = self
            .read(context, move |view| {
                let unit = input.unit.as_ref().map(|unit| unit.as_str());
                let mut found = Vec::new();
                let measurements = Measurements { metric: &metric, period, unit };
                // One metric, of which no more is stored than its retention allows.
                let mut left = usize::MAX;
                each_period(view, scope, measurements, range, (now, &mut left), |at, measured| {
                    found.extend(wanted.datapoints(at, measured));
                })?;
                Ok(found)
            })
            .await?;
        Ok(GetMetricStatisticsOutput { label: Some(label), datapoints: Some(found) })
    }
}

/// The statistics that were asked for.
struct Wanted {
    simple: Vec<Statistic>,
    extended: Vec<(String, Statistic)>,
}

impl Wanted {
    fn read(input: &GetMetricStatistics) -> Result<Self, Error> {
        let simple: Vec<Statistic> = input
            .statistics
            .iter()
            .flatten()
            .filter_map(|statistic| Statistic::simple(statistic.as_str()))
            .collect();
        let mut extended = Vec::new();
        for (index, text) in input.extended_statistics.iter().flatten().enumerate() {
            let path = format!("ExtendedStatistics.member.{}", index + 1);
            let statistic = Statistic::extended(text)
                .ok_or_else(|| invalid(format!("The value {text} for parameter {path} is not supported.")))?;
            extended.push((text.clone(), statistic));
        }
        match (simple.is_empty(), extended.is_empty()) {
            (true, true) => Err(missing(
                "At least one of the parameters Statistics or ExtendedStatistics must be specified.",
            )),
            (false, false) => Err(combination(
                "The parameters Statistics and ExtendedStatistics are mutually exclusive and you have specified both.",
            )),
            _ => Ok(Self { simple, extended }),
        }
    }

    /// A datapoint of each unit that was measured in a period.
    fn datapoints(&self, at: Timestamp, measured: &[(String, Summary)]) -> Vec<Datapoint> {
        let mut units: BTreeMap<&str, Vec<&Summary>> = BTreeMap::new();
        for (unit, summary) in measured {
            units.entry(unit).or_default().push(summary);
        }
        let of_unit = |(unit, parts): (&str, Vec<&Summary>)| {
            let total = Summary::total(parts)?;
            // What grew beyond all numbers is none.
            let of = |statistic: &Statistic| statistic.of(&total).filter(|value| value.is_finite());
            let simple =
                |statistic: Statistic| self.simple.contains(&statistic).then(|| of(&statistic)).flatten();
            let extended: BTreeMap<String, f64> = self
                .extended
                .iter()
                .filter_map(|(text, statistic)| Some((text.clone(), of(statistic)?)))
                .collect();
            // What cannot be told of the values of this period is no datapoint.
            if self.simple.is_empty() && extended.is_empty() {
                return None;
            }
            Some(Datapoint {
                timestamp: Some(at),
                sample_count: simple(Statistic::SampleCount),
                average: simple(Statistic::Average),
                sum: simple(Statistic::Sum),
                minimum: simple(Statistic::Minimum),
                maximum: simple(Statistic::Maximum),
                unit: unit.parse().ok(),
                extended_statistics: (!extended.is_empty()).then_some(extended),
            })
        };
        units.into_iter().filter_map(of_unit).collect()
    }
}

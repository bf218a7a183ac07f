//! GetMetricData.

use super::Reading;
use crate::math;
use crate::metrics::query::{self, Query};
use crate::metrics::read::{Range, Series};
use crate::refusal::{missing, validation};
use api_cloudwatch::{
    Error, GetMetricData, GetMetricDataOutput, InvalidNextToken, LabelOptions, MetricDataResult, ScanBy,
    StatusCode,
};
use contract::{Access, Call, Context, Orchestrate, page_token, read_page_token};
use sha2::{Digest, Sha256};
use store::View;

/// The most queries of a call.
const MAX_QUERIES: usize = 500;
/// The most datapoints of an answer.
const MAX_DATAPOINTS: usize = 100_800;

#[async_trait::async_trait]
impl Orchestrate<GetMetricData> for Reading {
    fn access(&self, _: &GetMetricData, _: &Call, _: &View) -> Access {
        Access::to("cloudwatch:GetMetricData")
    }

    async fn run(
        &self,
        input: GetMetricData,
        call: &Call,
        context: &Context,
    ) -> Result<GetMetricDataOutput, Error> {
        let given = &input.metric_data_queries;
        if given.is_empty() {
            return Err(missing("The parameter MetricDataQueries is required."));
        }
        let queries = query::read("MetricDataQueries", given, MAX_QUERIES, call.account)?.queries;
        if input.start_time >= input.end_time {
            return Err(validation("The parameter StartTime must be less than the parameter EndTime."));
        }
        let most = datapoints(input.max_datapoints)?;
        let minutes_east = timezone(input.label_options.as_ref())?;
        let list = list(&input, &queries);
        let from = match &input.next_token {
            None => 0,
            Some(token) => {
                read_page_token(&list, token).ok().and_then(|place| place.parse::<usize>().ok()).ok_or_else(
                    || Error::from(InvalidNextToken::new("The value for parameter NextToken is invalid.")),
                )?
            }
        };
        self.collect(context).await;
        let range = Range { start: input.start_time, end: input.end_time };
        let range = range.rounded(math::shortest(&queries), call.now);
        let (scope, now) = (call.scope(), call.now);
        let evaluated = self
            .read(context, move |view| math::evaluate(view, scope, &queries, range, (now, minutes_east)))
            .await?;
        if !evaluated.complete {
            return Err(validation(
                "The expressions have too many datapoints. Reduce the time range, or increase Period.",
            ));
        }
        let ascending = input.scan_by == Some(ScanBy::TimestampAscending);
        let mut all = Vec::new();
        for result in evaluated.results.into_iter().filter(|result| result.returned) {
            for mut series in result.series {
                if !ascending {
                    series.points.reverse();
                }
                all.push((result.id.clone(), series));
            }
        }
        let (results, next) = page(all, from, most);
        Ok(GetMetricDataOutput {
            metric_data_results: Some(results),
            next_token: next.map(|place| page_token(&list, &place.to_string())),
            messages: Some(Vec::new()),
        })
    }
}

fn datapoints(given: Option<i32>) -> Result<usize, Error> {
    let Some(given) = given else { return Ok(MAX_DATAPOINTS) };
    let given = usize::try_from(given).ok().filter(|given| (1..=MAX_DATAPOINTS).contains(given));
    given.ok_or_else(|| {
        validation(format!("The value for parameter MaxDatapoints must be between 1 and {MAX_DATAPOINTS}."))
    })
}

/// `+0130` in minutes.
fn timezone(options: Option<&LabelOptions>) -> Result<i32, Error> {
    let Some(text) = options.and_then(|options| options.timezone.as_deref()) else { return Ok(0) };
    let read = || {
        let (sign, digits) = text.split_at_checked(1)?;
        let sign = match sign {
            "+" => 1,
            "-" => -1,
            _ => return None,
        };
        let (hours, minutes) = digits.split_at_checked(2)?;
        let is_number = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        let (true, true) = (is_number(hours), is_number(minutes)) else { return None };
        let (hours, minutes) = (hours.parse::<i32>().ok()?, minutes.parse::<i32>().ok()?);
        (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
    };
    read().ok_or_else(|| {
        validation(
            "The value for parameter LabelOptions.Timezone is not matching the expected format [+-]HHMM.",
        )
    })
}

/// What a token is of: a page of other queries has others.
fn list(input: &GetMetricData, queries: &[Query]) -> String {
    let mut hash = Sha256::new();
    hash.update(input.start_time.millis().to_be_bytes());
    hash.update(input.end_time.millis().to_be_bytes());
    hash.update(input.scan_by.as_ref().map_or("", |scan| scan.as_str()));
    hash.update(format!("{queries:?}"));
    format!("GetMetricData {}", hex::encode(hash.finalize()))
}

/// The results whose datapoints are on a page, and the place where the next one begins.
fn page(all: Vec<(String, Series)>, from: usize, most: usize) -> (Vec<MetricDataResult>, Option<usize>) {
    let total: usize = all.iter().map(|(_, series)| series.points.len()).sum();
    let until = from.saturating_add(most).min(total);
    let mut results = Vec::new();
    let mut begin = 0_usize;
    for (id, series) in all {
        let end = begin + series.points.len();
        // One without datapoints is on the page on which it would begin.
        let is_here = if begin == end {
            from <= begin && (begin < until || (begin == until && until == total))
        } else {
            begin < until && from < end
        };
        if is_here {
            let start = from.max(begin);
            let points = series.points.iter().skip(start - begin).take(until.min(end).saturating_sub(start));
            let (timestamps, values) = points.copied().unzip();
            let status = if until < end { StatusCode::PartialData } else { StatusCode::Complete };
            results.push(MetricDataResult {
                id: Some(id),
                label: Some(series.label),
                timestamps: Some(timestamps),
                values: Some(values),
                status_code: Some(status),
                messages: None,
            });
        }
        begin = end;
    }
    (results, (until < total).then_some(until))
}

#[cfg(test)]
mod tests {
    use super::*;
    use names::Timestamp;

    fn series(id: &str, length: i32) -> (String, Series) {
        let points = (0..length).map(|at| (Timestamp::from_seconds(i64::from(at)), f64::from(at))).collect();
        (id.into(), Series { points, ..Series::default() })
    }

    #[test]
    fn pages_hold_each_datapoint_once() {
        let all = || vec![series("a", 5), series("empty", 0), series("b", 3), series("last", 0)];
        let mut seen: Vec<(String, usize, bool)> = Vec::new();
        let mut from = Some(0);
        while let Some(place) = from {
            let (results, next) = page(all(), place, 3);
            seen.extend(results.into_iter().map(|result| {
                let partial = result.status_code == Some(StatusCode::PartialData);
                (result.id.unwrap(), result.values.unwrap().len(), partial)
            }));
            from = next;
        }
        let expected = [
            ("a", 3, true),
            ("a", 2, false),
            ("empty", 0, false),
            ("b", 1, true),
            ("b", 2, false),
            ("last", 0, false),
        ];
        let expected = expected.map(|(id, count, partial)| (id.to_owned(), count, partial));
        assert_eq!(seen, expected);
    }

    #[test]
    fn timezones_are_read() {
        let of = |text: &str| timezone(Some(&LabelOptions { timezone: Some(text.into()) })).ok();
        assert_eq!(of("+0130"), Some(90));
        assert_eq!(of("-1000"), Some(-600));
        for wrong in ["", "0130", "+130", "+2400", "+0160", "+01:30", "é0130"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}

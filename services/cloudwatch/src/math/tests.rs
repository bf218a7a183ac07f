//! Expressions over metrics that are there.

use crate::metrics::query::{self, Query};
use crate::metrics::read::{Evaluated, Range};
use crate::metrics::record::{Measured, record};
use crate::metrics::summary::Summary;
use crate::state::MetricId;
use api_cloudwatch::{Metric, MetricDataQuery, MetricStat};
use clock::ManualClock;
use names::{AccountId, Region, Scope, Timestamp};
use std::sync::Arc;
use store::{Backend, Store};

/// 2026-11-22T07:45:00Z, a Sunday.
const START: i64 = 1_795_333_500;
/// Of the range: five minutes.
const MINUTES: i64 = 5;

fn scope() -> Scope {
    Scope::new(AccountId::DEFAULT, Region::US_EAST_1)
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_seconds(START + minute * 60)
}

fn metric(name: &str, host: &str) -> MetricId {
    let dimensions = vec![("Host".to_owned(), host.to_owned())];
    MetricId { namespace: "App".into(), name: name.into(), dimensions }
}

/// `errors` of two hosts and `requests` of one; the second minute of `b`'s errors is missing, and the last of both.
fn store() -> Store {
    let store = Store::open(Backend::Memory, Arc::new(ManualClock::at(at(MINUTES)))).unwrap();
    let rows: [(&str, &str, &[Option<f64>]); 3] = [
        ("Errors", "a", &[Some(1.0), Some(2.0), Some(4.0), Some(8.0), None]),
        ("Errors", "b", &[Some(10.0), None, Some(30.0), Some(20.0), None]),
        ("Requests", "a", &[Some(100.0), Some(100.0), Some(200.0), Some(0.0), Some(50.0)]),
    ];
    let mut measured = Vec::new();
    for (name, host, values) in rows {
        for (minute, value) in (0..).zip(values) {
            let Some(value) = value else { continue };
            let (metric, unit) = (metric(name, host), "Count".to_owned());
            measured.push(Measured {
                metric,
                unit,
                at: at(minute),
                fine: false,
                summary: Summary::of(*value, 1.0),
            });
        }
    }
    let refused = store.transact(None, |tx| record(tx, scope(), measured.clone(), at(MINUTES))).unwrap();
    assert!(refused.is_empty());
    store
}

fn stat(id: &str, metric: &MetricId) -> MetricDataQuery {
    let metric = Metric {
        namespace: Some(metric.namespace.clone()),
        metric_name: Some(metric.name.clone()),
        dimensions: Some(query::write_dimensions(metric)),
    };
    let metric_stat = Some(MetricStat { metric, period: 60, stat: "Sum".into(), unit: None });
    MetricDataQuery { id: id.into(), metric_stat, ..Default::default() }
}

fn expression(id: &str, text: &str) -> MetricDataQuery {
    MetricDataQuery { id: id.into(), expression: Some(text.into()), ..Default::default() }
}

fn queries(last: MetricDataQuery) -> Result<Vec<Query>, String> {
    let all = [
        stat("m1", &metric("Errors", "a")),
        stat("m2", &metric("Errors", "b")),
        stat("r1", &metric("Requests", "a")),
        last,
    ];
    read(&all)
}

fn read(all: &[MetricDataQuery]) -> Result<Vec<Query>, String> {
    let read = query::read("MetricDataQueries", all, 500, AccountId::DEFAULT);
    read.map(|checked| checked.queries).map_err(|error| {
        assert_eq!(wire::ServiceError::into_response(error.clone()).code, "ValidationError");
        error.to_string()
    })
}

fn evaluate(store: &Store, last: MetricDataQuery) -> Evaluated {
    let range = Range { start: at(0), end: at(MINUTES) };
    let queries = queries(last).unwrap();
    let evaluation = super::evaluate(&store.view(), scope(), &queries, range, (at(MINUTES), 60)).unwrap();
    assert!(evaluation.complete);
    evaluation.results.into_iter().next_back().unwrap()
}

/// Each time series of an expression: its values by minute, `-` where there is none.
fn values(store: &Store, text: &str) -> Vec<String> {
    let result = evaluate(store, expression("e1", text));
    let shown = |points: &[(Timestamp, f64)]| {
        let value = |minute| {
            let point = points.iter().find(|(moment, _)| *moment == at(minute));
            point.map_or_else(|| "-".to_owned(), |(_, value)| ((value * 100.0).round() / 100.0).to_string())
        };
        (0..MINUTES).map(value).collect::<Vec<_>>().join(" ")
    };
    result.series.iter().map(|series| shown(&series.points)).collect()
}

#[test]
fn expressions_have_their_values() {
    let store = store();
    for (text, expected) in [
        ("m1", &["1 2 4 8 -"][..]),
        ("m1 + m2", &["11 - 34 28 -"]),
        ("2 * m1 - 1", &["1 3 7 15 -"]),
        ("m1 / r1 * 100", &["1 2 2 - -"]),
        ("-m1 ^ 2", &["-1 -4 -16 -64 -"]),
        ("m1 > 2 AND m1 < 8", &["0 0 1 0 -"]),
        ("m1 == 2 || m1 == 8", &["0 1 0 1 -"]),
        ("ABS(m1 - 5)", &["4 3 1 3 -"]),
        ("CEIL(m1 / 3)", &["1 1 2 3 -"]),
        ("FLOOR(m1 / 3)", &["0 0 1 2 -"]),
        ("LOG10(m2)", &["1 - 1.48 1.3 -"]),
        ("SUM([m1, m2])", &["11 2 34 28 -"]),
        ("SUM(METRICS(\"m\"))", &["11 2 34 28 -"]),
        ("AVG([m1, m2])", &["5.5 2 17 14 -"]),
        ("MAX([m1, m2])", &["10 2 30 20 -"]),
        ("MIN(METRICS())", &["1 2 4 0 50"]),
        ("STDDEV([m1, m2])", &["4.5 0 13 6 -"]),
        ("DATAPOINT_COUNT([m1, m2])", &["2 1 2 2 -"]),
        ("m1 - AVG(m1)", &["-2.75 -1.75 0.25 4.25 -"]),
        ("SUM(m1)", &["15 15 15 15 15"]),
        ("DATAPOINT_COUNT(m2) + METRIC_COUNT(METRICS())", &["6 6 6 6 6"]),
        ("TIME_SERIES(7)", &["7 7 7 7 7"]),
        ("PERIOD(m1)", &["60 60 60 60 60"]),
        ("RATE(m1)", &["- 0.02 0.03 0.07 -"]),
        ("DIFF(m2)", &["- - 20 -10 -"]),
        ("DIFF_TIME(m2)", &["- - 120 60 -"]),
        ("RUNNING_SUM(m1)", &["1 3 7 15 -"]),
        ("FILL(m2, 0)", &["10 0 30 20 0"]),
        ("FILL(m2, REPEAT)", &["10 10 30 20 20"]),
        ("FILL(m2, LINEAR)", &["10 20 30 20 -"]),
        ("FILL(m2, m1)", &["10 2 30 20 -"]),
        ("FILL([m1, m2], 0)", &["1 2 4 8 0", "10 0 30 20 0"]),
        ("IF(m1 > 2, m1)", &["- - 4 8 -"]),
        ("IF(m1 > 2, m1, 0)", &["0 0 4 8 -"]),
        ("IF(m1 > 2, r1, m2)", &["10 - 200 0 -"]),
        ("IF(1, m1, m2)", &["1 2 4 8 -"]),
        ("FIRST(METRICS())", &["1 2 4 8 -"]),
        ("LAST([m1, m2])", &["10 - 30 20 -"]),
        ("SLICE(METRICS(), 1)", &["10 - 30 20 -"]),
        ("SLICE(METRICS(), 1, 3)", &["10 - 30 20 -", "100 100 200 0 50"]),
        ("SORT([m1, m2, r1], MAX, DESC, 2)", &["100 100 200 0 50", "10 - 30 20 -"]),
        ("SORT([m2, m1], AVG, ASC)", &["1 2 4 8 -", "10 - 30 20 -"]),
        ("REMOVE_EMPTY([m1, IF(0, m2)])", &["1 2 4 8 -"]),
        ("HOUR(m1) * 100 + MINUTE(m1)", &["745 746 747 748 -"]),
        ("DAY(m1)", &["7 7 7 7 -"]),
        ("YEAR(m1) * 10000 + MONTH(m1) * 100 + DATE(m1)", &["20261122 20261122 20261122 20261122 -"]),
        ("EPOCH(m2)", &["1795333500 - 1795333620 1795333680 -"]),
        ("SEARCH('{App,Host} MetricName=\"Errors\"', 'Sum', 60)", &["1 2 4 8 -", "10 - 30 20 -"]),
        ("SEARCH('requests', 'Average', 60)", &["100 100 200 0 50"]),
        ("MAX(SEARCH('{App,Host} Errors', 'Sum', 60))", &["10 2 30 20 -"]),
        ("SEARCH('{Other,Host}', 'Sum', 60)", &[]),
    ] {
        let mut actual = values(&store, text);
        if text.starts_with("SEARCH") {
            actual.sort_by_key(String::len);
        }
        assert_eq!(actual, expected, "{text}");
    }
}

#[test]
fn what_is_wrong_is_told_before_anything_is_reckoned() {
    for (text, why) in [
        ("m1 +", "Unexpected end"),
        ("m9 + 1", "The Id 'm9' is not in MetricDataQueries"),
        ("e1 + 1", "It refers to itself"),
        ("SUM(1)", "Invalid arguments of the function SUM"),
        ("SUM(m1, m2)", "Invalid arguments of the function SUM"),
        ("SLICE(m1, 0)", "Invalid arguments of the function SLICE"),
        ("SORT(METRICS(), MEDIAN, ASC)", "Invalid arguments of the function SORT"),
        ("FILL(m1, SOMETIMES)", "Invalid arguments of the function FILL"),
        ("IF(METRICS(), 1, 0)", "Invalid arguments of the function IF"),
        ("METRICS() + METRICS()", "There are no operators between two arrays of time series"),
        ("[m1, 1]", "An array holds time series only"),
        ("\"m1\"", "Unexpected text \"m1\""),
        ("REPEAT", "Unexpected 'REPEAT'"),
        ("TOP(m1)", "Unknown function TOP"),
        ("ANOMALY_DETECTION_BAND(m1, 2)", "The function ANOMALY_DETECTION_BAND is not built in Cloudchamber"),
        ("SEARCH('{App', 'Sum', 60)", "A metric schema is not closed"),
        ("SEARCH('x', 'Mean', 60)", "Mean is not a valid statistic"),
        ("SEARCH('x', 'Sum', 61)", "61 is not a valid period"),
    ] {
        let error = queries(expression("e1", text)).unwrap_err();
        assert_eq!(error, format!("ValidationError: Error in expression 'e1': {why}."), "{text}");
    }
    let circle = [expression("a", "b + 1"), expression("b", "a + 1")];
    let error = query::read("Metrics", &circle, 20, AccountId::DEFAULT).unwrap_err().to_string();
    assert_eq!(error, "ValidationError: Error in expression 'a': It refers to itself.");
}

#[test]
fn labels_tell_what_they_are_of() {
    let store = store();
    let labels = |text: &str, label: Option<&str>| -> Vec<String> {
        let query = MetricDataQuery { label: label.map(str::to_owned), ..expression("e1", text) };
        let mut labels: Vec<String> =
            evaluate(&store, query).series.into_iter().map(|series| series.label).collect();
        labels.sort();
        labels
    };
    assert_eq!(labels("m1 + m2", None), ["e1"]);
    assert_eq!(labels("m1 + m2", Some("Errors of both")), ["Errors of both"]);
    assert_eq!(labels("METRICS()", None), ["Errors", "Errors", "Requests"]);
    assert_eq!(labels("METRICS()", Some("All")), ["All Errors", "All Errors", "All Requests"]);
    assert_eq!(labels("SEARCH('{App,Host} Errors', 'Sum', 60)", None), ["a", "b"]);
    assert_eq!(labels("SEARCH('{App,Host}', 'Sum', 60)", None), ["a Errors", "a Requests", "b Errors"]);
    assert_eq!(
        labels("m1", Some("${MIN} to ${MAX}, last ${LAST} at ${LAST_TIME} ${WHAT} ${")),
        ["1 to 8, last 8 at 2026-11-22 08:48:00+0100 ${WHAT} ${"]
    );
    assert_eq!(
        labels(
            "SEARCH('requests', 'Sum', 60)",
            Some("${PROP('Dim.Host')} ${PROP('MetricName')} ${PROP('Stat')}")
        ),
        ["a Requests Sum"]
    );
}

#[test]
fn too_many_datapoints_are_refused() {
    let store = store();
    let range = Range { start: Timestamp::from_seconds(0), end: at(0) };
    let queries = queries(expression("e1", "FILL(m1, 0) + TIME_SERIES(1)")).unwrap();
    let evaluation = super::evaluate(&store.view(), scope(), &queries, range, (at(0), 0)).unwrap();
    assert!(!evaluation.complete);
}

#[test]
fn each_query_of_a_chain_is_typed_once() {
    let mut chain = vec![stat("q0", &metric("Errors", "a"))];
    for place in 1..500 {
        let below = format!("q{}", place - 1);
        chain.push(expression(&format!("q{place}"), &vec![below; 100].join("+")));
    }
    let checked = query::read("MetricDataQueries", &chain, 500, AccountId::DEFAULT).unwrap();
    assert!(checked.is_one_series(checked.queries.last().unwrap()));
    chain.push(expression("more", "q1"));
    let error = query::read("MetricDataQueries", &chain, 500, AccountId::DEFAULT).unwrap_err().to_string();
    assert!(
        error.contains("The collection MetricDataQueries must not have a size greater than 500."),
        "{error}"
    );
}

#[test]
fn searches_are_charged_for_what_they_look_at() {
    let store = store();
    let range = Range { start: at(0), end: at(MINUTES) };
    let complete = |text: &str, left: usize| {
        let queries = read(&[expression("s", text)]).unwrap();
        super::evaluate_within(&store.view(), scope(), &queries, range, (at(MINUTES), 0), left)
            .unwrap()
            .complete
    };
    // Three metrics, and none is found.
    let none = "SEARCH('{App,Host} Nothing', 'Sum', 60)";
    assert_eq!([complete(none, 3), complete(none, 4)], [false, true]);
    // Two are found, with seven datapoints; the array's seven are charged too.
    let errors = "SEARCH('{App,Host} Errors', 'Sum', 60)";
    assert_eq!([complete(errors, 17), complete(errors, 18)], [false, true]);
    let many: Vec<_> = (0..101).map(|place| expression(&format!("s{place}"), none)).collect();
    let error = read(&many).unwrap_err();
    assert!(error.contains("more than 100 SEARCH expressions"), "{error}");
    assert!(read(&many[1..]).is_ok());
}

//! What is asked of metrics: one statistic of one metric, or an expression over others. Serializable, so that alarms may keep it.

use super::statistic::Statistic;
use crate::math::{self, Expression, Function, Search, Type};
use crate::refusal::{invalid, missing, validation};
use crate::state::MetricId;
use api_cloudwatch::{Dimension, Error, MetricDataQuery, StandardUnit};
use names::AccountId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The most dimensions of a metric.
const MAX_DIMENSIONS: usize = 30;
/// The most SEARCHes of a list: each looks at all metrics of a namespace. AWS does not say how many it takes.
const MAX_SEARCHES: usize = 100;

/// A statistic of a metric by period, as in `MetricStat` and as an alarm's own members say it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct MetricStat {
    pub(crate) metric: MetricId,
    /// Seconds: [`is_period`].
    pub(crate) period: i32,
    /// `Average`, `p99`, `TM(10%:90%)` …: the text as given, which [`Statistic::read`] reads.
    pub(crate) stat: String,
    /// Only what was measured in this unit.
    pub(crate) unit: Option<String>,
}

/// One of a list of queries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Query {
    pub(crate) id: String,
    pub(crate) source: Source,
    pub(crate) label: Option<String>,
    /// As it was given; [`Query::is_returned`] is what it means.
    pub(crate) return_data: Option<bool>,
    /// Of an expression, in seconds.
    pub(crate) period: Option<i32>,
    /// The own account, where the client wrote it.
    pub(crate) account: Option<String>,
}

/// Where a query's values come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Source {
    Stat(MetricStat),
    Expression(String),
}

impl Query {
    /// Whether its values are answered.
    pub(crate) fn is_returned(&self) -> bool {
        self.return_data.unwrap_or(true)
    }
}

/// Whether a number is a period, in seconds: those below a minute are of metrics that are measured so finely.
pub(crate) fn is_period(period: i32) -> bool {
    matches!(period, 1 | 5 | 10 | 20 | 30) || (period > 0 && period % 60 == 0)
}

/// Queries that are as they have to be.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) queries: Vec<Query>,
    /// What each query yields, by its id.
    types: BTreeMap<String, Type>,
}

impl Checked {
    /// Whether a query yields one time series: what an alarm watches must.
    pub(crate) fn is_one_series(&self, query: &Query) -> bool {
        self.types.get(&query.id) == Some(&Type::Series)
    }
}

/// Reads and checks a list of queries as GetMetricData and PutMetricAlarm do: ids, periods, statistics, expressions and what they refer to.
/// `list` is the parameter's name: `MetricDataQueries` or `Metrics`; `most` is how many there may be.
pub(crate) fn read(
    list: &str,
    given: &[MetricDataQuery],
    most: usize,
    account: AccountId,
) -> Result<Checked, Error> {
    if given.len() > most {
        return Err(validation(format!("The collection {list} must not have a size greater than {most}.")));
    }
    let mut queries = Vec::with_capacity(given.len());
    let mut ids = BTreeSet::new();
    for (index, query) in given.iter().enumerate() {
        let path = format!("{list}.member.{}", index + 1);
        let mut letters = query.id.chars();
        let is_id = letters.next().is_some_and(|first| first.is_ascii_lowercase())
            && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if !is_id {
            return Err(validation(format!(
                "The value for parameter {path}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$."
            )));
        }
        if !ids.insert(query.id.as_str()) {
            return Err(validation(format!("The values for parameter id in {list} are not unique.")));
        }
        queries.push(one(&path, query, account)?);
    }
    let types = check(list, &queries)?;
    Ok(Checked { queries, types })
}

fn one(path: &str, given: &MetricDataQuery, account: AccountId) -> Result<Query, Error> {
    let both = |left: &str, right: &str| {
        validation(format!(
            "The parameters {path}.{left} and {path}.{right} are mutually exclusive and you have specified both."
        ))
    };
    if let Some(period) = given.period
        && !is_period(period)
    {
        return Err(not_a_period(&format!("{path}.Period")));
    }
    if given.account_id.as_deref().is_some_and(|id| id != account.as_str()) {
        let sentence = "metrics of other accounts are not built in Cloudchamber.";
        return Err(validation(format!("The value for parameter {path}.AccountId is not valid: {sentence}")));
    }
    let source = match (&given.metric_stat, &given.expression) {
        (Some(_), Some(_)) => return Err(both("Expression", "MetricStat")),
        (None, None) => {
            return Err(validation(format!(
                "Invalid metrics list: at least one of the parameters {path}.Expression or {path}.MetricStat must be specified."
            )));
        }
        (Some(_), None) if given.period.is_some() => return Err(both("Period", "MetricStat")),
        (None, Some(text)) => Source::Expression(text.clone()),
        (Some(given), None) => {
            if !is_period(given.period) {
                return Err(not_a_period(&format!("{path}.MetricStat.Period")));
            }
            if Statistic::read(&given.stat).is_none() {
                return Err(validation(format!(
                    "The value {} for parameter {path}.MetricStat.Stat is not a valid statistic.",
                    given.stat
                )));
            }
            let need = |value: &Option<String>, name: &str| {
                let path = format!("{path}.MetricStat.Metric.{name}");
                value.clone().ok_or_else(|| validation(format!("The parameter {path} is required.")))
            };
            Source::Stat(MetricStat {
                metric: MetricId {
                    namespace: need(&given.metric.namespace, "Namespace")?,
                    name: need(&given.metric.metric_name, "MetricName")?,
                    dimensions: dimensions(
                        &format!("{path}.MetricStat.Metric.Dimensions"),
                        given.metric.dimensions.as_deref(),
                    )?,
                },
                period: given.period,
                stat: given.stat.clone(),
                unit: given.unit.as_ref().map(|unit| unit.as_str().to_owned()),
            })
        }
    };
    Ok(Query {
        id: given.id.clone(),
        source,
        label: given.label.clone(),
        return_data: given.return_data,
        period: given.period,
        account: given.account_id.clone(),
    })
}

fn not_a_period(path: &str) -> Error {
    validation(format!("The parameter {path} must be one of 1, 5, 10, 20, 30 or any multiple of 60."))
}

/// Whether expressions can be read, are of the right types, name queries that are there, and do not go in a circle. Answers the types of all.
fn check(list: &str, queries: &[Query]) -> Result<BTreeMap<String, Type>, Error> {
    let of = |id: &str, why: String| validation(format!("Error in expression '{id}': {why}."));
    let mut parsed = BTreeMap::new();
    let mut searches = 0_usize;
    for query in queries {
        if let Source::Expression(text) = &query.source {
            let wrong = |why: String| of(&query.id, why);
            let expression = math::parse(text).map_err(wrong)?;
            for (function, arguments) in math::calls(&expression) {
                searches = searches.saturating_add(usize::from(function == Function::Search));
                check_search(function, arguments).map_err(wrong)?;
            }
            parsed.insert(query.id.as_str(), expression);
        }
    }
    if searches > MAX_SEARCHES {
        return Err(validation(format!("{list} must not have more than {MAX_SEARCHES} SEARCH expressions.")));
    }
    // What each expression still waits for, and which wait for a query: each expression is looked at once, when all that it names is known.
    let mut waits: BTreeMap<&str, usize> = BTreeMap::new();
    let mut waiting: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, expression) in &parsed {
        let names: BTreeSet<&str> = math::names(expression).into_iter().collect();
        waits.insert(id, names.len());
        for name in names {
            waiting.entry(name).or_default().push(id);
        }
    }
    let mut types: BTreeMap<String, Type> = BTreeMap::new();
    let mut ready: Vec<&str> = queries
        .iter()
        .map(|query| query.id.as_str())
        .filter(|id| waits.get(id).is_none_or(|open| *open == 0))
        .collect();
    while let Some(id) = ready.pop() {
        let found = match parsed.get(id) {
            None => Type::Series,
            Some(expression) => {
                let known =
                    |name: &str| types.get(name).copied().ok_or_else(|| format!("Unknown Id '{name}'"));
                math::type_of(expression, &known).map_err(|why| of(id, why))?
            }
        };
        types.insert(id.to_owned(), found);
        for next in waiting.remove(id).unwrap_or_default() {
            if let Some(open) = waits.get_mut(next) {
                *open = open.saturating_sub(1);
                if *open == 0 {
                    ready.push(next);
                }
            }
        }
    }
    let Some((id, expression)) = parsed.iter().find(|(id, _)| !types.contains_key(**id)) else {
        return Ok(types);
    };
    let ids: BTreeSet<&str> = queries.iter().map(|query| query.id.as_str()).collect();
    let why = match math::names(expression).into_iter().find(|name| !ids.contains(name)) {
        Some(name) => format!("The Id '{name}' is not in {list}"),
        None => "It refers to itself".to_owned(),
    };
    Err(of(id, why))
}

/// What a search says in its texts.
fn check_search(function: Function, arguments: &[Expression]) -> Result<(), String> {
    if function != Function::Search {
        return Ok(());
    }
    if let Some(Expression::Text(text)) = arguments.first() {
        Search::parse(text)?;
    }
    if let Some(Expression::Text(stat)) = arguments.get(1)
        && Statistic::read(stat).is_none()
    {
        return Err(format!("{stat} is not a valid statistic"));
    }
    if let Some(Expression::Number(period)) = arguments.get(2) {
        #[expect(clippy::cast_possible_truncation, reason = "what is too great is no period then")]
        let whole = *period as i32;
        if (f64::from(whole) - period).abs() > 0.0 || !is_period(whole) {
            return Err(format!("{period} is not a valid period"));
        }
    }
    Ok(())
}

/// Whether an expression searches for metrics: alarms may not.
pub(crate) fn searches(query: &Query) -> bool {
    match &query.source {
        Source::Stat(_) => false,
        Source::Expression(text) => math::parse(text).is_ok_and(|expression| {
            math::calls(&expression).iter().any(|(function, _)| *function == Function::Search)
        }),
    }
}

/// As a client wrote it.
pub(crate) fn write(query: &Query) -> MetricDataQuery {
    let (metric_stat, expression) = match &query.source {
        Source::Expression(text) => (None, Some(text.clone())),
        Source::Stat(stat) => {
            let metric = api_cloudwatch::Metric {
                namespace: Some(stat.metric.namespace.clone()),
                metric_name: Some(stat.metric.name.clone()),
                dimensions: Some(write_dimensions(&stat.metric)),
            };
            let stat = api_cloudwatch::MetricStat {
                metric,
                period: stat.period,
                stat: stat.stat.clone(),
                unit: stat.unit.as_deref().and_then(|unit| unit.parse::<StandardUnit>().ok()),
            };
            (Some(stat), None)
        }
    };
    MetricDataQuery {
        id: query.id.clone(),
        metric_stat,
        expression,
        label: query.label.clone(),
        return_data: query.return_data,
        period: query.period,
        account_id: query.account.clone(),
    }
}

/// The metrics that queries read, for [`crate::alarms`] to know what to watch (those of SEARCH are not among them).
pub(crate) fn metrics(queries: &[Query]) -> impl Iterator<Item = &MetricId> {
    queries.iter().filter_map(|query| match &query.source {
        Source::Stat(stat) => Some(&stat.metric),
        Source::Expression(_) => None,
    })
}

/// Dimensions as a client wrote them, in the order of their names. `path` is the parameter's name.
pub(crate) fn dimensions(path: &str, given: Option<&[Dimension]>) -> Result<Vec<(String, String)>, Error> {
    let given = given.unwrap_or_default();
    if given.len() > MAX_DIMENSIONS {
        return Err(invalid(format!(
            "The collection {path} must not have a size greater than {MAX_DIMENSIONS}."
        )));
    }
    let mut dimensions = Vec::with_capacity(given.len());
    for (index, Dimension { name, value }) in given.iter().enumerate() {
        for (part, text) in [("Name", name), ("Value", value)] {
            let path = format!("{path}.member.{}.{part}", index + 1);
            if text.trim().is_empty() {
                return Err(missing(format!("The parameter {path} is required.")));
            }
            if !text.is_ascii() {
                return Err(invalid(format!(
                    "The value for parameter {path} contains non-ASCII characters."
                )));
            }
            if text.bytes().any(|byte| byte.is_ascii_control()) || (part == "Name" && text.starts_with(':')) {
                return Err(invalid(format!(
                    "The value {} for parameter {path} is invalid.",
                    text.escape_debug()
                )));
            }
        }
        dimensions.push((name.clone(), value.clone()));
    }
    dimensions.sort();
    if dimensions.windows(2).any(|pair| matches!(pair, [(left, _), (right, _)] if left == right)) {
        return Err(invalid("No Metric may specify the same dimension twice."));
    }
    Ok(dimensions)
}

/// Dimensions as a client reads them.
pub(crate) fn write_dimensions(metric: &MetricId) -> Vec<Dimension> {
    let pairs = metric.dimensions.iter();
    pairs.map(|(name, value)| Dimension { name: name.clone(), value: value.clone() }).collect()
}

//! Reckoning expressions.

use super::call::{Context, nothing, several};
use super::expression::{Expression, parse};
use super::functions::Function;
use super::label::{self, Labels};
use super::search::Search;
use super::value::Value;
use crate::metrics::query::{MetricStat, Query, Source};
use crate::metrics::read::{Range, Series, series_within};
use crate::state::Metric;
use names::{Scope, Timestamp};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use store::{StoreError, View};

/// The most time series that SEARCH finds.
const MAX_FOUND: usize = 500;

/// Reckons the queries of a list, each once.
pub(super) struct Evaluator<'a> {
    pub(super) view: &'a View,
    pub(super) scope: Scope,
    pub(super) queries: &'a [Query],
    pub(super) range: Range,
    pub(super) now: Timestamp,
    /// Of what has no period of its own.
    pub(super) period: i32,
    pub(super) done: BTreeMap<&'a str, Value>,
    /// What is being reckoned: a query that names itself is nothing.
    pub(super) under_way: BTreeSet<&'a str>,
    pub(super) labels: Labels,
    /// How many datapoints may still be made, stored ones read, and metrics looked at.
    pub(super) left: usize,
}

impl<'a> Evaluator<'a> {
    /// The value of a query.
    pub(super) fn query(&mut self, id: &str) -> Result<Value, StoreError> {
        if let Some(done) = self.done.get(id) {
            return Ok(done.clone());
        }
        let Some(query) = self.queries.iter().find(|query| query.id == id) else { return Ok(nothing()) };
        if !self.under_way.insert(&query.id) {
            return Ok(nothing());
        }
        let value = match &query.source {
            Source::Stat(stat) => self.read(stat)?,
            // What cannot be read any more was written by another version.
            Source::Expression(text) => match parse(text) {
                Ok(expression) => self.reckon(&expression, query.period.unwrap_or(self.period))?,
                Err(_) => nothing(),
            },
        };
        self.under_way.remove(query.id.as_str());
        self.done.insert(&query.id, value.clone());
        Ok(value)
    }

    fn read(&mut self, stat: &MetricStat) -> Result<Value, StoreError> {
        let left = &mut self.left;
        Ok(Value::Series(series_within(self.view, self.scope, stat, self.range, self.now, left)?))
    }

    /// The value of an expression; nothing any more where too many datapoints were made before.
    fn reckon(&mut self, expression: &Expression, period: i32) -> Result<Value, StoreError> {
        if self.left == 0 {
            return Ok(nothing());
        }
        let value = self.reckon_one(expression, period)?;
        self.left = self.left.saturating_sub(value.len());
        Ok(value)
    }

    fn reckon_one(&mut self, expression: &Expression, period: i32) -> Result<Value, StoreError> {
        Ok(match expression {
            Expression::Number(number) => Value::Scalar(Some(*number)),
            Expression::Query(id) => self.query(id)?,
            // Arguments of functions, which look at them themselves.
            Expression::Text(_) | Expression::Word(_) => nothing(),
            Expression::Negative(inner) => self.reckon(inner, period)?.map(|number| Some(-number)),
            Expression::Array(elements) => {
                let mut all = Vec::new();
                for element in elements {
                    all.extend(several(self.reckon(element, period)?));
                }
                Value::Array(all)
            }
            Expression::Binary(operator, left, right) => {
                Value::binary(*operator, self.reckon(left, period)?, self.reckon(right, period)?)
            }
            Expression::Call(Function::Metrics, arguments) => self.metrics(arguments.first())?,
            Expression::Call(Function::Search, arguments) => self.search(arguments, period)?,
            Expression::Call(function, arguments) => {
                let values = arguments
                    .iter()
                    .map(|argument| self.reckon(argument, period))
                    .collect::<Result<Vec<_>, _>>()?;
                let context = Context { range: self.range, period, left: Cell::new(self.left) };
                let value = context.call(*function, arguments, values);
                self.left = context.left.get();
                value
            }
        })
    }

    /// The metrics of the list whose ids hold a text.
    fn metrics(&mut self, text: Option<&Expression>) -> Result<Value, StoreError> {
        let part = match text {
            Some(Expression::Text(text)) => text.as_str(),
            _ => "",
        };
        let queries = self.queries.iter();
        let metrics =
            queries.filter(|query| matches!(query.source, Source::Stat(_)) && query.id.contains(part));
        let mut all = Vec::new();
        for query in metrics {
            for mut series in several(self.query(&query.id)?) {
                if let Some(label) = &query.label {
                    series.label = self.labels.filled(label, &series);
                }
                all.push(series);
            }
        }
        Ok(Value::Array(all))
    }

    /// The metrics that a search finds, labelled by what tells them apart.
    fn search(&mut self, arguments: &[Expression], period: i32) -> Result<Value, StoreError> {
        let [Expression::Text(text), Expression::Text(stat), rest @ ..] = arguments else {
            return Ok(Value::Array(Vec::new()));
        };
        let Ok(search) = Search::parse(text) else { return Ok(Value::Array(Vec::new())) };
        let period = match rest {
            #[expect(clippy::cast_possible_truncation, reason = "the check of queries took it for a period")]
            [Expression::Number(number)] => *number as i32,
            _ => period,
        };
        let mut found = Vec::new();
        let (now, left) = (self.now, &mut self.left);
        let mut look = |metric: Metric| {
            let Some(rest) = left.checked_sub(1) else { return ControlFlow::Break(()) };
            *left = rest;
            if metric.is_listed(now) && search.finds(&metric.id) {
                found.push(metric.id);
            }
            if found.len() < MAX_FOUND { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        match search.namespace() {
            Some(namespace) => self.view.scan::<Metric>(self.scope, (namespace,)).each(&mut look)?,
            None => self.view.scan::<Metric>(self.scope, ()).each(&mut look)?,
        }
        let labels = label::of_several(&found);
        let mut all = Vec::new();
        for (metric, label) in found.into_iter().zip(labels) {
            let stat = MetricStat { metric, period, stat: stat.clone(), unit: None };
            let Value::Series(read) = self.read(&stat)? else { continue };
            all.push(Series { label, ..read });
        }
        Ok(Value::Array(all))
    }
}

//! ListMetrics.

use super::Reading;
use crate::metrics::query::write_dimensions;
use crate::refusal::invalid;
use crate::state::{Metric, MetricId};
use api_cloudwatch::{DimensionFilter, Error, ListMetrics, ListMetricsOutput};
use contract::{Access, Call, Context, Orchestrate, first_page, read_page_token};
use names::Timestamp;
use std::ops::ControlFlow;
use std::time::Duration;
use store::{Row, StoreError, View};

/// The most metrics of a page.
const PAGE: usize = 500;
/// What `RecentlyActive` may ask for, the only value of it.
const RECENTLY: Duration = Duration::from_hours(3);
const LIST: &str = "ListMetrics";

#[async_trait::async_trait]
impl Orchestrate<ListMetrics> for Reading {
    fn access(&self, _: &ListMetrics, _: &Call, _: &View) -> Access {
        Access::to("cloudwatch:ListMetrics")
    }

    async fn run(
        &self,
        input: ListMetrics,
        call: &Call,
        context: &Context,
    ) -> Result<ListMetricsOutput, Error> {
        let after = input.next_token.as_deref().map(read_token).transpose()?;
        self.collect(context).await;
        let (scope, now) = (call.scope(), call.now);
        let is_own = input.owning_account.as_deref().is_none_or(|id| id == scope.account.as_str());
        let linked = input.include_linked_accounts == Some(true);
        let found = self
            .read(context, move |view| {
                if is_own { find(view, scope, &input, after.as_ref(), now) } else { Ok(Vec::new()) }
            })
            .await?;
        let keyed = found.into_iter().map(|metric| (metric.key(), metric));
        let keyed = keyed
            .map(|((namespace, name, digest), metric)| (format!("{namespace}\n{name}\n{digest}"), metric));
        let (page, next_token) = first_page(LIST, PAGE, keyed.collect());
        let owners = linked.then(|| vec![scope.account.as_str().to_owned(); page.len()]);
        Ok(ListMetricsOutput {
            metrics: Some(page.into_iter().map(|metric| shown(&metric.id)).collect()),
            next_token,
            owning_accounts: owners,
        })
    }
}

type Key = (String, String, String);

fn read_token(token: &str) -> Result<Key, Error> {
    let wrong = || invalid("The value for parameter NextToken is invalid.");
    let key = read_page_token(LIST, token).map_err(|_| wrong())?;
    let mut parts = key.splitn(3, '\n').map(str::to_owned);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(namespace), Some(name), Some(digest)) => Ok((namespace, name, digest)),
        _ => Err(wrong()),
    }
}

/// The metrics of a page, and one more where there is one.
fn find(
    view: &View,
    scope: names::Scope,
    wanted: &ListMetrics,
    after: Option<&Key>,
    now: Timestamp,
) -> Result<Vec<Metric>, StoreError> {
    let filters = wanted.dimensions.as_deref().unwrap_or_default();
    let mut found = Vec::new();
    let each = |metric: Metric| {
        let is_named = wanted.metric_name.as_ref().is_none_or(|name| *name == metric.id.name);
        let is_active = wanted.recently_active.is_none() || metric.is_active(RECENTLY, now);
        let fits = |filter: &DimensionFilter| {
            let value = metric.id.dimension(&filter.name);
            value.is_some_and(|value| filter.value.as_ref().is_none_or(|wanted| wanted == value))
        };
        if is_named && is_active && metric.is_listed(now) && filters.iter().all(fits) {
            found.push(metric);
        }
        if found.len() > PAGE { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let scan = match (wanted.namespace.as_deref(), wanted.metric_name.as_deref()) {
        (Some(namespace), Some(name)) => view.scan::<Metric>(scope, (namespace, name)),
        (Some(namespace), None) => view.scan::<Metric>(scope, (namespace,)),
        (None, _) => view.scan::<Metric>(scope, ()),
    };
    match after {
        Some(after) => scan.after(after).each(each)?,
        None => scan.each(each)?,
    }
    Ok(found)
}

fn shown(metric: &MetricId) -> api_cloudwatch::Metric {
    api_cloudwatch::Metric {
        namespace: Some(metric.namespace.clone()),
        metric_name: Some(metric.name.clone()),
        dimensions: Some(write_dimensions(metric)),
    }
}

//! What the platform measures itself (`AWS/Lambda`, `AWS/SQS`, metric filters …), written as datapoints.

use super::record::{Measured, record};
use super::summary::Summary;
use crate::state::MetricId;
use contract::{Context, Outcome, Principal, Task, TaskHandler};
use names::Scope;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use store::StoreError;
use tokio::sync::Mutex;

/// How often what was measured is written where nobody reads.
const EVERY: Duration = Duration::from_secs(5);
/// Datapoints that one transaction writes.
const AT_ONCE: usize = 500;
/// More than this is not kept where the store refuses it.
const MAX_PENDING: usize = 200_000;

/// Takes what was measured, and writes it. Who reads metrics has it written first, so that nothing is missing up to now.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    /// What was taken and could not be written yet.
    pending: Mutex<BTreeMap<Scope, Vec<Measured>>>,
}

impl Collector {
    /// Writes what was measured until now. What cannot be written is kept for the next time.
    ///
    /// # Errors
    /// The store's failure.
    pub(crate) async fn collect(&self, context: &Context) -> Result<(), StoreError> {
        let mut pending = self.pending.lock().await;
        for taken in context.store.take_measured() {
            let scope = taken.series.scope;
            pending.entry(scope).or_default().push(measured(taken));
        }
        let mut failure = None;
        for (scope, of_scope) in pending.iter_mut() {
            while !of_scope.is_empty() && failure.is_none() {
                let first = of_scope.len().saturating_sub(AT_ONCE);
                let batch = of_scope.get(first..).unwrap_or_default();
                match write(*scope, batch, context).await {
                    Ok(()) => of_scope.truncate(first),
                    Err(error) => failure = Some(error),
                }
            }
        }
        pending.retain(|_, of_scope| !of_scope.is_empty());
        let Some(error) = failure else { return Ok(()) };
        forget(&mut pending);
        Err(error)
    }
}

/// Where the store takes nothing for long, what was measured is given up rather than the memory filled.
fn forget(pending: &mut BTreeMap<Scope, Vec<Measured>>) {
    let held: usize = pending.values().map(Vec::len).sum();
    if held > MAX_PENDING {
        tracing::error!(
            datapoints = held,
            "measurements are given up: the store has not taken them for too long"
        );
        pending.clear();
    }
}

async fn write(scope: Scope, batch: &[Measured], context: &Context) -> Result<(), StoreError> {
    let principal = Principal::service(crate::PRINCIPAL, scope.account, None);
    let call = context.own_call("cloudwatch", "Collect", principal, scope)?;
    let left_out = context.transact(&call, |call, tx| record(tx, scope, batch.to_vec(), call.now)).await?;
    if let Some(metric) = left_out.first() {
        let (metrics, namespace) = (left_out.len(), &metric.namespace);
        tracing::warn!(%metrics, %namespace, account = %scope.account, "there is no room for more metrics in the account");
    }
    Ok(())
}

fn measured(taken: store::Measured) -> Measured {
    let store::Measured { series, minute, distribution } = taken;
    let dimensions = series.dimensions.into_iter().map(|(name, value)| (name.into_owned(), value)).collect();
    Measured {
        metric: MetricId {
            namespace: series.namespace.into_owned(),
            name: series.name.into_owned(),
            dimensions,
        },
        unit: series.unit.into_owned(),
        at: minute,
        fine: false,
        summary: Summary::from(&distribution).bounded(),
    }
}

/// Has what was measured written, every few seconds.
pub(crate) struct Collect(pub(crate) Arc<Collector>);

#[async_trait::async_trait]
impl TaskHandler for Collect {
    fn kind(&self) -> &'static str {
        "cloudwatch.collect"
    }

    async fn perform(&self, _: &Task, _: &Context) -> Outcome {
        Outcome::done()
    }

    async fn attend(&self, context: &Context) {
        loop {
            if let Err(error) = self.0.collect(context).await {
                tracing::error!(%error, "what was measured cannot be written; trying again");
            }
            context.clock.sleep_until(context.clock.now().plus(EVERY)).await;
        }
    }
}

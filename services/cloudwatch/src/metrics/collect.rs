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
        let failure = write_all(&mut pending, |scope, batch| write(scope, batch, context)).await;
        let Some(error) = failure else { return Ok(()) };
        forget(&mut pending);
        Err(error)
    }
}

/// Writes what there is of each account and region, also where that of others cannot be written. Answers the first failure; what failed is still there.
async fn write_all<F>(
    pending: &mut BTreeMap<Scope, Vec<Measured>>,
    write: impl Fn(Scope, Vec<Measured>) -> F,
) -> Option<StoreError>
where
    F: Future<Output = Result<(), StoreError>>,
{
    let mut failure = None;
    for (scope, of_scope) in pending.iter_mut() {
        while !of_scope.is_empty() {
            let first = of_scope.len().saturating_sub(AT_ONCE);
            let batch = of_scope.get(first..).unwrap_or_default().to_vec();
            if let Err(error) = write(*scope, batch).await {
                failure.get_or_insert(error);
                break;
            }
            of_scope.truncate(first);
        }
    }
    pending.retain(|_, of_scope| !of_scope.is_empty());
    failure
}

/// Where the store takes nothing for long, what was measured is given up rather than the memory filled: that of the account and region of which most
/// is held, then of the next, until no more is held than may be.
fn forget(pending: &mut BTreeMap<Scope, Vec<Measured>>) {
    loop {
        let held: usize = pending.values().map(Vec::len).sum();
        let most = pending.iter().max_by_key(|(_, of_scope)| of_scope.len());
        let Some((scope, datapoints)) = most.map(|(scope, of_scope)| (*scope, of_scope.len())) else {
            return;
        };
        if held <= MAX_PENDING {
            return;
        }
        tracing::error!(
            datapoints,
            account = %scope.account,
            "measurements are given up: the store has not taken them for too long"
        );
        pending.remove(&scope);
    }
}

async fn write(scope: Scope, batch: Vec<Measured>, context: &Context) -> Result<(), StoreError> {
    let principal = Principal::service(crate::PRINCIPAL, scope.account, None);
    let call = context.own_call("cloudwatch", "Collect", principal, scope)?;
    let left_out = context.transact(&call, |call, tx| record(tx, scope, batch.clone(), call.now)).await?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use names::{AccountId, Region, Timestamp};
    use parking_lot::Mutex;

    fn scope(region: usize) -> Scope {
        Scope::new(AccountId::DEFAULT, Region::COMMERCIAL[region])
    }

    fn some(count: usize) -> Vec<Measured> {
        let metric = MetricId { namespace: "App".into(), name: "m".into(), dimensions: Vec::new() };
        let at = Timestamp::from_seconds(1_795_255_200);
        vec![Measured { metric, unit: "None".into(), at, fine: false, summary: Summary::of(1.0, 1.0) }; count]
    }

    fn failure() -> StoreError {
        StoreError::Encode { table: "test", reason: "it fails".into() }
    }

    #[tokio::test]
    async fn one_account_that_fails_does_not_stop_the_others() {
        let mut scopes = [scope(0), scope(1), scope(2)];
        scopes.sort();
        let mut pending: BTreeMap<Scope, Vec<Measured>> =
            scopes.map(|scope| (scope, some(AT_ONCE + 1))).into();
        let written = Mutex::new(Vec::new());
        let failed = write_all(&mut pending, |scope, batch| {
            let fails = scope == scopes[0];
            if !fails {
                written.lock().push((scope, batch.len()));
            }
            async move { if fails { Err(failure()) } else { Ok(()) } }
        })
        .await;
        assert!(failed.is_some());
        let each = |scope| [(scope, AT_ONCE), (scope, 1)];
        assert_eq!(*written.lock(), [each(scopes[1]), each(scopes[2])].concat());
        assert_eq!(
            pending.into_iter().map(|(scope, all)| (scope, all.len())).collect::<Vec<_>>(),
            [(scopes[0], AT_ONCE + 1)]
        );
    }

    #[test]
    fn what_is_given_up_is_that_of_the_account_with_most() {
        let mut pending =
            BTreeMap::from([(scope(0), some(3)), (scope(1), some(MAX_PENDING)), (scope(2), some(2))]);
        forget(&mut pending);
        assert_eq!(pending.keys().copied().collect::<Vec<_>>().len(), 2);
        assert!(!pending.contains_key(&scope(1)));
        forget(&mut pending);
        assert_eq!(pending.len(), 2);
    }
}

//! CloudWatch's operations, by noun.

mod alarms;
mod dashboards;
mod list_metrics;
mod metric_data;
mod put_metric_data;
mod statistics;
mod tags;

use crate::metrics::collect::Collector;
use contract::Context;
use std::sync::Arc;
use store::{StoreError, View};

/// The operations that read metrics: before they do, what was measured until now is written.
pub(crate) struct Reading(pub(crate) Arc<Collector>);

impl Reading {
    /// What cannot be written now is not read, and is written later.
    async fn collect(&self, context: &Context) {
        if let Err(error) = self.0.collect(context).await {
            tracing::error!(%error, "what was measured cannot be written before it is read");
        }
    }

    /// Reads on a thread of its own: there may be many datapoints, and what serves calls is not kept waiting.
    async fn read<T: Send + 'static>(
        &self,
        context: &Context,
        read: impl FnOnce(&View) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = context.store.clone();
        let reading = tokio::task::spawn_blocking(move || read(&store.view())).await;
        reading.map_err(|error| StoreError::Backend(error.to_string().into()))?
    }
}

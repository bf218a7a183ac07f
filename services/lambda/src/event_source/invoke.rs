//! Invoking a mapping's function with a batch, and what is shown of how that goes.

use crate::execution::{Engine, Executed, Work};
use crate::operations::find;
use crate::state::EventSourceMapping;
use api_lambda::Error;
use bytes::Bytes;
use contract::{Chain, Context, Principal};
use std::sync::Arc;
use store::StoreError;
use wire::{Document, ServiceError};

/// The largest event, in bytes.
pub(super) const LARGEST: usize = 6_000_000;

/// What came of an invocation.
pub(super) enum Invoked {
    /// The function answered, well or badly.
    Answered(Box<Executed>),
    /// It is not admitted now.
    Throttled,
    /// It was run in this chain too often.
    Loop,
    /// It cannot be run at all: why.
    Failed(String),
}

/// Everything that a poller works with.
pub(super) struct Shared {
    pub(super) engine: Arc<Engine>,
    pub(super) context: Context,
}

/// `{"Records": […]}`
pub(super) fn event(records: Vec<Document>) -> Bytes {
    Document::object().with("Records", Document::Array(records)).to_string().into()
}

impl Shared {
    /// Invokes the function of a mapping; `trace` is the header that the records came with.
    pub(super) async fn invoke(
        &self,
        mapping: &EventSourceMapping,
        payload: Bytes,
        trace: Option<String>,
    ) -> Invoked {
        match self.execute(mapping, payload, trace).await {
            Ok(executed) => Invoked::Answered(Box::new(executed)),
            Err(Error::RecursiveInvocationException(_)) => Invoked::Loop,
            Err(error) => {
                let response = error.into_response();
                if response.status == 429 { Invoked::Throttled } else { Invoked::Failed(response.message) }
            }
        }
    }

    async fn execute(
        &self,
        mapping: &EventSourceMapping,
        payload: Bytes,
        trace: Option<String>,
    ) -> Result<Executed, Error> {
        let reference = mapping.reference();
        let entropy = self.context.entropy()?;
        let draw =
            entropy.bytes().iter().take(4).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
        let draw = draw % crate::state::alias::WHOLE;
        let found = find(&self.context.store.view(), &reference, Some(draw))?;
        let work = Work {
            function: found.function,
            configuration: found.configuration,
            version: found.version,
            invoked_arn: reference.arn(),
            request_id: entropy.uuid(),
            payload,
            client_context: None,
            chain: Chain::traced(trace),
        };
        self.engine.execute(work, &self.context).await
    }

    /// Shows how a mapping goes, where that has changed. `problem` is what keeps it from working.
    pub(super) async fn note(&self, mapping: &EventSourceMapping, result: &str, problem: Option<&str>) {
        if let Err(error) = self.write(mapping, result, problem).await {
            tracing::warn!(%error, mapping = mapping.uuid, "the result of an event source mapping cannot be kept");
        }
    }

    async fn write(
        &self,
        mapping: &EventSourceMapping,
        result: &str,
        problem: Option<&str>,
    ) -> Result<(), StoreError> {
        let same = |row: &EventSourceMapping| {
            row.result.as_deref() == Some(result) && row.problem.as_deref() == problem
        };
        let (scope, uuid) = (mapping.scope, mapping.uuid.as_str());
        if EventSourceMapping::find(&self.context.store.view(), scope, uuid)?.is_none_or(|row| same(&row)) {
            return Ok(());
        }
        let principal = Principal::service(crate::SERVICE_PRINCIPAL, scope.account, None);
        let call = self.context.own_call("lambda", "EventSourceMapping", principal, scope)?;
        self.context
            .transact(&call, |_, tx| {
                let Some(row) = EventSourceMapping::find(tx, scope, uuid)? else { return Ok(()) };
                // Not `EventSourceMapping::put`: what is shown of a mapping wakes nobody.
                tx.put(EventSourceMapping {
                    result: Some(result.to_owned()),
                    problem: problem.map(str::to_owned),
                    ..row
                })
            })
            .await
    }
}

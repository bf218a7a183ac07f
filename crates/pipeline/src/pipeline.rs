use crate::record::{CallRecord, Recorder};
use crate::seed::{Prepare, Seeded, Seeder};
use blobs::Blobs;
use clock::SharedClock;
use contract::{
    AccountLimits, Accounting, AnyInput, AnyOperation, AnyOutput, Apart, Call, Catalog, Chain, Context,
    Dispatch, Execute, Identities, Registration, Task,
};
use std::collections::HashMap;
use std::sync::Arc;
use store::{Row, Store};
use wire::{ErrorResponse, OperationSchema};

/// What does not count as stored by an account.
const APART: Apart =
    Apart { history: CallRecord::TABLE, uncounted: &[AccountLimits::TABLE, Seeded::TABLE, Task::TABLE] };

/// A call whose input is decoded and whose principal is known, and about which nothing else has been decided.
pub struct Decoded {
    /// The operation.
    pub operation: Arc<dyn AnyOperation>,
    /// Its input.
    pub input: AnyInput,
    /// Who asks, when and where.
    pub call: Call,
}

/// What a pipeline is made of.
pub struct Parts {
    /// The state.
    pub store: Store,
    /// Large bodies.
    pub blobs: Blobs,
    /// Time.
    pub clock: SharedClock,
    /// Where clients reach this cloud, such as `http://127.0.0.1:4566`.
    pub endpoint: String,
}

/// The one path of a call.
pub struct Pipeline {
    pub(crate) operations: HashMap<(&'static str, &'static str), Arc<dyn AnyOperation>>,
    pub(crate) identities: Arc<dyn Identities>,
    pub(crate) recorder: Recorder,
    pub(crate) seeder: Seeder,
    pub(crate) context: Context,
}

impl Pipeline {
    /// Builds the path over the services' registrations.
    ///
    /// # Panics
    /// Never; a duplicate registration keeps the last.
    #[must_use]
    pub fn new(parts: Parts, registrations: &[Registration], identities: Arc<dyn Identities>) -> Arc<Self> {
        let mut catalog = Catalog::default();
        let mut operations = HashMap::new();
        let (mut seeds, mut live_blobs) = (Vec::new(), Vec::new());
        for registration in registrations {
            for operation in &registration.operations {
                let schema = operation.schema();
                operations.insert((schema.service.name, schema.name), Arc::clone(operation));
            }
            for kind in &registration.resources {
                catalog.resources.insert(kind.resource_type.as_str(), *kind);
            }
            for handler in &registration.handlers {
                catalog.handlers.insert(handler.resource_type(), Arc::clone(handler));
            }
            seeds.extend(registration.seeds.iter().copied());
            live_blobs.extend(registration.live_blobs);
        }
        let catalog = Arc::new(catalog);
        let accounting = Arc::new(Accounting::new(parts.store.clone(), live_blobs, APART));
        Arc::new_cyclic(|pipeline: &std::sync::Weak<Self>| {
            let dispatch: Arc<dyn Dispatch> = Arc::new(crate::dispatch::ToPipeline(pipeline.clone()));
            let context = Context {
                store: parts.store.clone(),
                blobs: parts.blobs,
                clock: parts.clock,
                catalog,
                accounting,
                dispatch,
                endpoint: parts.endpoint,
            };
            Self {
                operations,
                identities,
                recorder: Recorder::new(parts.store),
                seeder: Seeder::new(seeds),
                context,
            }
        })
    }

    /// What asynchronous work of this cloud may use.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Where credentials are looked up.
    #[must_use]
    pub fn identities(&self) -> &Arc<dyn Identities> {
        &self.identities
    }

    /// The description of a served operation, by the service's and its own name.
    #[must_use]
    pub fn schema(&self, service: &str, name: &str) -> Option<&'static OperationSchema> {
        let mut schemas = self.operations.values().map(|operation| operation.schema());
        schemas.find(|schema| schema.service.name == service && schema.name == name)
    }

    /// The operation that a schema describes, where it is served.
    #[must_use]
    pub fn operation(&self, schema: &OperationSchema) -> Option<Arc<dyn AnyOperation>> {
        self.operations.get(&(schema.service.name, schema.name)).cloned()
    }

    /// Empties the cloud, and forgets what accounts and regions were given.
    ///
    /// # Errors
    /// Where the store or the blobs cannot be emptied.
    pub async fn reset(&self) -> Result<(), ErrorResponse> {
        self.context.store.reset().map_err(|error| {
            tracing::error!(%error, "the store cannot be emptied");
            ErrorResponse::new("InternalFailure", "The store cannot be emptied.", 500)
        })?;
        self.context.blobs.reset().await.map_err(|error| {
            tracing::error!(%error, "the bodies cannot be emptied");
            ErrorResponse::new("InternalFailure", "The bodies cannot be emptied.", 500)
        })?;
        self.seeder.forget();
        self.take_up_limits()?;
        self.seeder.start(&self.context).await
    }

    /// Runs a transaction now and after each reset: what an empty cloud must have before its first call (the first account's root key).
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn at_start(&self, prepare: Prepare) -> Result<(), ErrorResponse> {
        self.seeder.at_start(prepare);
        self.take_up_limits()?;
        self.seeder.start(&self.context).await
    }

    fn take_up_limits(&self) -> Result<(), ErrorResponse> {
        self.context.accounting.reload().map_err(|error| {
            tracing::error!(%error, "the limits of accounts cannot be read");
            ErrorResponse::new("InternalFailure", "The limits of accounts cannot be read.", 500)
        })
    }

    /// Authorizes, executes, commits and records a call.
    ///
    /// # Errors
    /// What the client is answered.
    pub async fn run(&self, decoded: Decoded) -> Result<AnyOutput, ErrorResponse> {
        if decoded.call.chain.depth() > Chain::MAX_DEPTH {
            return Err(ErrorResponse::new(
                "RecursiveInvocationException",
                format!(
                    "The call came through {} services, of which at most {} are allowed: {}. Something calls itself.",
                    decoded.call.chain.depth(),
                    Chain::MAX_DEPTH,
                    decoded.call.chain.via.join(" > ")
                ),
                400,
            ));
        }
        if self.context.store.is_account_closed(decoded.call.account) {
            // Who signs is refused before; this is for what goes on inside.
            let message = format!("The account {} is closed.", decoded.call.account);
            return Err(ErrorResponse::new("AccessDenied", message, 403));
        }
        self.seeder.ensure(&self.context, decoded.call.scope()).await?;
        match decoded.operation.execute() {
            Execute::Transact => self.transact(decoded).await,
            Execute::Orchestrate => self.orchestrate(decoded).await,
        }
    }
}

/// The answer to a failure of ours: logged with its chain, told without it.
pub(crate) fn internal_failure(call: &Call, fault: &str) -> ErrorResponse {
    tracing::error!(request_id = %call.id, service = call.operation.0, operation = call.operation.1, fault, "a call failed by our fault");
    ErrorResponse::new(
        "InternalFailure",
        "The request processing has failed because of an unknown error, exception or failure.",
        500,
    )
}

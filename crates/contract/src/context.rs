use crate::{Accounting, Call, Caller, Chain, Dispatch, Principal, ResourceHandler, ResourceKind};
use blobs::Blobs;
use clock::{Entropy, SharedClock};
use names::{RequestId, Scope};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{Store, StoreError, Tx};

/// What asynchronous work may use.
#[derive(Clone)]
pub struct Context {
    /// The state.
    pub store: Store,
    /// Large bodies.
    pub blobs: Blobs,
    /// Time.
    pub clock: SharedClock,
    /// The resource types and handlers of all services.
    pub catalog: Arc<Catalog>,
    /// What accounts may use, and what they use.
    pub accounting: Arc<Accounting>,
    /// The way to other services.
    pub dispatch: Arc<dyn Dispatch>,
    /// Where clients reach this cloud, such as `http://127.0.0.1:4566`: for links and for functions' environments.
    pub endpoint: String,
}

/// What all services registered, by name.
#[derive(Default)]
pub struct Catalog {
    /// `AWS::Service::Type` to how it is listed and described.
    pub resources: BTreeMap<&'static str, ResourceKind>,
    /// `AWS::Service::Type` to its CloudFormation handler.
    pub handlers: BTreeMap<&'static str, Arc<dyn ResourceHandler>>,
}

impl Context {
    /// A caller that acts as a principal in an account and region.
    #[must_use]
    pub fn caller(&self, principal: Principal, scope: Scope, chain: Chain) -> Caller {
        Caller::new(Arc::clone(&self.dispatch), principal, scope, chain)
    }

    /// Fresh randomness.
    ///
    /// # Errors
    /// Where the operating system has none.
    pub fn entropy(&self) -> Result<Entropy, StoreError> {
        clock::random_seed().map(Entropy::from_seed).map_err(|error| {
            StoreError::Backend(format!("no randomness from the operating system: {error}").into())
        })
    }

    /// The call under which a service does work of its own (a subscriber, a task).
    ///
    /// # Errors
    /// Where the operating system has no randomness.
    pub fn own_call(
        &self,
        service: &'static str,
        operation: &'static str,
        principal: Principal,
        scope: Scope,
    ) -> Result<Call, StoreError> {
        let entropy = self.entropy()?;
        Ok(Call {
            id: RequestId(entropy.uuid_bytes()),
            now: self.clock.now(),
            account: scope.account,
            region: scope.region,
            access_key_id: None,
            client: crate::ClientInfo { endpoint: self.endpoint.clone(), ..Default::default() },
            chain: Chain::default(),
            operation: (service, operation),
            principal,
            prepared: None,
            entropy: entropy.split(),
        })
    }

    /// Runs a short transaction of a call, again where it meets a conflict.
    ///
    /// # Errors
    /// What `body` answers, or the store's failure.
    pub async fn transact<T, E: From<StoreError>>(
        &self,
        call: &Call,
        mut body: impl FnMut(&Call, &mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.store.transact_async(Some(call.cause()), |tx| body(&call.again(), tx)).await
    }
}

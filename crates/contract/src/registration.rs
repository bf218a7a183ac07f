use crate::any_operation::{Orchestrated, Transacted, TransactedEach};
use crate::{
    AnyOperation, Call, Identities, Orchestrate, Prepare, RequestLog, Resource, ResourceHandler,
    ResourceKind, Route, Subscriber, TaskHandler, Transact, TransactEach,
};
use blobs::BlobId;
use names::{AccountId, Scope};
use std::collections::HashSet;
use std::marker::PhantomData;
use std::sync::Arc;
use store::{StoreError, Tx, View};
use wire::{Operation, ServiceSchema};

/// Management calls leave a record each; data calls only where a trail selects them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plane {
    /// Makes, changes or describes resources.
    Management,
    /// Works on what is in them (objects, items, messages).
    Data,
}

/// What an account or region starts with: run once per scope, before its first call, in a transaction of its own.
pub type Seed = fn(scope: Scope, call: &Call, tx: &mut Tx) -> Result<(), StoreError>;

/// The blobs that a service's rows refer to in all regions: of all accounts (None), since what no service lists is removed; or of one, which pays for them.
pub type LiveBlobs = fn(&View, Option<AccountId>) -> Result<HashSet<BlobId>, StoreError>;

/// A service's table of contents.
pub struct Registration {
    /// The API (a service may register several: iam and sts).
    pub schema: &'static ServiceSchema,
    /// Calls without a signature are let through to authorization, where only a resource-based policy can allow them (S3, SNS).
    pub anonymous: bool,
    /// What it serves.
    pub operations: Vec<Arc<dyn AnyOperation>>,
    /// The resource types that it owns.
    pub resources: Vec<ResourceKind>,
    /// Their CloudFormation handlers.
    pub handlers: Vec<Arc<dyn ResourceHandler>>,
    /// Its readers of the change feed.
    pub subscribers: Vec<Arc<dyn Subscriber>>,
    /// Its durable work.
    pub tasks: Vec<Arc<dyn TaskHandler>>,
    /// Its pages beside the AWS APIs.
    pub routes: Vec<Arc<dyn Route>>,
    /// What accounts (scope global) and regions start with.
    pub seeds: Vec<Seed>,
    /// Is told of each request that came by the network.
    pub request_log: Option<Arc<dyn RequestLog>>,
    /// Where credentials and their policies are kept; exactly one service has it.
    pub identities: Option<Arc<dyn Identities>>,
    /// What it keeps in blobs; None: nothing.
    pub live_blobs: Option<LiveBlobs>,
}

impl Registration {
    /// An empty table of contents of an API.
    #[must_use]
    pub fn new(schema: &'static ServiceSchema) -> Self {
        Self {
            schema,
            anonymous: false,
            operations: Vec::new(),
            resources: Vec::new(),
            handlers: Vec::new(),
            subscribers: Vec::new(),
            tasks: Vec::new(),
            routes: Vec::new(),
            seeds: Vec::new(),
            request_log: None,
            identities: None,
            live_blobs: None,
        }
    }

    /// Lets calls without a signature through to authorization, where only a resource-based policy can allow them.
    #[must_use]
    pub fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }

    /// Serves an operation that is one transaction.
    #[must_use]
    pub fn transact<S: Transact<I> + 'static, I: Operation>(mut self) -> Self {
        self.operations.push(Arc::new(Transacted::<S, I> {
            plane: Plane::Management,
            prepare: None,
            types: PhantomData,
        }));
        self
    }

    /// As [`Registration::transact`], on the data plane.
    #[must_use]
    pub fn transact_data<S: Transact<I> + 'static, I: Operation>(mut self) -> Self {
        self.operations.push(Arc::new(Transacted::<S, I> {
            plane: Plane::Data,
            prepare: None,
            types: PhantomData,
        }));
        self
    }

    /// As [`Registration::transact_data`], of an operation that may need something of other services beforehand.
    #[must_use]
    pub fn transact_data_prepared<S, I>(mut self, service: &Arc<S>) -> Self
    where
        S: Transact<I> + Prepare<I>,
        I: Operation,
    {
        let prepare: Arc<dyn Prepare<I>> = Arc::<S>::clone(service);
        self.operations.push(Arc::new(Transacted::<S, I> {
            plane: Plane::Data,
            prepare: Some(prepare),
            types: PhantomData,
        }));
        self
    }

    /// As [`Registration::transact_data`], of an operation on many things, each allowed or denied by itself.
    #[must_use]
    pub fn transact_each_data<S: TransactEach<I> + 'static, I: Operation>(mut self) -> Self {
        self.operations.push(Arc::new(TransactedEach::<S, I> { plane: Plane::Data, types: PhantomData }));
        self
    }

    /// Serves an operation that is asynchronous work.
    #[must_use]
    pub fn orchestrate<S: Orchestrate<I>, I: Operation>(mut self, service: &Arc<S>) -> Self {
        let service = Arc::clone(service);
        self.operations.push(Arc::new(Orchestrated::<S, I> {
            service,
            plane: Plane::Management,
            types: PhantomData,
        }));
        self
    }

    /// As [`Registration::orchestrate`], on the data plane.
    #[must_use]
    pub fn orchestrate_data<S: Orchestrate<I>, I: Operation>(mut self, service: &Arc<S>) -> Self {
        let service = Arc::clone(service);
        self.operations.push(Arc::new(Orchestrated::<S, I> {
            service,
            plane: Plane::Data,
            types: PhantomData,
        }));
        self
    }

    /// Owns a resource type.
    #[must_use]
    pub fn resource<R: Resource>(mut self) -> Self {
        self.resources.push(ResourceKind::of::<R>());
        self
    }

    /// Handles a type for CloudFormation.
    #[must_use]
    pub fn handler(mut self, handler: impl ResourceHandler) -> Self {
        self.handlers.push(Arc::new(handler));
        self
    }

    /// Reads the change feed.
    #[must_use]
    pub fn subscriber(mut self, subscriber: impl Subscriber) -> Self {
        self.subscribers.push(Arc::new(subscriber));
        self
    }

    /// Carries out durable work.
    #[must_use]
    pub fn task(mut self, handler: impl TaskHandler) -> Self {
        self.tasks.push(Arc::new(handler));
        self
    }

    /// Answers pages beside the AWS APIs.
    #[must_use]
    pub fn route(mut self, route: impl Route) -> Self {
        self.routes.push(Arc::new(route));
        self
    }

    /// Gives accounts or regions what they start with.
    #[must_use]
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seeds.push(seed);
        self
    }

    /// Takes note of each request that came by the network.
    #[must_use]
    pub fn request_log(mut self, log: impl RequestLog) -> Self {
        self.request_log = Some(Arc::new(log));
        self
    }

    /// Keeps credentials and their policies.
    #[must_use]
    pub fn identities(mut self, identities: impl Identities) -> Self {
        self.identities = Some(Arc::new(identities));
        self
    }

    /// Keeps bodies in blobs. `cargo xtask tidy` asks it of every service that imports `blobs`.
    #[must_use]
    pub fn live_blobs(mut self, list: LiveBlobs) -> Self {
        self.live_blobs = Some(list);
        self
    }
}

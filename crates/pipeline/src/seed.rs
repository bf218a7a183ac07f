//! What accounts and regions start with: made before their first call, once.

use contract::{Call, Context, Principal, Seed};
use names::{AccountId, Region, Scope};
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::Arc;
use store::{Row, StoreError, Tx};
use wire::ErrorResponse;

/// In whose name the cloud itself writes; no policy names it and no call can be made by it.
const INTERNAL: &str = "cloudchamber.internal";

fn not_prepared(error: &StoreError, scope: Scope) -> ErrorResponse {
    tracing::error!(%error, account = %scope.account, region = %scope.region, "an account or region cannot be prepared");
    ErrorResponse::new("InternalFailure", "The account or region cannot be prepared.", 500)
}

/// The mark of a scope that has been given what it starts with.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Seeded {
    scope: Scope,
}

impl Row for Seeded {
    const TABLE: &'static str = "pipeline.seeded";
    const QUIET: bool = true;
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        String::new()
    }
}

/// What an empty cloud must have before its first call.
pub type Prepare = Arc<dyn Fn(Scope, &Call, &mut Tx) -> Result<(), StoreError> + Send + Sync>;

pub(crate) struct Seeder {
    seeds: Vec<Seed>,
    at_start: RwLock<Vec<Prepare>>,
    known: RwLock<HashSet<Scope>>,
}

impl Seeder {
    pub(crate) fn new(seeds: Vec<Seed>) -> Self {
        Self { seeds, at_start: RwLock::default(), known: RwLock::default() }
    }

    /// Forgets which scopes have been seeded, after the store was emptied.
    pub(crate) fn forget(&self) {
        self.known.write().clear();
    }

    pub(crate) fn at_start(&self, prepare: Prepare) {
        self.at_start.write().push(prepare);
    }

    /// Prepares an empty cloud, or finds that it is prepared.
    pub(crate) async fn start(&self, context: &Context) -> Result<(), ErrorResponse> {
        let prepares = self.at_start.read().clone();
        let scope = Scope::global(AccountId::DEFAULT);
        let run = async {
            let principal = Principal::service(INTERNAL, scope.account, None);
            let call = context.own_call("pipeline", "Start", principal, scope)?;
            context
                .transact(&call, |call, tx| prepares.iter().try_for_each(|prepare| prepare(scope, call, tx)))
                .await
        };
        run.await.map_err(|error: StoreError| not_prepared(&error, scope))
    }

    pub(crate) async fn ensure(&self, context: &Context, scope: Scope) -> Result<(), ErrorResponse> {
        if self.known.read().contains(&scope) {
            return Ok(());
        }
        for scope in [Scope::global(scope.account), scope] {
            self.seed(context, scope).await.map_err(|error| not_prepared(&error, scope))?;
        }
        self.known.write().insert(scope);
        Ok(())
    }

    async fn seed(&self, context: &Context, scope: Scope) -> Result<(), StoreError> {
        if self.known.read().contains(&scope) {
            return Ok(());
        }
        let principal = Principal::service(INTERNAL, scope.account, None);
        let operation = if scope.region == Region::GLOBAL { "StartAccount" } else { "StartRegion" };
        let call = context.own_call("pipeline", operation, principal, scope)?;
        context
            .transact(&call, |call, tx| {
                if tx.exists::<Seeded>(scope, "")? {
                    return Ok(());
                }
                for seed in &self.seeds {
                    seed(scope, call, tx)?;
                }
                tx.put(Seeded { scope })
            })
            .await?;
        self.known.write().insert(scope);
        Ok::<(), StoreError>(())
    }
}

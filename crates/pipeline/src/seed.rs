//! What accounts and regions start with: made before their first call, once.

use contract::{Context, Principal, Seed};
use names::{Region, Scope};
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use store::{Row, StoreError};
use wire::ErrorResponse;

/// The mark of a scope that has been given what it starts with.
#[derive(Clone, Serialize, Deserialize)]
struct Seeded {
    scope: Scope,
}

impl Row for Seeded {
    const TABLE: &'static str = "pipeline.seeded";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        String::new()
    }
}

pub(crate) struct Seeder {
    seeds: Vec<Seed>,
    known: RwLock<HashSet<Scope>>,
}

impl Seeder {
    pub(crate) fn new(seeds: Vec<Seed>) -> Self {
        Self { seeds, known: RwLock::default() }
    }

    /// Forgets which scopes have been seeded, after the store was emptied.
    pub(crate) fn forget(&self) {
        self.known.write().clear();
    }

    pub(crate) async fn ensure(&self, context: &Context, scope: Scope) -> Result<(), ErrorResponse> {
        if self.known.read().contains(&scope) {
            return Ok(());
        }
        for scope in [Scope::global(scope.account), scope] {
            self.seed(context, scope).await.map_err(|error| {
                tracing::error!(%error, account = %scope.account, region = %scope.region, "an account or region cannot be prepared");
                ErrorResponse::new("InternalFailure", "The account or region cannot be prepared.", 500)
            })?;
        }
        self.known.write().insert(scope);
        Ok(())
    }

    async fn seed(&self, context: &Context, scope: Scope) -> Result<(), StoreError> {
        if self.known.read().contains(&scope) {
            return Ok(());
        }
        // Not an account of this cloud's service principals: they bring no account to life by asking.
        let principal = Principal::service("cloudchamber.internal", scope.account, None);
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

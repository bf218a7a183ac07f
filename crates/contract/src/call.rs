use crate::Principal;
use clock::Entropy;
use names::{AccountId, Region, RequestId, Scope, Timestamp};
use std::any::Any;
use std::net::IpAddr;
use std::sync::Arc;

/// One call: who asks, when, where, and through whom. `run` may use nothing else that changes.
#[derive(Debug)]
pub struct Call {
    /// Its id.
    pub id: RequestId,
    /// The moment it was received; the only time that an operation knows.
    pub now: Timestamp,
    /// Random bytes for ids and secrets, the same each time the call is run again.
    pub entropy: Entropy,
    /// The account that the call acts in: the principal's, or for services the account that they act for.
    pub account: AccountId,
    /// The region that the call was sent to.
    pub region: Region,
    /// Who asks.
    pub principal: Principal,
    /// The access key that signed, where one did.
    pub access_key_id: Option<String>,
    /// Where it came from.
    pub client: ClientInfo,
    /// Through which calls it came.
    pub chain: Chain,
    /// The service's and operation's names, such as `ec2` and `CreateVpc`.
    pub operation: (&'static str, &'static str),
    /// What was asked of other services for it beforehand: [`crate::Prepare`].
    pub prepared: Option<Prepared>,
}

/// What [`crate::Prepare`] got, whatever its type.
pub type Prepared = Arc<dyn Any + Send + Sync>;

/// Where a call came from.
#[derive(Debug, Clone, Default)]
pub struct ClientInfo {
    /// The peer's address; None for calls from inside.
    pub source_ip: Option<IpAddr>,
    /// The User-Agent header, or the service's name for calls from inside.
    pub user_agent: String,
    /// TLS was used.
    pub secure_transport: bool,
    /// The multi-factor flag of the credentials.
    pub multi_factor: Option<bool>,
    /// The address that the client used, such as `http://127.0.0.1:4566`: for URLs in answers.
    pub endpoint: String,
}

/// How a call came about: each service that called another, first to last.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Chain {
    /// Service principals, first to last (`aws:CalledVia`).
    pub via: Vec<String>,
    /// The X-Ray trace header that the first call had (`Root=1-…;Lineage=…`): services hand it on, and Lambda finds loops by it.
    #[serde(default)]
    pub trace: Option<String>,
}

impl Chain {
    /// The longest chain; a call beyond it is refused, so that loops end.
    pub const MAX_DEPTH: usize = 16;

    /// The chain with one more service at its end.
    #[must_use]
    pub fn through(&self, service: &str) -> Self {
        let mut via = self.via.clone();
        via.push(service.to_owned());
        Self { via, trace: self.trace.clone() }
    }

    /// The chain of what came with a trace header.
    #[must_use]
    pub fn traced(trace: Option<String>) -> Self {
        Self { via: Vec::new(), trace }
    }

    /// The number of services in it.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.via.len()
    }
}

impl Call {
    /// The caller's account and the call's region: where regional resources live.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope { account: self.account, region: self.region }
    }

    /// Where the account's global resources live.
    #[must_use]
    pub fn global_scope(&self) -> Scope {
        Scope::global(self.account)
    }

    /// The same call from the start, for running it a second time.
    #[must_use]
    pub fn again(&self) -> Self {
        Self {
            id: self.id,
            now: self.now,
            entropy: self.entropy.rewound(),
            account: self.account,
            region: self.region,
            principal: self.principal.clone(),
            access_key_id: self.access_key_id.clone(),
            client: self.client.clone(),
            chain: self.chain.clone(),
            operation: self.operation,
            prepared: self.prepared.clone(),
        }
    }

    /// What was asked of other services for it beforehand; None where nothing was, or something else.
    #[must_use]
    pub fn prepared<T: 'static>(&self) -> Option<&T> {
        self.prepared.as_ref()?.downcast_ref()
    }

    /// What the change feed says of the cause of changes that this call makes.
    #[must_use]
    pub fn cause(&self) -> store::Cause {
        store::Cause {
            request_id: self.id,
            principal: self.principal.arn(),
            service: self.operation.0.to_owned(),
            operation: self.operation.1.to_owned(),
        }
    }
}

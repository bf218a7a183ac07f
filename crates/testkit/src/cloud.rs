use crate::{Identity, TestIdentities};
use blobs::Blobs;
use clock::{Clock, ManualClock};
use contract::{Caller, Chain, Context, Identities, Principal, Registration};
use names::{AccountId, Region, Scope, Timestamp};
use pipeline::{CallRecord, Parts, Pipeline};
use std::sync::Arc;
use std::time::Duration;
use store::{Backend, Measured, Series, Store};

/// The account of tests.
pub const ACCOUNT: &str = "111122223333";
/// The region of tests.
pub const REGION: Region = Region::US_EAST_1;
/// When tests start: 2026-11-21T09:30:00Z.
pub const START: Timestamp = Timestamp::from_seconds(1_795_253_400);

/// A cloud in memory.
pub struct TestCloud {
    /// The clock, which stands still until it is moved.
    pub clock: ManualClock,
    /// The one path of calls.
    pub pipeline: Arc<Pipeline>,
    identities: Option<Arc<TestIdentities>>,
    work: workflow::Work,
}

impl TestCloud {
    /// A cloud of some services, with identities of the test's own unless a registration brings its own.
    ///
    /// # Panics
    /// Where the memory store cannot be opened.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test that cannot start has failed")]
    pub fn new(mut registrations: Vec<Registration>) -> Self {
        registrations.push(crate::identities::registration());
        let clock = ManualClock::at(START);
        let store = Store::open(Backend::Memory, Arc::new(clock.clone())).expect("the memory store opens");
        let own = Arc::new(TestIdentities::default());
        let brought = registrations.iter().find_map(|registration| registration.identities.clone());
        let identities: Arc<dyn Identities> =
            brought.clone().unwrap_or_else(|| Arc::clone(&own) as Arc<dyn Identities>);
        let parts = Parts {
            store,
            blobs: Blobs::in_memory(Arc::new(clock.clone())),
            clock: Arc::new(clock.clone()),
            endpoint: "http://127.0.0.1:4566".into(),
        };
        let pipeline = Pipeline::new(parts, &registrations, identities);
        let work = workflow::Work::of(&registrations);
        Self { clock, pipeline, identities: brought.is_none().then_some(own), work }
    }

    /// Starts carrying out tasks and giving the feed to subscribers, until the answer is dropped. Needs a tokio runtime.
    #[must_use]
    pub fn start_work(&self) -> workflow::Running {
        workflow::start(self.context(), self.work.clone())
    }

    /// What asynchronous work may use.
    #[must_use]
    pub fn context(&self) -> &Context {
        self.pipeline.context()
    }

    /// The account and region of tests.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope::new(account(), REGION)
    }

    /// Calls as the account's root user.
    #[must_use]
    pub fn root(&self) -> Caller {
        self.caller(Principal::Root(account()))
    }

    /// Calls as any principal.
    #[must_use]
    pub fn caller(&self, principal: Principal) -> Caller {
        self.context().caller(principal, self.scope(), Chain::default())
    }

    /// Calls as a user that has just these policies (JSON text); none: a user who may nothing.
    ///
    /// # Panics
    /// Where a policy cannot be parsed, or the cloud's identities are a service's.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test that cannot start has failed")]
    pub fn user(&self, name: &str, policies: &[&str]) -> Caller {
        let identity = Identity::user(account(), name, policies);
        let principal = identity.principal.clone();
        self.identities.as_ref().expect("the identities are the test's own").put(identity);
        self.caller(principal)
    }

    /// Calls as a session of a role that has just these policies (JSON text), whose trust policy any service and account root passes.
    ///
    /// # Panics
    /// Where a policy cannot be parsed, or the cloud's identities are a service's.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test that cannot start has failed")]
    pub fn role(&self, name: &str, policies: &[&str]) -> Caller {
        let identity = Identity::role(account(), name, policies);
        let principal = identity.principal.clone();
        self.identities.as_ref().expect("the identities are the test's own").put(identity);
        self.caller(principal)
    }

    /// Moves the clock forward, and lets what slept until then run.
    pub async fn advance(&self, by: Duration) {
        self.clock.advance(by);
        self.settle().await;
    }

    /// Lets everything that can run without the clock run: a bounded number of turns, no waiting.
    pub async fn settle(&self) {
        for _ in 0..500 {
            tokio::task::yield_now().await;
        }
    }

    /// Waits until something is true, letting other work run; for work on other threads. Gives up after 30 real seconds.
    ///
    /// # Panics
    /// Where it gives up.
    #[expect(
        clippy::panic,
        clippy::disallowed_methods,
        reason = "a test whose condition never holds has failed; real processes need real time"
    )]
    pub async fn until<T>(&self, what: &str, mut condition: impl AsyncFnMut() -> Option<T>) -> T {
        for _ in 0..3000 {
            if let Some(value) = condition().await {
                return value;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("gave up waiting until {what}");
    }

    /// The records of all calls so far, in order.
    ///
    /// # Panics
    /// Where the store fails.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test whose store fails has failed")]
    pub fn records(&self) -> Vec<CallRecord> {
        self.context().store.flush_appended().expect("records are written");
        self.context().store.view().list_all::<CallRecord>().expect("records are read")
    }

    /// What was measured in a namespace since this was last called, which from the first call on is gathered: a line for each series and
    /// minute, such as `SentMessageSize{QueueName=orders} Bytes 5 7x2` (one value of 5, two of 7), in order.
    #[must_use]
    pub fn measured(&self, namespace: &str) -> Vec<String> {
        let taken = self.context().store.take_measured();
        let of_namespace = taken.iter().filter(|measured| measured.series.namespace == namespace);
        let mut lines: Vec<String> = of_namespace.map(line).collect();
        lines.sort();
        lines
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

fn line(measured: &Measured) -> String {
    let Series { name, dimensions, unit, .. } = &measured.series;
    let dimensions: Vec<String> = dimensions.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let values = measured.distribution.values.iter().map(|(value, times)| match times {
        1 => format!(" {value}"),
        times => format!(" {value}x{times}"),
    });
    format!("{name}{{{}}} {unit}{}", dimensions.join(","), values.collect::<String>())
}

fn account() -> AccountId {
    ACCOUNT.parse().unwrap_or(AccountId::DEFAULT)
}

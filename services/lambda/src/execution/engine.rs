//! One execution, from its admission to its log.

use super::lineage;
use super::lines::Account;
use super::log_stream::Entry;
use super::pool::{Limits, Owner, Pool};
use super::start::start;
use crate::answer::runtime_version_arn;
use crate::code::CodeCache;
use crate::error::{Throttle, recursive_loop, service_failure, throttled};
use crate::metrics::{self, Measured};
use crate::settings::Settings;
use crate::state::{Configuration, Function};
use api_lambda::Error;
use bytes::Bytes;
use contract::{Chain, Context};
use names::{AccountId, Scope};
use sandbox::{Invocation, Outcome};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use store::StoreError;

/// How much of the log `LogType: Tail` shows, in bytes.
const TAIL: usize = 4096;
/// What account settings always leave for functions without reserved concurrency.
pub(crate) const UNRESERVED_AT_LEAST: i32 = 100;
/// Credentials must outlive an invocation by this.
const MARGIN: Duration = Duration::from_secs(300);

/// Runs functions.
pub(crate) struct Engine {
    pub(crate) settings: Settings,
    pub(crate) code: CodeCache,
    pub(crate) pool: Arc<Pool>,
}

/// One event for one version of a function.
pub(crate) struct Work {
    pub(crate) function: Function,
    pub(crate) configuration: Configuration,
    /// `$LATEST` or a number.
    pub(crate) version: String,
    /// The ARN that it was called by.
    pub(crate) invoked_arn: String,
    pub(crate) request_id: String,
    pub(crate) payload: Bytes,
    /// Decoded.
    pub(crate) client_context: Option<String>,
    pub(crate) chain: Chain,
}

/// What came of it.
pub(crate) struct Executed {
    pub(crate) outcome: Outcome,
    pub(crate) version: String,
    /// The last 4 KB of its log.
    pub(crate) tail: String,
}

impl Engine {
    pub(crate) fn new(settings: Settings) -> Self {
        let code = CodeCache::new(settings.cache.clone());
        Self { settings, code, pool: Arc::default() }
    }

    /// Runs a piece of work. It goes on when nobody waits for it any more, as on AWS.
    ///
    /// # Errors
    /// Throttling, a role that cannot be assumed, a machine that cannot run functions. What the function does wrong is an outcome.
    pub(crate) async fn execute(self: &Arc<Self>, work: Work, context: &Context) -> Result<Executed, Error> {
        let (engine, context) = (Arc::clone(self), context.clone());
        let account = work.function.scope.account;
        let running = tokio::spawn(async move {
            // What is dropped takes its environment with it, and what is about to wait for another event has come too late.
            let outcome = tokio::select! {
                outcome = engine.run(work, &context) => outcome,
                () = context.store.account_closed(account) => {
                    Err(service_failure("The account was closed while the function ran."))
                }
            };
            if context.store.is_account_closed(account) {
                engine.retire_closed(&context);
            }
            outcome
        });
        running.await.unwrap_or_else(|error| {
            tracing::error!(%error, "an execution broke off");
            Err(service_failure("The execution broke off inside Cloudchamber; its log says why."))
        })
    }

    /// What concurrency leaves to functions of an account that reserve none, and who reserves.
    pub(crate) fn unreserved(
        &self,
        scope: Scope,
        context: &Context,
    ) -> Result<(i32, BTreeMap<String, i32>), StoreError> {
        let reserving = Function::reserving(&context.store.view(), scope)?;
        let all = self.account_concurrency(scope.account, context);
        Ok((all - reserving.values().sum::<i32>(), reserving))
    }

    /// Concurrent executions of an account in a region.
    pub(crate) fn account_concurrency(&self, account: AccountId, context: &Context) -> i32 {
        let own = context.accounting.of(account).and_then(|used| used.limits().concurrency);
        let own = own.map(|own| i32::try_from(own).unwrap_or(i32::MAX));
        own.map_or(self.settings.account_concurrency, |own| own.min(self.settings.account_concurrency))
    }

    /// Ends the environments that wait for events of accounts that are closed.
    pub(crate) fn retire_closed(&self, context: &Context) {
        self.pool.retire_accounts(|account| context.store.is_account_closed(account));
    }

    async fn run(&self, work: Work, context: &Context) -> Result<Executed, Error> {
        let (scope, name) = (work.function.scope, work.function.name.clone());
        let came_with = work.chain.trace.as_deref();
        let measured = Measured::work(&work);
        if !work.function.recursion_allowed && lineage::is_loop(came_with, &work.function.arn()) {
            measured.stopped(context.clock.now(), &context.store);
            return Err(recursive_loop());
        }
        let (unreserved, reserving) = self.unreserved(scope, context)?;
        let limits = Limits {
            reserved: work.function.reserved_concurrency,
            unreserved,
            machine: self.settings.environments,
        };
        let admitted = self.pool.admit(scope, &name, limits, |name| reserving.contains_key(name));
        let refused = |throttle| {
            measured.throttled(context.clock.now(), &context.store);
            throttled(throttle)
        };
        let admission = admitted.map_err(refused)?;
        // Its own limit is over all regions.
        let used = context.accounting.of(scope.account);
        let _executing = match &used {
            Some(used) => Some(used.admit_execution().ok_or_else(|| refused(Throttle::Account))?),
            None => None,
        };
        metrics::concurrency(scope, &name, admission.running, context.clock.now(), &context.store);
        let owner = Owner {
            scope,
            function: name,
            incarnation: work.function.incarnation.clone(),
            version: work.version.clone(),
            revision: work.configuration.revision.clone(),
        };
        let deadline = Duration::from_secs(u64::try_from(work.configuration.timeout).unwrap_or(3));
        let good_until = context.clock.now().plus(deadline).plus(MARGIN);
        let mut live = match self.pool.take(&owner, good_until) {
            Some(live) => live,
            None => {
                self.pool.make_room(self.settings.environments);
                start(&work, owner, context, &self.settings, &self.code).await?
            }
        };
        let trace_id = trace_id(context, came_with, &work.function.arn())?;
        let began = context.clock.now();
        let invocation = Invocation {
            request_id: work.request_id.clone(),
            payload: work.payload,
            deadline,
            function_arn: work.invoked_arn,
            client_context: work.client_context,
            cognito_identity: None,
            trace_id: Some(trace_id),
        };
        let outcome = live.runtime.invoke(invocation).await;
        measured.invoked(&outcome, began, &context.store);
        let account = Account {
            request_id: &work.request_id,
            version: &work.version,
            configuration: &work.configuration,
            runtime_version_arn: &runtime_version_arn(scope.region, &work.configuration.runtime),
            began,
            outcome: &outcome,
        };
        let entries = account.entries();
        let tail = tail(&entries);
        // Before the answer: who has it finds the log.
        live.logs.write(entries, &work.chain).await;
        self.pool.put(live, &context.clock, self.settings.idle);
        Ok(Executed { outcome, version: work.version, tail })
    }
}

/// The header for the function, from that which its event came with: SDKs send it on with each call.
fn trace_id(context: &Context, came_with: Option<&str>, function_arn: &str) -> Result<String, StoreError> {
    let entropy = context.entropy()?;
    let seconds = context.clock.now().seconds();
    let root = lineage::root(came_with).unwrap_or_else(|| format!("1-{seconds:08x}-{}", entropy.hex(24)));
    let lineage = lineage::next(came_with, function_arn);
    Ok(format!("Root={root};Parent={};Sampled=0;{lineage}", entropy.hex(16)))
}

/// The end of a log, whole characters only.
fn tail(entries: &[Entry]) -> String {
    let mut text = String::new();
    for entry in entries {
        text.push_str(&entry.text);
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    let start = text.len().saturating_sub(TAIL);
    let start = (start..=text.len()).find(|start| text.is_char_boundary(*start)).unwrap_or(0);
    text.split_off(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_is_the_end_and_whole_characters() {
        let entry = |text: &str| Entry { at: names::Timestamp::default(), text: text.into() };
        assert_eq!(tail(&[entry("a"), entry("b")]), "a\nb\n");
        let long = tail(&[entry(&"é".repeat(4000)), entry("end")]);
        assert!(long.len() <= TAIL && long.len() > TAIL - 4 && long.ends_with("é\nend\n"), "{}", long.len());
    }
}

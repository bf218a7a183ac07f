//! What accounts may use, and what they use: requests, storage, executions of functions.
//!
//! Limits are rows, written by whoever opens accounts for others (a class's). An account without such a row is neither limited nor counted, and costs one load
//! for each request as long as none has one. Counts live in memory: they begin with the process.

use crate::LiveBlobs;
use names::{AccountId, Scope, Timestamp};
use parking_lot::{Mutex, RwLock};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;
use store::{Row, Store, StoreError};

/// How many seconds' worth of requests may come at once.
const BURST: f64 = 2.0;
/// How long what was weighed is believed although nothing large came.
const WEIGH_EVERY: Duration = Duration::from_secs(60);
/// How often an account that stores too much is weighed anew, to see whether it has deleted.
const WEIGH_AGAIN: Duration = Duration::from_secs(1);

/// What an account may use; None: as much as there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLimits {
    /// Whose they are.
    pub account: AccountId,
    /// Requests by the network in a second, those of its functions included.
    pub requests_per_second: Option<u32>,
    /// Bytes in rows and bodies.
    pub storage: Option<u64>,
    /// Executions of functions at once, in all regions.
    pub concurrency: Option<u32>,
}

impl Row for AccountLimits {
    const TABLE: &'static str = "contract.account-limits";
    const QUIET: bool = true;
    type Key = ();

    fn scope(&self) -> Scope {
        Scope::global(self.account)
    }

    fn key(&self) {}
}

/// The limits and the use of all accounts that have limits.
pub struct Accounting {
    store: Store,
    /// There is such an account.
    any: AtomicBool,
    accounts: RwLock<HashMap<AccountId, Arc<AccountUse>>>,
    live_blobs: Vec<LiveBlobs>,
    apart: Apart,
}

/// Tables that nobody in an account can delete from, and that so do not count as stored.
#[derive(Debug, Clone, Copy)]
pub struct Apart {
    /// The history of calls: an account with a storage limit has at most as much of it again, of which the oldest goes.
    pub history: &'static str,
    /// Others.
    pub uncounted: &'static [&'static str],
}

/// What one account uses.
pub struct AccountUse {
    limits: RwLock<AccountLimits>,
    bucket: Mutex<Bucket>,
    requests: AtomicU64,
    throttled: AtomicU64,
    running: AtomicU32,
    most_running: AtomicU32,
    /// What it stored when it was last weighed.
    weighed: RwLock<Option<Weighed>>,
    /// When it was last weighed at once, because something may not fit.
    hastened: Mutex<Timestamp>,
    /// Bodies that were taken since then.
    since: AtomicU64,
    /// One weighs, and the others wait for what comes of it.
    weighing: tokio::sync::Mutex<()>,
}

/// What an account stores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    /// When it was weighed.
    pub at: Timestamp,
    /// All of it, in bytes.
    pub bytes: u64,
    /// The tables with the most, most first, and `bodies` of objects and functions.
    pub largest: Vec<(String, u64)>,
    /// How many requests it had made by then.
    requests: u64,
}

/// Counts of an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests that were let through.
    pub requests: u64,
    /// Requests that came too fast, and were refused.
    pub throttled: u64,
    /// Executions of functions at the moment.
    pub running: u32,
    /// The most at once.
    pub most_running: u32,
}

/// Tokens, of which each request takes one.
struct Bucket {
    tokens: f64,
    at: Timestamp,
}

/// One execution of a function; dropping it ends its count.
pub struct Executing(Arc<AccountUse>);

impl Drop for Executing {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Accounting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Accounting").field("accounts", &self.accounts.read().len()).finish_non_exhaustive()
    }
}

impl Accounting {
    /// Of a store; nothing is limited until [`Accounting::reload`].
    #[must_use]
    pub fn new(store: Store, live_blobs: Vec<LiveBlobs>, apart: Apart) -> Self {
        Self { store, any: AtomicBool::new(false), accounts: RwLock::default(), live_blobs, apart }
    }

    /// Takes up the limits that are stored: at the start, and after each commit that wrote some.
    ///
    /// # Errors
    /// The store's failure.
    pub fn reload(&self) -> Result<(), StoreError> {
        // Under the lock from the reading on, so that what is read last stays.
        let mut accounts = self.accounts.write();
        let stored = self.store.view().list_all::<AccountLimits>()?;
        let known = std::mem::take(&mut *accounts);
        for limits in stored {
            let account =
                known.get(&limits.account).map_or_else(|| Arc::new(AccountUse::new(limits)), Arc::clone);
            *account.limits.write() = limits;
            accounts.insert(limits.account, account);
        }
        self.any.store(!accounts.is_empty(), Ordering::Release);
        Ok(())
    }

    /// What an account uses, where it has limits.
    #[must_use]
    pub fn of(&self, account: AccountId) -> Option<Arc<AccountUse>> {
        if !self.any.load(Ordering::Acquire) {
            return None;
        }
        self.accounts.read().get(&account).cloned()
    }

    /// What an account stores, weighed anew if it has called since the last time, or if that is a minute ago and it called before that.
    ///
    /// # Errors
    /// The store's failure.
    pub async fn weigh(&self, account: &Arc<AccountUse>, now: Timestamp) -> Result<Weighed, StoreError> {
        let known = account.weighed.read().clone();
        match known {
            Some(known)
                if known.at.plus(WEIGH_EVERY) > now || known.requests == account.counts().requests =>
            {
                Ok(known)
            }
            _ => self.weigh_since(account, known.map(|known| known.at), now).await,
        }
    }

    /// Whether what an account with a storage limit stores should be weighed, as it is once a minute while it calls.
    #[must_use]
    pub fn is_due(&self, account: &AccountUse, now: Timestamp) -> bool {
        let due =
            |known: &Option<Weighed>| known.as_ref().is_none_or(|known| known.at.plus(WEIGH_EVERY) <= now);
        account.limits().storage.is_some() && due(&account.weighed.read())
    }

    /// Whether an account may store so many bytes more.
    ///
    /// # Errors
    /// Outside: the store's failure. Inside: what it stores, which is too much.
    pub async fn admit_bytes(
        &self,
        account: &Arc<AccountUse>,
        coming: u64,
        now: Timestamp,
    ) -> Result<Result<(), Weighed>, StoreError> {
        let Some(limit) = account.limits().storage else { return Ok(Ok(())) };
        let known = account.weighed.read().clone();
        let since = account.since.load(Ordering::Relaxed);
        let is_over = |stored: u64| stored.saturating_add(coming) > limit || stored >= limit;
        let believed = known.as_ref().is_some_and(|known| {
            let pause = match (is_over(known.bytes), is_over(known.bytes.saturating_add(since))) {
                (true, _) if since == 0 => WEIGH_AGAIN,
                // At once, but once a second: who alternates what fits with what does not would have it weighed for each.
                (_, true) if account.hastened.lock().plus(WEIGH_AGAIN) <= now => Duration::ZERO,
                (_, true) => WEIGH_AGAIN,
                _ => WEIGH_EVERY,
            };
            known.at.plus(pause) > now
        });
        let weighed = match known {
            Some(known) if believed => known,
            known => {
                if known.as_ref().is_some_and(|known| is_over(known.bytes.saturating_add(since))) {
                    *account.hastened.lock() = now;
                }
                self.weigh_since(account, known.map(|known| known.at), now).await?
            }
        };
        if is_over(weighed.bytes.saturating_add(account.since.load(Ordering::Relaxed))) {
            return Ok(Err(weighed));
        }
        account.since.fetch_add(coming, Ordering::Relaxed);
        Ok(Ok(()))
    }

    /// Weighs, unless somebody has since `before`.
    async fn weigh_since(
        &self,
        account: &Arc<AccountUse>,
        before: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Weighed, StoreError> {
        let _turn = account.weighing.lock().await;
        if let Some(known) = account.weighed.read().clone()
            && Some(known.at) != before
        {
            return Ok(known);
        }
        let requests = account.counts().requests;
        let since = account.since.load(Ordering::Relaxed);
        let (view, id) = (self.store.view(), account.limits().account);
        let (live_blobs, apart) = (self.live_blobs.clone(), self.apart);
        let (store, limit) = (self.store.clone(), account.limits().storage);
        // All rows of an account: too long for a thread that others wait for.
        let weighed = tokio::task::spawn_blocking(move || {
            let mut largest = view.account_bytes(id)?;
            let history =
                largest.iter().find(|(table, _)| table == apart.history).map_or(0, |(_, bytes)| *bytes);
            if let Some(limit) = limit.filter(|limit| history > *limit) {
                // A tenth less, so that it is not done for each further call.
                store.thin_account(id, apart.history, limit.saturating_sub(limit / 10))?;
            }
            largest.retain(|(table, _)| table != apart.history && !apart.uncounted.contains(&table.as_str()));
            let mut bodies = HashSet::new();
            for list in live_blobs {
                bodies.extend(list(&view, Some(id))?);
            }
            largest.push(("bodies".to_owned(), bodies.iter().map(|body| body.length).sum()));
            largest.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
            let bytes = largest.iter().map(|(_, bytes)| bytes).sum();
            largest.truncate(3);
            Ok::<_, StoreError>(Weighed { at: now, bytes, largest, requests })
        });
        let weighed = weighed.await.map_err(|error| StoreError::Backend(error.to_string().into()))??;
        // What came while it was weighed may be in it or not, and still counts.
        account.since.fetch_sub(since, Ordering::Relaxed);
        *account.weighed.write() = Some(weighed.clone());
        Ok(weighed)
    }
}

impl AccountUse {
    fn new(limits: AccountLimits) -> Self {
        Self {
            limits: RwLock::new(limits),
            bucket: Mutex::new(Bucket { tokens: f64::MAX, at: Timestamp::default() }),
            requests: AtomicU64::default(),
            throttled: AtomicU64::default(),
            running: AtomicU32::default(),
            most_running: AtomicU32::default(),
            weighed: RwLock::default(),
            hastened: Mutex::default(),
            since: AtomicU64::default(),
            weighing: tokio::sync::Mutex::default(),
        }
    }

    /// What it may use.
    #[must_use]
    pub fn limits(&self) -> AccountLimits {
        *self.limits.read()
    }

    /// What it uses.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            requests: self.requests.load(Ordering::Relaxed),
            throttled: self.throttled.load(Ordering::Relaxed),
            running: self.running.load(Ordering::Relaxed),
            most_running: self.most_running.load(Ordering::Relaxed),
        }
    }

    /// Counts a request; whether it may be answered, or came too fast.
    #[must_use]
    pub fn admit_request(&self, now: Timestamp) -> bool {
        let admitted = match self.limits().requests_per_second {
            None => true,
            Some(rate) => self.bucket.lock().take(f64::from(rate), now),
        };
        let counter = if admitted { &self.requests } else { &self.throttled };
        counter.fetch_add(1, Ordering::Relaxed);
        admitted
    }

    /// Counts an execution of a function until the answer is dropped; None where as many run as may.
    #[must_use]
    pub fn admit_execution(self: &Arc<Self>) -> Option<Executing> {
        let most = self.limits().concurrency.unwrap_or(u32::MAX);
        let more = |running: u32| (running < most).then(|| running.saturating_add(1));
        let before = self.running.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok()?;
        self.most_running.fetch_max(before.saturating_add(1), Ordering::Relaxed);
        Some(Executing(Arc::clone(self)))
    }
}

impl Bucket {
    fn take(&mut self, rate: f64, now: Timestamp) -> bool {
        // A clock that goes back gives nothing and takes nothing.
        let elapsed = now.since(self.at).as_secs_f64();
        self.tokens = (self.tokens + elapsed * rate).min(rate * BURST);
        self.at = self.at.max(now);
        let may = self.tokens >= 1.0;
        if may {
            self.tokens -= 1.0;
        }
        may
    }
}

/// Bytes for people: `500.0 MiB`.
#[must_use]
pub fn amount(bytes: u64) -> String {
    let (step, unit) = match bytes {
        0..0x400 => return format!("{bytes} bytes"),
        0x400..0x10_0000 => (10, "KiB"),
        0x10_0000..0x4000_0000 => (20, "MiB"),
        _ => (30, "GiB"),
    };
    let tenths = (u128::from(bytes) * 10) >> step;
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests;

//! Environments that wait for their next event, and how many are at work.

use super::start::Live;
use crate::error::Throttle;
use crate::metrics::Running;
use clock::SharedClock;
use names::{AccountId, Scope, Timestamp};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Whose environment it is. Nothing that differs in any part of this is ever run in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Owner {
    pub(crate) scope: Scope,
    pub(crate) function: String,
    /// See [`crate::state::Function::incarnation`].
    pub(crate) incarnation: String,
    /// `$LATEST` or a number.
    pub(crate) version: String,
    /// The configuration's revision.
    pub(crate) revision: String,
}

/// The pool.
#[derive(Default)]
pub(crate) struct Pool {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    idle: Vec<Live>,
    running: HashMap<(Scope, String), i32>,
    reaping: bool,
}

/// What an account's and a function's concurrency allow.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The function's reserved concurrency.
    pub(crate) reserved: Option<i32>,
    /// What functions without one share.
    pub(crate) unreserved: i32,
    /// The most environments of this machine.
    pub(crate) machine: usize,
}

/// One running execution; dropping it ends its count.
pub(crate) struct Admission {
    pool: Arc<Pool>,
    key: (Scope, String),
    /// What runs, this one included.
    pub(crate) running: Running,
}

impl Pool {
    /// Counts one more execution of a function, where the limits allow it. `reserving` tells which functions of the account do not count
    /// against what is shared.
    pub(crate) fn admit(
        self: &Arc<Self>,
        scope: Scope,
        function: &str,
        limits: Limits,
        reserving: impl Fn(&str) -> bool,
    ) -> Result<Admission, Throttle> {
        let mut state = self.state.lock();
        let key = (scope, function.to_owned());
        let mut running =
            Running { function: state.running.get(&key).copied().unwrap_or(0), all: 0, unreserved: None };
        let mut shared = 0;
        for ((_, name), count) in state.running.iter().filter(|((at, _), _)| *at == scope) {
            running.all += count;
            if !reserving(name) {
                shared += count;
            }
        }
        if let Some(reserved) = limits.reserved {
            if running.function >= reserved {
                return Err(Throttle::Reserved);
            }
        } else {
            if shared >= limits.unreserved {
                return Err(Throttle::Account);
            }
            running.unreserved = Some(shared + 1);
        }
        let all = state.running.values().sum::<i32>();
        if usize::try_from(all).is_ok_and(|all| all >= limits.machine) {
            return Err(Throttle::Account);
        }
        *state.running.entry(key.clone()).or_default() += 1;
        running.function += 1;
        running.all += 1;
        Ok(Admission { pool: Arc::clone(self), key, running })
    }

    /// An environment that waits for its owner's events and is good until a moment. Those that can never be used again go.
    pub(crate) fn take(&self, owner: &Owner, good_until: Timestamp) -> Option<Live> {
        let mut state = self.state.lock();
        let (mut found, mut gone) = (None, Vec::new());
        for live in std::mem::take(&mut state.idle).into_iter().rev() {
            let same_version = live.owner.scope == owner.scope
                && live.owner.function == owner.function
                && live.owner.version == owner.version;
            if live.owner == *owner && live.expires > good_until && live.runtime.is_usable() {
                if found.is_none() {
                    found = Some(live);
                } else {
                    state.idle.push(live);
                }
            } else if same_version {
                gone.push(live);
            } else {
                state.idle.push(live);
            }
        }
        state.idle.reverse();
        drop(state);
        drop(gone);
        found
    }

    /// Makes room for a new environment: the one that has waited longest goes.
    pub(crate) fn make_room(&self, machine: usize) {
        let mut state = self.state.lock();
        let running = usize::try_from(state.running.values().sum::<i32>()).unwrap_or(0);
        let gone =
            (!state.idle.is_empty() && state.idle.len() + running > machine).then(|| state.idle.remove(0));
        drop(state);
        drop(gone);
    }

    /// Lets an environment wait for its next event, until it has waited too long.
    pub(crate) fn put(self: &Arc<Self>, mut live: Live, clock: &SharedClock, idle: Duration) {
        if !live.runtime.is_usable() {
            return;
        }
        live.idle_since = clock.now();
        let mut state = self.state.lock();
        state.idle.push(live);
        if !state.reaping {
            state.reaping = true;
            drop(state);
            tokio::spawn(reap(Arc::clone(self), Arc::clone(clock), idle));
        }
    }

    /// Ends the waiting environments of accounts.
    pub(crate) fn retire_accounts(&self, is_gone: impl Fn(AccountId) -> bool) {
        let mut state = self.state.lock();
        let (gone, idle) =
            std::mem::take(&mut state.idle).into_iter().partition(|live| is_gone(live.owner.scope.account));
        state.idle = idle;
        drop(state);
        let _: Vec<Live> = gone;
    }

    /// Ends the waiting environments of a function, but for those of the configurations given.
    pub(crate) fn retire(&self, scope: Scope, function: &str, keep: impl Fn(&Owner) -> bool) {
        let mut state = self.state.lock();
        let (gone, idle) = std::mem::take(&mut state.idle).into_iter().partition(|live| {
            live.owner.scope == scope && live.owner.function == function && !keep(&live.owner)
        });
        state.idle = idle;
        drop(state);
        let _: Vec<Live> = gone;
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        let mut state = self.pool.state.lock();
        if let Some(count) = state.running.get_mut(&self.key) {
            *count -= 1;
            if *count <= 0 {
                state.running.remove(&self.key);
            }
        }
    }
}

/// Ends environments that have waited too long, as long as any waits.
async fn reap(pool: Arc<Pool>, clock: SharedClock, idle: Duration) {
    loop {
        let next = {
            let mut state = pool.state.lock();
            let now = clock.now();
            let over = |live: &Live| live.idle_since.plus(idle) <= now || live.expires <= now;
            let (gone, kept): (Vec<Live>, Vec<Live>) =
                std::mem::take(&mut state.idle).into_iter().partition(over);
            state.idle = kept;
            let next = state.idle.iter().map(|live| live.idle_since.plus(idle).min(live.expires)).min();
            if next.is_none() {
                state.reaping = false;
            }
            drop(state);
            drop(gone);
            next
        };
        match next {
            Some(next) => clock.sleep_until(next).await,
            None => return,
        }
    }
}

//! What commits touched, by account: names of tables and of resource types, for who shows an account and wants to know when to look again.

use crate::Row;
use crate::backends::Batch;
use crate::feed::Change;
use names::AccountId;
use parking_lot::{Mutex, RwLock};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering, fence};
use std::sync::{Arc, Weak};
use tokio::sync::Notify;

/// Stands for all names: the store was emptied.
pub const EVERYTHING: &str = "*";

/// How many bytes of a key name the account.
const ACCOUNT: usize = 12;

/// Who listens.
#[derive(Debug, Default)]
pub(crate) struct Touches {
    listeners: Mutex<Vec<Weak<Heard>>>,
    /// How many there are, so that a commit that nobody watches costs one load.
    count: AtomicUsize,
    /// Tables that are not told of ([`Row::QUIET`]).
    quiet: RwLock<BTreeSet<&'static str>>,
}

/// What one listener has not been told yet: at most as many names as there are tables and resource types.
#[derive(Debug)]
struct Heard {
    account: AccountId,
    names: Mutex<BTreeSet<Arc<str>>>,
    news: Notify,
}

impl Heard {
    fn hear(&self, name: &str) {
        let mut names = self.names.lock();
        if !names.contains(name) {
            names.insert(name.into());
        }
        drop(names);
        // Kept until it is waited for, so none is lost between two waits.
        self.news.notify_one();
    }
}

impl Touches {
    pub(crate) fn listen(&self, account: AccountId) -> TouchListener {
        let heard = Arc::new(Heard { account, names: Mutex::default(), news: Notify::new() });
        let mut listeners = self.listeners.lock();
        listeners.retain(|listener| listener.strong_count() > 0);
        listeners.push(Arc::downgrade(&heard));
        self.count.store(listeners.len(), Ordering::Relaxed);
        // Who listens and then reads, and who commits and then looks whether anybody listens: one of them sees the other.
        fence(Ordering::SeqCst);
        TouchListener(heard)
    }

    /// Notes that a row is written whose table may be one that is not told of; costs the others nothing.
    pub(crate) fn writes<R: Row>(&self) {
        if R::QUIET && !self.quiet.read().contains(R::TABLE) {
            self.quiet.write().insert(R::TABLE);
        }
    }

    /// The tables of what was written, from the physical keys of its rows.
    pub(crate) fn publish_tables(&self, written: &Batch) {
        self.tell(written.iter().filter_map(|(key, _)| table_of(key)));
    }

    /// The types of the resources that were changed.
    pub(crate) fn publish_types(&self, changes: &[Change]) {
        self.tell(changes.iter().map(|change| {
            (change.scope.account.as_str().as_bytes(), change.resource.resource_type.as_str())
        }));
    }

    /// To everybody.
    pub(crate) fn publish_all(&self) {
        for listener in self.listeners.lock().iter().filter_map(Weak::upgrade) {
            listener.hear(EVERYTHING);
        }
    }

    fn tell<'a>(&self, touched: impl Iterator<Item = (&'a [u8], &'a str)>) {
        fence(Ordering::SeqCst);
        if self.count.load(Ordering::Relaxed) == 0 {
            return;
        }
        let mut listeners = self.listeners.lock();
        listeners.retain(|listener| listener.strong_count() > 0);
        self.count.store(listeners.len(), Ordering::Relaxed);
        let quiet = self.quiet.read();
        let touched: BTreeSet<(&[u8], &str)> = touched.filter(|(_, name)| !quiet.contains(name)).collect();
        for listener in listeners.iter().filter_map(Weak::upgrade) {
            let own = listener.account.as_str().as_bytes();
            for (_, name) in touched.iter().filter(|(account, _)| *account == own) {
                listener.hear(name);
            }
        }
    }
}

/// The account and the table of a row's physical key; None for entries of indexes and the store's own.
fn table_of(key: &[u8]) -> Option<(&[u8], &str)> {
    let rest = key.strip_prefix(b"d")?;
    let end = rest.iter().position(|byte| *byte == 0)?;
    let (table, rest) = rest.split_at_checked(end)?;
    Some((rest.get(1..=ACCOUNT)?, std::str::from_utf8(table).ok()?))
}

/// Hears what commits touch in one account.
#[derive(Debug)]
pub struct TouchListener(Arc<Heard>);

impl TouchListener {
    /// Returns when a commit has touched the account since the listener was made or its names were last [taken](Self::take).
    pub async fn touched(&self) {
        self.0.news.notified().await;
    }

    /// The names of the tables and resource types that were touched, each once; [`EVERYTHING`] where the store was emptied.
    #[must_use]
    pub fn take(&self) -> BTreeSet<Arc<str>> {
        std::mem::take(&mut *self.0.names.lock())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Backend, ResourceIdentity, Store, StoreError};
    use names::{Region, ResourceType, Scope};
    use serde::{Deserialize, Serialize};

    const OTHER: &str = "444455556666";

    #[derive(Clone, Serialize, Deserialize)]
    struct Topic {
        scope: Scope,
        name: String,
    }

    impl Row for Topic {
        const TABLE: &'static str = "test.topics";
        type Key = String;
        fn scope(&self) -> Scope {
            self.scope
        }
        fn key(&self) -> String {
            self.name.clone()
        }
        fn resource(&self) -> Option<ResourceIdentity> {
            let (id, arn) = (self.name.clone(), format!("arn:{}", self.name));
            Some(ResourceIdentity { resource_type: ResourceType("AWS::Test::Topic"), id, name: None, arn })
        }
    }

    #[derive(Clone, Serialize, Deserialize)]
    struct Note(Scope, String);

    impl Row for Note {
        const TABLE: &'static str = "test.notes";
        type Key = String;
        fn scope(&self) -> Scope {
            self.0
        }
        fn key(&self) -> String {
            self.1.clone()
        }
    }

    #[derive(Clone, Serialize, Deserialize)]
    struct Look(Scope, u32);

    impl Row for Look {
        const TABLE: &'static str = "test.looks";
        const QUIET: bool = true;
        type Key = u32;
        fn scope(&self) -> Scope {
            self.0
        }
        fn key(&self) -> u32 {
            self.1
        }
    }

    fn scope(account: &str, region: &str) -> Scope {
        Scope::new(account.parse().unwrap(), region.parse().unwrap())
    }

    fn store() -> Store {
        Store::open(Backend::Memory, Arc::new(clock::ManualClock::at(names::Timestamp::from_seconds(1))))
            .unwrap()
    }

    fn told(listener: &TouchListener) -> Vec<String> {
        listener.take().iter().map(ToString::to_string).collect()
    }

    fn add(store: &Store, scope: Scope, name: &str) {
        let row = Topic { scope, name: name.into() };
        store.transact(None, |tx| tx.put(row.clone())).unwrap();
    }

    #[tokio::test]
    async fn an_account_hears_of_its_own_tables_and_types_in_every_region() {
        let store = store();
        let own = store.listen_touches(AccountId::DEFAULT);
        add(&store, scope("000000000000", "eu-west-1"), "a");
        own.touched().await;
        assert_eq!(told(&own), ["AWS::Test::Topic", "test.topics"]);
        add(&store, scope(OTHER, "us-east-1"), "a");
        store.append_soon([Note(Scope::new(AccountId::DEFAULT, Region::US_EAST_1), "n".into())]).unwrap();
        store.flush_appended().unwrap();
        own.touched().await;
        assert_eq!(told(&own), ["test.notes"], "nothing of the other account's");
    }

    #[tokio::test]
    async fn what_is_not_committed_or_changes_nothing_is_not_told() {
        let store = store();
        let scope = scope("000000000000", "eu-west-1");
        add(&store, scope, "a");
        let own = store.listen_touches(AccountId::DEFAULT);
        add(&store, scope, "a");
        let refused = store.transact(None, |tx| {
            tx.put(Topic { scope, name: "b".into() })?;
            Err::<(), _>(StoreError::Conflict)
        });
        assert!(refused.is_err());
        assert!(told(&own).is_empty());
        store.reset().unwrap();
        own.touched().await;
        assert_eq!(told(&own), [EVERYTHING]);
    }

    #[test]
    fn looks_are_not_told_whatever_wrote_them() {
        let store = store();
        let own = store.listen_touches(AccountId::DEFAULT);
        let scope = scope("000000000000", "eu-west-1");
        store.append_soon([Look(scope, 1)]).unwrap();
        store.flush_appended().unwrap();
        store.transact(None, |tx| tx.put(Look(scope, 2))).unwrap();
        assert!(told(&own).is_empty());
        store.transact(None, |tx| tx.remove::<Look>(scope, 2_u32).map(drop)).unwrap();
        assert!(told(&own).is_empty());
        add(&store, scope, "a");
        assert_eq!(told(&own), ["AWS::Test::Topic", "test.topics"]);
    }

    #[test]
    fn listeners_that_are_gone_cost_nothing() {
        let store = store();
        drop(store.listen_touches(AccountId::DEFAULT));
        add(&store, scope("000000000000", "eu-west-1"), "a");
        assert_eq!(store.shared.touches.count.load(Ordering::Relaxed), 0);
        assert!(store.shared.touches.listeners.lock().is_empty());
    }
}

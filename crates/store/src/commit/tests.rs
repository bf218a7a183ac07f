//! What happens when the storage engine fails.

use crate::backends::{Batch, Durability, Engine, Memory, Snapshot};
use crate::{Row, Store, StoreError};
use names::{AccountId, Region, Scope, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A disk that breaks when it is told to.
struct Failing {
    inner: Memory,
    write: Arc<AtomicBool>,
    persist: Arc<AtomicBool>,
}

fn outcome(fails: &AtomicBool) -> Result<(), StoreError> {
    if fails.load(Ordering::Relaxed) { Err(StoreError::backend(&"no space left")) } else { Ok(()) }
}

impl Engine for Failing {
    fn snapshot(&self) -> Box<dyn Snapshot> {
        self.inner.snapshot()
    }

    fn write(&self, batch: Batch) -> Result<(), StoreError> {
        outcome(&self.write)?;
        self.inner.write(batch)
    }

    fn persist(&self) -> Result<(), StoreError> {
        outcome(&self.persist)
    }

    fn reset(&self, batch: Batch) -> Result<(), StoreError> {
        outcome(&self.write)?;
        self.inner.reset(batch)
    }
}

#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Name(String);

fn scope() -> Scope {
    Scope::new(AccountId::DEFAULT, Region::US_EAST_1)
}

impl Row for Name {
    const TABLE: &'static str = "test.names";
    type Key = String;

    fn scope(&self) -> Scope {
        scope()
    }

    fn key(&self) -> String {
        self.0.clone()
    }
}

fn open(durability: Durability) -> (Store, Arc<AtomicBool>, Arc<AtomicBool>) {
    let (write, persist) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let engine =
        Failing { inner: Memory::default(), write: Arc::clone(&write), persist: Arc::clone(&persist) };
    let clock = Arc::new(clock::ManualClock::at(Timestamp::from_seconds(0)));
    (Store::over(Box::new(engine), Some(durability), clock).unwrap(), write, persist)
}

fn insert(store: &Store, name: &str) -> Result<(), StoreError> {
    store.transact(None, |tx| tx.insert(Name(name.into())))
}

#[test]
fn after_a_failed_write_none_is_taken() {
    let (store, write, _) = open(Durability::Process);
    insert(&store, "first").unwrap();
    write.store(true, Ordering::Relaxed);
    assert_eq!(insert(&store, "second").unwrap_err().to_string(), "the storage engine failed: no space left");
    write.store(false, Ordering::Relaxed);
    assert_eq!(
        insert(&store, "third").unwrap_err().to_string(),
        "the storage engine failed: an earlier write failed (the storage engine failed: no space left); open the store again"
    );
    assert!(matches!(store.reset(), Err(StoreError::Backend(_))));
    store.append_soon([Name("record".into())]).unwrap();
    assert!(matches!(store.flush_appended(), Err(StoreError::Backend(_))));
    assert_eq!(store.view().list::<Name>(scope()).unwrap().len(), 1, "reading goes on");
}

#[test]
fn who_waits_for_a_failed_fsync_is_told() {
    let (store, _, persist) = open(Durability::Power);
    insert(&store, "first").unwrap();
    persist.store(true, Ordering::Relaxed);
    assert!(matches!(insert(&store, "second"), Err(StoreError::Backend(_))));
    // What the disk says afterwards is of no worth: the pages that it did not take may have been dropped.
    persist.store(false, Ordering::Relaxed);
    assert!(matches!(insert(&store, "third"), Err(StoreError::Backend(_))));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let read = runtime.block_on(store.transact_async(None, |tx| tx.list::<Name>(scope())));
    assert!(
        matches!(read, Err(StoreError::Backend(_))),
        "an answer may not rest on what the disk does not have"
    );
    assert!(matches!(store.append_soon([Name("record".into())]), Err(StoreError::Backend(_))));
}

#[test]
fn process_durability_does_not_wait_for_the_disk() {
    let (store, _, persist) = open(Durability::Process);
    persist.store(true, Ordering::Relaxed);
    insert(&store, "first").unwrap();
}

/// In memory nothing goes to the disk, so that nothing may stay urgent: the committer thread would spin for ever.
#[test]
fn much_that_is_appended_in_memory_leaves_the_committer_at_rest() {
    let store = Store::open(crate::Backend::Memory, Arc::new(clock::SystemClock::new())).unwrap();
    store.append_soon([Name("x".repeat(crate::append::MANY + 1))]).unwrap();
    for _ in 0..1_000_000 {
        let work = store.shared.progress.work.lock();
        if !work.urgent && work.appended.entries.is_empty() {
            return;
        }
        drop(work);
        std::thread::yield_now();
    }
    panic!("it is still urgent");
}

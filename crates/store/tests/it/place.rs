//! Where a test's store lives.

use clock::ManualClock;
use names::{AccountId, Region, Scope, Timestamp};
use std::sync::Arc;
use store::{Backend, Durability, Store, StoreError};
use tempfile::TempDir;

pub(crate) enum Place {
    Memory,
    Disk(TempDir, Durability),
}

impl Place {
    pub(crate) fn memory() -> Self {
        Self::Memory
    }

    pub(crate) fn disk_process() -> Self {
        Self::Disk(TempDir::new().unwrap(), Durability::Process)
    }

    pub(crate) fn disk_power() -> Self {
        Self::Disk(TempDir::new().unwrap(), Durability::Power)
    }

    pub(crate) fn try_open(&self) -> Result<Store, StoreError> {
        let backend = match self {
            Self::Memory => Backend::Memory,
            Self::Disk(directory, durability) => {
                Backend::Disk { path: directory.path().join("data"), durability: *durability }
            }
        };
        Store::open(backend, clock())
    }

    pub(crate) fn open(&self) -> Store {
        self.try_open().unwrap()
    }

    /// Closes the store and opens it again; in memory there is nothing to come back to.
    pub(crate) fn reopen(&self, store: Store) -> Store {
        match self {
            Self::Memory => store,
            Self::Disk(..) => {
                drop(store);
                self.open()
            }
        }
    }
}

pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(Timestamp::from_seconds(1_795_253_400)))
}

pub(crate) fn scope() -> Scope {
    Scope::new(AccountId::DEFAULT, Region::US_EAST_1)
}

pub(crate) fn scope_of(account: &str, region: &str) -> Scope {
    Scope::new(account.parse().unwrap(), region.parse().unwrap())
}

/// Makes of each function a test on every backend.
macro_rules! on_every_backend {
    ($($test:ident),+ $(,)?) => {
        mod memory { $(#[test] fn $test() { super::$test(&crate::place::Place::memory()); })+ }
        mod disk_process { $(#[test] fn $test() { super::$test(&crate::place::Place::disk_process()); })+ }
        mod disk_power { $(#[test] fn $test() { super::$test(&crate::place::Place::disk_power()); })+ }
    };
}
pub(crate) use on_every_backend;

//! Where keys and values are kept. A backend knows nothing of rows: it gives snapshots and takes atomic batches, one at a time.

mod disk;
mod lock;
mod memory;

pub(crate) use disk::Disk;
pub(crate) use memory::Memory;

use crate::StoreError;
use bytes::Bytes;
use std::path::PathBuf;

/// Which backend a store is opened over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Backend {
    /// A map in this process, gone with it.
    Memory,
    /// A directory, which the store locks and keeps to itself.
    Disk {
        /// The directory; it and its parents are made where missing.
        path: PathBuf,
        /// When a commit is answered.
        durability: Durability,
    },
}

/// When a commit on disk is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// When the operating system has it: it survives `kill -9` at once, and power loss after about 100 ms.
    #[default]
    Process,
    /// When the disk has it: it survives power loss. Transactions that wait together share one fsync.
    Power,
}

/// Writes that happen together: in order, a key with its value, or with None where it is removed.
pub(crate) type Batch = Vec<(Bytes, Option<Bytes>)>;

/// A key and its value.
pub(crate) type Entry = Result<(Bytes, Bytes), StoreError>;

/// Ordered keys and values.
pub(crate) trait Engine: Send + Sync {
    /// All as it is now, unchanged by later writes.
    fn snapshot(&self) -> Box<dyn Snapshot>;

    /// Writes all or nothing. On return it is visible to new snapshots and survives the end of the process (where the backend survives it
    /// at all). The caller sends one batch at a time.
    fn write(&self, batch: Batch) -> Result<(), StoreError>;

    /// Makes all that was written before the call survive a loss of power. Does not hold up `write`.
    fn persist(&self) -> Result<(), StoreError>;

    /// Removes everything; then writes the batch.
    fn reset(&self, batch: Batch) -> Result<(), StoreError>;
}

/// A moment's keys and values.
pub(crate) trait Snapshot: Send + Sync {
    /// The value under a key.
    fn get(&self, key: &[u8]) -> Result<Option<Bytes>, StoreError>;

    /// The entries from `lower` (included) to `upper` (excluded), in order or in reverse. Nothing where `upper <= lower`.
    fn scan<'a>(
        &'a self,
        lower: &[u8],
        upper: &[u8],
        reverse: bool,
    ) -> Box<dyn Iterator<Item = Entry> + Send + 'a>;
}

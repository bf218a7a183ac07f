use super::lock::DirectoryLock;
use super::{Batch, Engine, Entry, Snapshot};
use crate::StoreError;
use bytes::Bytes;
use fjall::{Database, Guard, Keyspace, KeyspaceCreateOptions, PersistMode, Readable};
use parking_lot::Mutex;
use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

const CACHE: u64 = 16 << 20;
const MEMTABLE: u64 = 8 << 20;
const JOURNALS: u64 = 64 << 20;

/// fjall, an LSM tree with a journal. Everything is in one of its keyspaces: one memtable, one journal entry for a commit.
pub(crate) struct Disk {
    keyspace: Keyspace,
    database: Database,
    journals: PathBuf,
    /// The journal that was synced last, kept open.
    synced: Mutex<Option<(u64, File)>>,
    // Last, so that it is given back when the database is closed.
    _lock: DirectoryLock,
}

impl Disk {
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let fail = |reason: String| StoreError::Open { path: path.to_owned(), reason };
        // Rows hold secrets: only the owner may look into a directory that is made here.
        let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.map_err(|error| fail(error.to_string()))?;
        let lock = DirectoryLock::acquire(path)?;
        let journals = path.join("state");
        let database = Database::builder(&journals)
            .cache_size(CACHE)
            .max_journaling_size(JOURNALS)
            .max_cached_files(Some(64))
            .worker_threads(1)
            .open()
            .map_err(|error| match error {
                // Our own lock is free, and fjall's is not: a view of this process still holds on to a store that was dropped.
                fjall::Error::Locked => {
                    StoreError::Locked { path: path.to_owned(), pid: Some(std::process::id()) }
                }
                error => fail(error.to_string()),
            })?;
        let keyspace = database
            .keyspace("state", || KeyspaceCreateOptions::default().max_memtable_size(MEMTABLE))
            .map_err(|error| fail(error.to_string()))?;
        Ok(Self { keyspace, database, journals, synced: Mutex::new(None), _lock: lock })
    }

    /// The number of the journal that is being written: the highest.
    fn active_journal(&self) -> std::io::Result<Option<u64>> {
        let mut highest = None;
        for file in std::fs::read_dir(&self.journals)? {
            let name = file?.file_name();
            let number = name
                .to_str()
                .and_then(|name| name.strip_suffix(".jnl"))
                .and_then(|number| number.parse().ok());
            highest = highest.max(number);
        }
        Ok(highest)
    }

    /// Syncs the journal through a descriptor of our own: fjall's `persist` would hold its journal's lock, and with it every
    /// commit, for as long as the disk takes. A journal that fjall leaves for the next one it has synced itself.
    fn sync_journal(&self) -> std::io::Result<bool> {
        let mut synced = self.synced.lock();
        let Some(number) = self.active_journal()? else { return Ok(false) };
        if synced.as_ref().is_none_or(|(last, _)| *last != number) {
            let file = File::options().write(true).open(self.journals.join(format!("{number}.jnl")))?;
            *synced = Some((number, file));
        }
        match synced.as_ref() {
            Some((_, file)) => file.sync_data().map(|()| true),
            None => Ok(false),
        }
    }
}

impl Engine for Disk {
    fn snapshot(&self) -> Box<dyn Snapshot> {
        Box::new(At { snapshot: self.database.snapshot(), keyspace: self.keyspace.clone() })
    }

    fn write(&self, batch: Batch) -> Result<(), StoreError> {
        // `Buffer` hands the journal to the operating system, which outlives this process.
        let mut writes = self.database.batch().durability(Some(PersistMode::Buffer));
        for (key, value) in batch {
            match value {
                Some(value) => writes.insert(&self.keyspace, key, value),
                None => writes.remove(&self.keyspace, key),
            }
        }
        writes.commit().map_err(|error| StoreError::backend(&error))
    }

    fn persist(&self) -> Result<(), StoreError> {
        match self.sync_journal() {
            Ok(true) => Ok(()),
            Ok(false) => {
                self.database.persist(PersistMode::SyncData).map_err(|error| StoreError::backend(&error))
            }
            // A journal that is gone by the time it is opened was rotated, synced and flushed.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                self.database.persist(PersistMode::SyncData).map_err(|error| StoreError::backend(&error))
            }
            Err(error) => Err(StoreError::backend(&format!(
                "fsync of the journal in {}: {error}",
                self.journals.display()
            ))),
        }
    }

    fn reset(&self, batch: Batch) -> Result<(), StoreError> {
        self.keyspace.clear().map_err(|error| StoreError::backend(&error))?;
        self.write(batch)
    }
}

struct At {
    snapshot: fjall::Snapshot,
    keyspace: Keyspace,
}

impl Snapshot for At {
    fn get(&self, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        let value = self.snapshot.get(&self.keyspace, key).map_err(|error| StoreError::backend(&error))?;
        Ok(value.map(Bytes::from))
    }

    fn scan<'a>(
        &'a self,
        lower: &[u8],
        upper: &[u8],
        reverse: bool,
    ) -> Box<dyn Iterator<Item = Entry> + Send + 'a> {
        if lower >= upper {
            return Box::new(std::iter::empty());
        }
        let range = self.snapshot.range(&self.keyspace, lower.to_vec()..upper.to_vec());
        let entry = |guard: Guard| {
            let (key, value) = guard.into_inner().map_err(|error| StoreError::backend(&error))?;
            Ok((Bytes::from(key), Bytes::from(value)))
        };
        if reverse { Box::new(range.rev().map(entry)) } else { Box::new(range.map(entry)) }
    }
}

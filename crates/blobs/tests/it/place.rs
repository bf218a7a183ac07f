//! Where a test's blobs are.

use blobs::{Blobs, Durability};
use bytes::Bytes;
use clock::ManualClock;
use names::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) struct Place {
    pub(crate) blobs: Blobs,
    pub(crate) clock: ManualClock,
    folder: Option<tempfile::TempDir>,
}

impl Place {
    pub(crate) fn memory() -> Self {
        let clock = clock();
        Self { blobs: Blobs::in_memory(Arc::new(clock.clone())), clock, folder: None }
    }

    pub(crate) fn disk(durability: Durability) -> Self {
        let (clock, folder) = (clock(), tempfile::TempDir::new().unwrap());
        let blobs = Blobs::open(&folder.path().join("blobs"), durability, Arc::new(clock.clone())).unwrap();
        Self { blobs, clock, folder: Some(folder) }
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.as_ref().unwrap().path().join("blobs")
    }

    pub(crate) fn reopen(&self) -> Blobs {
        Blobs::open(&self.root(), Durability::Process, Arc::new(self.clock.clone())).unwrap()
    }
}

fn clock() -> ManualClock {
    ManualClock::at(Timestamp::from_seconds(1_795_253_400))
}

/// All files below a directory.
pub(crate) fn files(path: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// Bytes that repeat themselves late.
pub(crate) fn bytes(length: usize) -> Bytes {
    (0..length).map(|index| (index % 251) as u8 ^ (index / 65_536) as u8).collect()
}

pub(crate) fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap().block_on(test)
}

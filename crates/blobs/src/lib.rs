//! Large bodies: S3 objects, function code. Streamed in and out with bounded memory, and named by their SHA-256.
//!
//! What it is: a directory of immutable files (or, for ephemeral clouds, a map). A body is written to a temporary file, which gets its name
//! when it is complete; a writer that is dropped leaves nothing. Small bodies are kept inline in rows ([`Body`]). A body may be sealed with a
//! [`DataKey`], which rows keep wrapped by the key of the data directory ([`Blobs::wrap`]).
//!
//! What it is not: it knows no buckets and no functions. Who refers to a blob is known to the rows in the store; what no row refers to
//! is removed by [`Blobs::garbage_collect`], which `workflow` calls once an hour.

mod body;
mod collect;
mod directory;
mod error;
mod id;
mod master;
mod read;
mod sealed;
mod write;

pub use body::{Body, INLINE_LIMIT};
pub use collect::Collected;
pub use error::BlobError;
pub use id::BlobId;
pub use master::WrappedKey;
pub use read::BlobStream;
pub use sealed::{DataKey, open, plain_length, seal, seal_salted};
pub use write::{BlobWriter, Written, WrittenBody};

use bytes::Bytes;
use clock::SharedClock;
use directory::Directory;
use master::Master;
use names::Timestamp;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// When a blob is answered as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// When the operating system has it; it is brought to the disk in the background.
    #[default]
    Process,
    /// When the disk has it.
    Power,
}

/// The blobs of a cloud. Clones are the same blobs.
#[derive(Clone)]
pub struct Blobs {
    place: Place,
    clock: SharedClock,
    master: Arc<Master>,
}

#[derive(Clone)]
enum Place {
    Memory(Arc<Memory>),
    Disk(Arc<Directory>),
}

#[derive(Default)]
struct Memory {
    blobs: Mutex<HashMap<BlobId, (Bytes, Timestamp)>>,
}

impl std::fmt::Debug for Blobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.place {
            Place::Memory(_) => f.write_str("Blobs(in memory)"),
            Place::Disk(directory) => write!(f, "Blobs({})", directory.root.display()),
        }
    }
}

impl Blobs {
    /// Blobs in a directory, which is made where missing. The caller sees to it that no other process uses the directory: the store's lock on
    /// the data directory does. What unfinished writers of an earlier process left is removed. Blocks for as long as that takes.
    ///
    /// # Errors
    /// [`BlobError::Io`] where the directory cannot be used, [`BlobError::MasterKey`] where `<directory>.key` holds no key.
    pub fn open(directory: &Path, durability: Durability, clock: SharedClock) -> Result<Self, BlobError> {
        let opened = Directory::open(directory, durability)?;
        let master = Arc::new(Master::open(directory)?);
        Ok(Self { place: Place::Disk(Arc::new(opened)), clock, master })
    }

    /// Blobs in this process's memory, gone with it.
    #[must_use]
    pub fn in_memory(clock: SharedClock) -> Self {
        Self { place: Place::Memory(Arc::default()), clock, master: Arc::new(Master::in_memory()) }
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

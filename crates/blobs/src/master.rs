//! The key of a data directory, which wraps the data keys that rows keep.

use crate::directory::sync_directory;
use crate::sealed::{self, DataKey};
use crate::{BlobError, Blobs};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A data key as rows keep it: sealed with the key of the data directory.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrappedKey {
    /// Which master key wrapped it: the first digits of its SHA-256.
    pub master: String,
    /// Sealed.
    pub sealed: Bytes,
}

impl std::fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WrappedKey(by {})", self.master)
    }
}

/// The master key of a directory, or of this process.
pub(crate) struct Master {
    key: OnceLock<DataKey>,
    file: Option<PathBuf>,
}

fn name(key: &DataKey) -> String {
    hex::encode(Sha256::digest(key.bytes())).chars().take(16).collect()
}

impl Master {
    /// Drawn when it is first needed, and gone with the process.
    pub(crate) fn in_memory() -> Self {
        Self { key: OnceLock::new(), file: None }
    }

    /// The key in `<directory>.key`; made, readable by its owner only, where there is none.
    pub(crate) fn open(directory: &Path) -> Result<Self, BlobError> {
        let file = directory.with_extension("key");
        let key = match std::fs::read_to_string(&file) {
            Ok(text) => {
                let mut bytes = [0; 32];
                hex::decode_to_slice(text.trim(), &mut bytes)
                    .map_err(|_| BlobError::MasterKey { path: file.clone() })?;
                DataKey::new(bytes)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let key = DataKey::random()?;
                write(&file, &key)?;
                key
            }
            Err(error) => return Err(BlobError::io("read", file)(error)),
        };
        Ok(Self { key: OnceLock::from(key), file: Some(file) })
    }

    fn key(&self) -> Result<&DataKey, BlobError> {
        if let Some(key) = self.key.get() {
            return Ok(key);
        }
        let fresh = DataKey::random()?;
        Ok(self.key.get_or_init(|| fresh))
    }
}

/// On the disk before anything is wrapped with it: written aside, synced, named. The mode is 0600 from the start.
fn write(file: &Path, key: &DataKey) -> Result<(), BlobError> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(BlobError::io("make the directory", folder))?;
    let mut made = tempfile::Builder::new()
        .prefix(".key")
        .tempfile_in(folder)
        .map_err(BlobError::io("make a file in", folder))?;
    let text = format!("{}\n", hex::encode(key.bytes()));
    made.write_all(text.as_bytes())
        .and_then(|()| made.as_file().sync_all())
        .map_err(BlobError::io("write to", made.path()))?;
    made.persist_noclobber(file).map_err(|error| BlobError::io("name", file)(error.error))?;
    sync_directory(folder)
}

impl Blobs {
    /// Wraps a data key with the key of the data directory, for a row.
    ///
    /// # Errors
    /// [`BlobError::Randomness`]
    pub fn wrap(&self, key: &DataKey) -> Result<WrappedKey, BlobError> {
        let master = self.master.key()?;
        Ok(WrappedKey { master: name(master), sealed: sealed::seal(key.bytes(), master)? })
    }

    /// Unwraps a data key.
    ///
    /// # Errors
    /// [`BlobError::OtherMaster`] where another key wrapped it, [`BlobError::NotOpened`] where it was changed.
    pub fn unwrap(&self, wrapped: &WrappedKey) -> Result<DataKey, BlobError> {
        let master = self.master.key()?;
        if name(master) != wrapped.master {
            let place = self.master.file.as_ref().map_or("memory".into(), |file| file.display().to_string());
            return Err(BlobError::OtherMaster { wrapped_by: wrapped.master.clone(), place });
        }
        let bytes = sealed::open(&wrapped.sealed, master)?;
        Ok(DataKey::new(<[u8; 32]>::try_from(bytes.as_ref()).map_err(|_| BlobError::NotOpened)?))
    }
}

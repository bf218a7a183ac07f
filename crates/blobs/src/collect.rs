use crate::directory::Directory;
use crate::write::blocking;
use crate::{BlobError, BlobId, Blobs, Place};
use names::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// What a collection removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Collected {
    /// How many blobs.
    pub blobs: u64,
    /// How many bytes they had.
    pub bytes: u64,
}

impl Collected {
    fn add(&mut self, id: &BlobId) {
        self.blobs = self.blobs.saturating_add(1);
        self.bytes = self.bytes.saturating_add(id.length);
    }
}

impl Blobs {
    /// Removes the blobs that were written longer ago than `older_than` and that are not `live`. The age protects a blob between its
    /// `finish` and the commit of the row that refers to it: make it longer than that can take (an hour). `live` is asked about one
    /// blob after the other; it must know every row as of a moment after this call began, and say true where it is not sure.
    ///
    /// # Errors
    /// [`BlobError::Io`] where the directory cannot be read or a file not be removed.
    pub async fn garbage_collect(
        &self,
        older_than: Duration,
        live: impl Fn(&BlobId) -> bool + Send + 'static,
    ) -> Result<Collected, BlobError> {
        let before = self.now().minus(older_than);
        match &self.place {
            Place::Memory(memory) => {
                let mut collected = Collected::default();
                memory.blobs.lock().retain(|id, (_, written)| {
                    let keep = *written >= before || live(id);
                    if !keep {
                        collected.add(id);
                    }
                    keep
                });
                Ok(collected)
            }
            Place::Disk(directory) => {
                let directory = Arc::clone(directory);
                blocking(move || directory.collect(before, &live)).await
            }
        }
    }

    /// Removes all blobs. Streams that are open stay readable; writers that are under way go on.
    ///
    /// # Errors
    /// See [`Blobs::garbage_collect`].
    pub async fn reset(&self) -> Result<(), BlobError> {
        match &self.place {
            Place::Memory(memory) => memory.blobs.lock().clear(),
            Place::Disk(directory) => {
                let directory = Arc::clone(directory);
                blocking(move || directory.collect(Timestamp::from_millis(i64::MAX), &|_| false)).await?;
            }
        }
        Ok(())
    }
}

impl Directory {
    fn collect(&self, before: Timestamp, live: &impl Fn(&BlobId) -> bool) -> Result<Collected, BlobError> {
        let mut collected = Collected::default();
        for first in folders(&self.root)? {
            for second in folders(&first)? {
                for path in list(&second)? {
                    // What has no blob's name is not ours to remove.
                    let name = path.file_name().and_then(|name| name.to_str());
                    let Some(id) = name.and_then(|name| name.parse::<BlobId>().ok()) else { continue };
                    if older(&path, before)? && !live(&id) && self.remove_if_older(&path, before)? {
                        collected.add(&id);
                    }
                }
            }
        }
        Ok(collected)
    }

    /// Looks again at the age while no file can get its name.
    fn remove_if_older(&self, path: &Path, before: Timestamp) -> Result<bool, BlobError> {
        let _naming = self.naming.lock();
        if !older(path, before)? {
            return Ok(false);
        }
        std::fs::remove_file(path).map_err(BlobError::io("remove", path))?;
        Ok(true)
    }
}

fn older(path: &Path, before: Timestamp) -> Result<bool, BlobError> {
    let modified = std::fs::metadata(path).and_then(|metadata| metadata.modified());
    let modified = modified.map_err(BlobError::io("look at", path))?;
    let since = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Ok(Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)) < before)
}

fn list(path: &Path) -> Result<Vec<PathBuf>, BlobError> {
    let entries = std::fs::read_dir(path).map_err(BlobError::io("list", path))?;
    entries.map(|entry| Ok(entry.map_err(BlobError::io("list", path))?.path())).collect()
}

/// The directories of the fan-out: two hexadecimal digits.
fn folders(path: &Path) -> Result<Vec<PathBuf>, BlobError> {
    let fan_out = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    Ok(list(path)?.into_iter().filter(fan_out).collect())
}

use crate::body::{Body, INLINE_LIMIT};
use crate::directory::{Directory, make, sync_directory};
use crate::sealed::Sealer;
use crate::{BlobError, BlobId, Blobs, DataKey, Durability, Place, sealed};
use bytes::{Bytes, BytesMut};
use md5::Md5;
use names::Timestamp;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tempfile::TempPath;

/// How many bytes are gathered before they are hashed and written, off the runtime's threads.
const GATHER: usize = 256 * 1024;

/// A blob that is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its name.
    pub id: BlobId,
    /// The MD5 of the bytes that were given (S3's ETag of an object that was put in one part).
    pub md5: [u8; 16],
}

/// A body that is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenBody {
    /// What a row keeps.
    pub body: Body,
    /// The SHA-256 of its bytes; of a sealed blob, of the sealed ones.
    pub sha256: [u8; 32],
    /// The MD5 of its bytes.
    pub md5: [u8; 16],
}

/// Takes a body chunk by chunk. Dropped before `finish`, it leaves nothing.
pub struct BlobWriter {
    blobs: Blobs,
    gathered: Vec<Bytes>,
    gathered_length: usize,
    /// None while a blocking task has it; still None at the next call where that task's future was dropped.
    unfinished: Option<Unfinished>,
    /// For a body that stays in a row.
    key: Option<DataKey>,
}

struct Unfinished {
    place: UnfinishedPlace,
    sha256: Sha256,
    md5: Md5,
    /// Bytes that were given.
    length: u64,
    /// Bytes that were written: more, where they are sealed.
    written: u64,
    sealer: Option<Sealer>,
}

enum UnfinishedPlace {
    Memory(BytesMut),
    /// The file is made with the first bytes that do not fit into a row.
    Disk(Arc<Directory>, Option<(File, TempPath)>),
}

impl std::fmt::Debug for BlobWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlobWriter").field("length", &self.length()).finish_non_exhaustive()
    }
}

impl Blobs {
    /// Begins a body.
    #[must_use]
    pub fn writer(&self) -> BlobWriter {
        let place = match &self.place {
            Place::Memory(_) => UnfinishedPlace::Memory(BytesMut::new()),
            Place::Disk(directory) => UnfinishedPlace::Disk(Arc::clone(directory), None),
        };
        let (sha256, md5) = (Sha256::new(), Md5::new());
        let unfinished = Unfinished { place, sha256, md5, length: 0, written: 0, sealer: None };
        BlobWriter {
            blobs: self.clone(),
            gathered: Vec::new(),
            gathered_length: 0,
            unfinished: Some(unfinished),
            key: None,
        }
    }

    /// Begins a body that is sealed with a key.
    ///
    /// # Errors
    /// [`BlobError::Randomness`]
    pub fn sealed_writer(&self, key: &DataKey) -> Result<BlobWriter, BlobError> {
        let mut writer = self.writer();
        if let Some(unfinished) = &mut writer.unfinished {
            unfinished.sealer = Some(Sealer::new(key)?);
        }
        writer.key = Some(key.clone());
        Ok(writer)
    }

    /// Writes a blob that is in memory already.
    ///
    /// # Errors
    /// See [`BlobWriter::finish`].
    pub async fn write(&self, bytes: Bytes) -> Result<Written, BlobError> {
        let mut writer = self.writer();
        writer.write(bytes).await?;
        writer.finish().await
    }
}

impl BlobWriter {
    /// Appends a chunk.
    ///
    /// # Errors
    /// [`BlobError::Io`] where the file system refuses (no space); [`BlobError::Broken`] after that.
    pub async fn write(&mut self, chunk: Bytes) -> Result<(), BlobError> {
        self.gathered_length = self.gathered_length.saturating_add(chunk.len());
        self.gathered.push(chunk);
        if self.gathered_length >= GATHER {
            self.spill(false).await?;
        } else if self.gathered.len() >= 1024 {
            // Tiny chunks: each would keep the buffer that it was cut from.
            self.gathered = vec![self.gathered.concat().into()];
        }
        Ok(())
    }

    /// How many bytes were written so far.
    #[must_use]
    pub fn length(&self) -> u64 {
        let spilled = self.unfinished.as_ref().map_or(0, |unfinished| unfinished.length);
        spilled.saturating_add(u64::try_from(self.gathered_length).unwrap_or(u64::MAX))
    }

    /// Completes a blob: it has its name, and is as durable as the directory was opened for. A blob with the same bytes is the same blob.
    ///
    /// # Errors
    /// [`BlobError::Io`] where the file system refuses; [`BlobError::Broken`] where an earlier write failed. Nothing is left then.
    pub async fn finish(mut self) -> Result<Written, BlobError> {
        self.spill(true).await?;
        let unfinished = self.unfinished.take().ok_or(BlobError::Broken)?;
        let now = self.blobs.now();
        let Unfinished { place, sha256, md5, written, .. } = unfinished;
        let id = BlobId { sha256: sha256.finalize().into(), length: written };
        match (place, &self.blobs.place) {
            (UnfinishedPlace::Memory(bytes), Place::Memory(memory)) => {
                memory.blobs.lock().insert(id, (bytes.freeze(), now));
            }
            (UnfinishedPlace::Disk(directory, Some((file, temporary))), _) => {
                blocking(move || name_file(&directory, &id, file, temporary, now)).await?;
            }
            _ => return Err(BlobError::Broken),
        }
        Ok(Written { id, md5: md5.finalize().into() })
    }

    /// Completes a body: inline where it is small enough for a row, otherwise as [`BlobWriter::finish`].
    ///
    /// # Errors
    /// See [`BlobWriter::finish`].
    pub async fn finish_body(mut self) -> Result<WrittenBody, BlobError> {
        if self.length() > INLINE_LIMIT {
            let Written { id, md5 } = self.finish().await?;
            return Ok(WrittenBody { body: Body::Blob(id), sha256: id.sha256, md5 });
        }
        let Some(Unfinished { length: 0, .. }) = &self.unfinished else { return Err(BlobError::Broken) };
        let bytes: Bytes = match self.gathered.len() {
            1 => self.gathered.pop().unwrap_or_default(),
            _ => self.gathered.concat().into(),
        };
        let (sha256, md5) = (Sha256::digest(&bytes).into(), Md5::digest(&bytes).into());
        if let Some(key) = &self.key {
            return Ok(WrittenBody { body: Body::Inline(sealed::seal(&bytes, key)?), sha256, md5 });
        }
        // Copied, so that a row does not keep the network buffer that it was cut from.
        Ok(WrittenBody { body: Body::Inline(Bytes::copy_from_slice(&bytes)), sha256, md5 })
    }

    async fn spill(&mut self, last: bool) -> Result<(), BlobError> {
        let mut unfinished = self.unfinished.take().ok_or(BlobError::Broken)?;
        let chunks = std::mem::take(&mut self.gathered);
        self.gathered_length = 0;
        let written = blocking(move || {
            unfinished.append(&chunks, last)?;
            Ok(unfinished)
        });
        self.unfinished = Some(written.await?);
        Ok(())
    }
}

impl Unfinished {
    fn append(&mut self, chunks: &[Bytes], last: bool) -> Result<(), BlobError> {
        for chunk in chunks {
            self.md5.update(chunk);
            self.length = self.length.saturating_add(length(chunk));
        }
        let mut sealed = Vec::new();
        if let Some(sealer) = &mut self.sealer {
            for chunk in chunks {
                sealer.seal(chunk, false, &mut sealed)?;
            }
            if last {
                sealer.seal(b"", true, &mut sealed)?;
            }
        }
        let sealed = [Bytes::from(sealed)];
        let chunks = if self.sealer.is_some() { &sealed[..] } else { chunks };
        for chunk in chunks {
            self.sha256.update(chunk);
            self.written = self.written.saturating_add(length(chunk));
        }
        match &mut self.place {
            UnfinishedPlace::Memory(bytes) => chunks.iter().for_each(|chunk| bytes.extend_from_slice(chunk)),
            UnfinishedPlace::Disk(directory, file) => {
                if file.is_none() && (last || !chunks.is_empty()) {
                    let folder = directory.temporary();
                    let made = tempfile::NamedTempFile::new_in(&folder);
                    *file = Some(made.map_err(BlobError::io("make a file in", &folder))?.into_parts());
                }
                if let Some((file, path)) = file {
                    for chunk in chunks {
                        file.write_all(chunk).map_err(BlobError::io("write to", path.to_path_buf()))?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn length(chunk: &Bytes) -> u64 {
    u64::try_from(chunk.len()).unwrap_or(u64::MAX)
}

/// Runs in a blocking task.
fn name_file(
    directory: &Arc<Directory>,
    id: &BlobId,
    file: File,
    temporary: TempPath,
    now: Timestamp,
) -> Result<(), BlobError> {
    let (folder, path) = (directory.folder(id), directory.path(id));
    make(&folder)?;
    // Its age for the collector, by the cloud's clock.
    let millis = Duration::from_millis(u64::try_from(now.millis()).unwrap_or(0));
    file.set_modified(SystemTime::UNIX_EPOCH + millis)
        .map_err(BlobError::io("date", temporary.to_path_buf()))?;
    if directory.durability == Durability::Power {
        file.sync_all().map_err(BlobError::io("sync", temporary.to_path_buf()))?;
    }
    {
        let _naming = directory.naming.lock();
        // An older file with the same bytes is replaced, so that this one's age counts. Who reads the older one goes on reading it.
        temporary.persist(&path).map_err(|error| BlobError::io("name", &path)(error.error))?;
    }
    match directory.durability {
        Durability::Power => sync_path(directory, &folder),
        Durability::Process => {
            let directory = Arc::clone(directory);
            // Nobody waits for this one; it is what makes the blob outlive a loss of power a moment later.
            tokio::task::spawn_blocking(move || {
                let synced = file.sync_all().map_err(BlobError::io("sync", path));
                if let Err(error) = synced.and_then(|()| sync_path(&directory, &folder)) {
                    tracing::error!(%error, "a blob is not safe from a loss of power");
                }
            });
            Ok(())
        }
    }
}

/// The name in its folder, and the folders that may be new.
fn sync_path(directory: &Directory, folder: &std::path::Path) -> Result<(), BlobError> {
    sync_directory(folder)?;
    folder.parent().map_or(Ok(()), sync_directory)?;
    sync_directory(&directory.root)
}

/// Runs file work off the runtime's threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    // A task that panicked or that the runtime dropped at its end has lost its bytes.
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(BlobError::Broken))
}

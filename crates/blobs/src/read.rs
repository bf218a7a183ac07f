use crate::sealed::{BLOCK, Opener, SALT};
use crate::write::blocking;
use crate::{BlobError, BlobId, Blobs, DataKey, Place, plain_length};
use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt};
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};

/// How many bytes a chunk has at most.
const CHUNK: u64 = 256 * 1024;

/// The bytes of a blob or of a part of one, a chunk at a time; a [`Stream`] that ends after the last one, or after an error.
pub struct BlobStream {
    length: u64,
    chunks: Pin<Box<dyn Stream<Item = Result<Bytes, BlobError>> + Send + Sync>>,
}

impl std::fmt::Debug for BlobStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlobStream").field("length", &self.length).finish_non_exhaustive()
    }
}

impl BlobStream {
    /// How many bytes it has in all.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The next chunk; None at the end.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, BlobError>> {
        self.chunks.next().await
    }

    /// All bytes that are left, at most `limit`.
    ///
    /// # Errors
    /// [`BlobError::TooLarge`] where there are more; what reading answers.
    pub async fn to_bytes(mut self, limit: u64) -> Result<Bytes, BlobError> {
        if self.length > limit {
            return Err(BlobError::TooLarge { length: self.length, limit });
        }
        let mut out = BytesMut::with_capacity(usize::try_from(self.length).unwrap_or(0));
        while let Some(chunk) = self.chunk().await {
            out.extend_from_slice(&chunk?);
        }
        Ok(out.freeze())
    }

    pub(crate) fn of_bytes(bytes: &Bytes, start: u64, length: u64) -> Result<Self, BlobError> {
        let whole = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        check_range(start, length, whole)?;
        let range =
            usize::try_from(start).unwrap_or(0)..usize::try_from(start.saturating_add(length)).unwrap_or(0);
        let part = bytes.slice(range);
        let chunks = futures::stream::iter((!part.is_empty()).then_some(Ok(part)));
        Ok(Self { length, chunks: Box::pin(chunks) })
    }

    fn of_file(file: File, path: PathBuf, length: u64, whole: u64) -> Self {
        let rest = Rest { file, path, left: length, whole };
        let chunks = futures::stream::unfold(Some(rest), |rest| async {
            let rest = rest.filter(|rest| rest.left > 0)?;
            match blocking(move || rest.read_chunk()).await {
                Ok((chunk, rest)) => Some((Ok(chunk), Some(rest))),
                Err(error) => Some((Err(error), None)),
            }
        });
        Self { length, chunks: Box::pin(SyncStream(parking_lot::Mutex::new(Box::pin(chunks)))) }
    }
}

impl Stream for BlobStream {
    type Item = Result<Bytes, BlobError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.chunks.as_mut().poll_next(context)
    }
}

/// HTTP bodies are asked to be `Sync`, which a boxed future is not by itself. The lock is never contended: polling takes `&mut`.
struct SyncStream<S>(parking_lot::Mutex<S>);

impl<S: Stream + Unpin> Stream for SyncStream<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.0.get_mut().poll_next_unpin(context)
    }
}

/// What is still to be read of a file.
struct Rest {
    file: File,
    path: PathBuf,
    left: u64,
    whole: u64,
}

impl Rest {
    fn read_chunk(mut self) -> Result<(Bytes, Self), BlobError> {
        let wanted = self.left.min(CHUNK);
        let mut chunk = Vec::with_capacity(usize::try_from(wanted).unwrap_or(0));
        let read = (&mut self.file)
            .take(wanted)
            .read_to_end(&mut chunk)
            .map_err(BlobError::io("read", &self.path))?;
        if u64::try_from(read).is_ok_and(|read| read < wanted) {
            // Its length was right when it was opened.
            let found = self.file.metadata().map_or(0, |metadata| metadata.len());
            return Err(BlobError::Damaged { path: self.path, expected: self.whole, found });
        }
        self.left = self.left.saturating_sub(wanted);
        Ok((chunk.into(), self))
    }
}

trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

/// What is still to be read of a sealed blob.
struct SealedRest {
    source: Box<dyn ReadSeek>,
    path: PathBuf,
    opener: Opener,
    block: u64,
    /// Bytes of the next block's plaintext that are not asked for.
    skip: usize,
    left: u64,
}

impl SealedRest {
    /// Some blocks at once; at least one, so that a wrong key is found out where nothing is asked for.
    fn read_chunk(mut self) -> Result<(Bytes, Self), BlobError> {
        let mut out = Vec::new();
        loop {
            let mut block = vec![0; self.opener.sealed_length(self.block)];
            self.source.read_exact(&mut block).map_err(BlobError::io("read", &self.path))?;
            self.opener.open(self.block, &mut block)?;
            let wanted = usize::try_from(self.left).unwrap_or(usize::MAX);
            let end = block.len().min(self.skip.saturating_add(wanted));
            let part = block.get(self.skip..end).unwrap_or_default();
            out.extend_from_slice(part);
            self.left = self.left.saturating_sub(u64::try_from(part.len()).unwrap_or(u64::MAX));
            (self.block, self.skip) = (self.block + 1, 0);
            if self.left == 0 || u64::try_from(out.len()).is_ok_and(|read| read >= CHUNK) {
                return Ok((out.into(), self));
            }
        }
    }
}

fn check_range(start: u64, length: u64, whole: u64) -> Result<(), BlobError> {
    match start.checked_add(length) {
        Some(end) if end <= whole => Ok(()),
        _ => Err(BlobError::Range { start, length, whole }),
    }
}

impl Blobs {
    /// Streams a blob. The stream stays readable when the blob is removed meanwhile.
    ///
    /// # Errors
    /// [`BlobError::Missing`] where there is none, [`BlobError::Damaged`] where its length is wrong, [`BlobError::Io`].
    pub async fn read(&self, id: &BlobId) -> Result<BlobStream, BlobError> {
        self.read_range(id, 0, id.length).await
    }

    /// Streams `length` bytes of a blob from the byte `start` on.
    ///
    /// # Errors
    /// [`BlobError::Range`] where the blob has no such bytes; see [`Blobs::read`].
    pub async fn read_range(&self, id: &BlobId, start: u64, length: u64) -> Result<BlobStream, BlobError> {
        check_range(start, length, id.length)?;
        match &self.place {
            Place::Memory(memory) => {
                let bytes = memory.blobs.lock().get(id).map(|(bytes, _)| bytes.clone());
                let bytes = bytes.ok_or_else(|| BlobError::Missing { id: *id, place: "memory".into() })?;
                BlobStream::of_bytes(&bytes, start, length)
            }
            Place::Disk(directory) => {
                let (directory, id) = (std::sync::Arc::clone(directory), *id);
                let opened = blocking(move || {
                    let (mut file, path) = directory.open_blob(&id)?;
                    file.seek(SeekFrom::Start(start)).map_err(BlobError::io("read", &path))?;
                    Ok((file, path))
                });
                let (file, path) = opened.await?;
                Ok(BlobStream::of_file(file, path, length, id.length))
            }
        }
    }

    /// Streams `length` bytes from the byte `start` on of a blob that is sealed with a key; both are counted in plaintext.
    ///
    /// # Errors
    /// [`BlobError::NotOpened`] where the blob is not sealed with that key (the stream may say so later, where a later block was changed);
    /// see [`Blobs::read_range`].
    pub async fn read_sealed_range(
        &self,
        id: &BlobId,
        key: &DataKey,
        start: u64,
        length: u64,
    ) -> Result<BlobStream, BlobError> {
        let plain = plain_length(id.length).ok_or(BlobError::NotOpened)?;
        check_range(start, length, plain)?;
        let (place, key, id) = (self.place.clone(), key.clone(), *id);
        let opened = blocking(move || {
            let (mut source, path): (Box<dyn ReadSeek>, PathBuf) = match &place {
                Place::Memory(memory) => {
                    let bytes = memory.blobs.lock().get(&id).map(|(bytes, _)| bytes.clone());
                    let bytes = bytes.ok_or_else(|| BlobError::Missing { id, place: "memory".into() })?;
                    (Box::new(Cursor::new(bytes)), PathBuf::from("memory"))
                }
                Place::Disk(directory) => {
                    let (file, path) = directory.open_blob(&id)?;
                    (Box::new(file), path)
                }
            };
            let mut salt = [0; SALT];
            source.read_exact(&mut salt).map_err(BlobError::io("read", &path))?;
            let opener = Opener::new(&key, &salt, plain)?;
            // Of nothing, the first block is opened all the same: it shows whether the key is the right one.
            let start = if length == 0 { 0 } else { start };
            let block = start / (BLOCK as u64);
            source.seek(SeekFrom::Start(Opener::position(block))).map_err(BlobError::io("read", &path))?;
            let skip = usize::try_from(start % (BLOCK as u64)).unwrap_or(0);
            SealedRest { source, path, opener, block, skip, left: length }.read_chunk()
        });
        let (first, rest) = opened.await?;
        let rest = futures::stream::unfold(Some(rest), |rest| async {
            let rest = rest.filter(|rest| rest.left > 0)?;
            match blocking(move || rest.read_chunk()).await {
                Ok((chunk, rest)) => Some((Ok(chunk), Some(rest))),
                Err(error) => Some((Err(error), None)),
            }
        });
        let first = futures::stream::iter((!first.is_empty()).then_some(Ok(first)));
        let chunks = Box::pin(first.chain(rest));
        Ok(BlobStream { length, chunks: Box::pin(SyncStream(parking_lot::Mutex::new(chunks))) })
    }

    /// A whole blob of at most `limit` bytes.
    ///
    /// # Errors
    /// [`BlobError::TooLarge`] where it has more; see [`Blobs::read`].
    pub async fn read_to_bytes(&self, id: &BlobId, limit: u64) -> Result<Bytes, BlobError> {
        if id.length > limit {
            return Err(BlobError::TooLarge { length: id.length, limit });
        }
        self.read(id).await?.to_bytes(limit).await
    }

    /// Whether a blob is there.
    ///
    /// # Errors
    /// See [`Blobs::read`], but for [`BlobError::Missing`].
    pub async fn exists(&self, id: &BlobId) -> Result<bool, BlobError> {
        match self.read_range(id, 0, 0).await {
            Ok(_) => Ok(true),
            Err(BlobError::Missing { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

use std::path::PathBuf;
use std::sync::Arc;

/// Why a blob was not written or read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BlobError {
    /// The file system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the operating system said.
        source: Arc<std::io::Error>,
    },
    /// A row refers to a blob that is not there.
    #[error("the blob {id} is not in {place}: was a file removed from the data directory?")]
    Missing {
        /// Its name.
        id: crate::BlobId,
        /// Its file, or the memory.
        place: String,
    },
    /// The file has another length than its name says.
    #[error("the file {} has {found} bytes, and its name says {expected}: it was damaged after it was written", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// How many bytes it should have.
        expected: u64,
        /// How many it has.
        found: u64,
    },
    /// The range does not lie within the blob.
    #[error("the range of {length} bytes from {start} is not within the blob of {whole} bytes")]
    Range {
        /// The first byte.
        start: u64,
        /// How many.
        length: u64,
        /// The blob's length.
        whole: u64,
    },
    /// More bytes than the caller said that it would keep in memory.
    #[error("the blob has {length} bytes, and at most {limit} may be read at once")]
    TooLarge {
        /// The blob's length.
        length: u64,
        /// The caller's limit.
        limit: u64,
    },
    /// The file of the master key holds something else.
    #[error("{} holds no key (64 hexadecimal digits): put back the file that the data directory was made with", path.display())]
    MasterKey {
        /// The file.
        path: PathBuf,
    },
    /// A data key was wrapped with another master key.
    #[error(
        "a body's key was wrapped by the master key {wrapped_by}, and {place} holds another one: was the key file replaced?"
    )]
    OtherMaster {
        /// The first digits of the digest of the key that wrapped it.
        wrapped_by: String,
        /// Where the present key is.
        place: String,
    },
    /// A sealed body does not open.
    #[error("a sealed body does not open: it was changed after it was written, or sealed with another key")]
    NotOpened,
    /// The cipher refused, which it does for no body of a size that can be.
    #[error("a body could not be sealed")]
    Sealing,
    /// The operating system gave no randomness.
    #[error("no randomness from the operating system: {0}")]
    Randomness(String),
    /// An earlier write of this writer failed or was abandoned.
    #[error("an earlier write to this blob did not end; its bytes are lost, and it has to be sent again")]
    Broken,
}

impl BlobError {
    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source: Arc::new(source) }
    }
}

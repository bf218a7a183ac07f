use std::path::PathBuf;
use std::sync::Arc;

/// Why the store did not do what it was asked to.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// `insert` found a row under the key.
    #[error("a row with the key {key} is already in the table {table}")]
    AlreadyExists {
        /// The row's table.
        table: &'static str,
        /// The key, made readable.
        key: String,
    },
    /// `update` found no row under the key.
    #[error("no row with the key {key} is in the table {table}")]
    NotFound {
        /// The row's table.
        table: &'static str,
        /// The key, made readable.
        key: String,
    },
    /// Another transaction committed a write to what this one had read. Nothing was written; run it again.
    #[error("another transaction wrote what this one had read; run it again")]
    Conflict,
    /// The data directory is in use.
    #[error(
        "the data directory {} is in use by {}: stop that one, or name another directory",
        path.display(),
        pid.map_or_else(|| "another process".to_owned(), |pid| format!("the process {pid}"))
    )]
    Locked {
        /// The data directory.
        path: PathBuf,
        /// The process that holds the lock, where its number could be read.
        pid: Option<u32>,
    },
    /// The data directory cannot be used.
    #[error("cannot open the store in {}: {reason}", path.display())]
    Open {
        /// The data directory, or the file in it.
        path: PathBuf,
        /// What the operating system or the storage engine said.
        reason: String,
    },
    /// The storage engine failed. After a failed write or fsync the store refuses further writes: what is on disk is known only
    /// after it has been opened again.
    #[error("the storage engine failed: {0}")]
    Backend(Arc<str>),
    /// A row could not be turned into bytes.
    #[error("a row of the table {table} cannot be encoded: {reason}")]
    Encode {
        /// The row's table.
        table: &'static str,
        /// What the encoder said.
        reason: String,
    },
    /// Stored bytes are not a row of the type that they were read as.
    #[error("a row of the table {table}, stored as version {version}, cannot be decoded: {reason}")]
    Decode {
        /// The table that was read.
        table: String,
        /// The version that the bytes say they are.
        version: u16,
        /// What the decoder said.
        reason: String,
    },
    /// The row was written by a version of the type that this program has no migration from.
    #[error(
        "a row of the table {table} is stored as version {version}, and this program has no migration from it (it writes version \
         {current}): was the data directory written by a newer program?"
    )]
    UnknownVersion {
        /// The row's table.
        table: &'static str,
        /// The version that is stored.
        version: u16,
        /// The version that this program writes.
        current: u16,
    },
    /// What is in an account is removed only where the account is closed.
    #[error("the account {0} is not closed, so nothing in it is removed")]
    AccountOpen(names::AccountId),
    /// What is stored contradicts itself.
    #[error("the store contradicts itself: {0}")]
    Corrupt(String),
}

impl StoreError {
    pub(crate) fn backend(error: &impl std::fmt::Display) -> Self {
        Self::Backend(error.to_string().into())
    }
}

impl names::Fault for StoreError {}

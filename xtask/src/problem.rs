//! Why a chore failed.

use std::fmt::Display;
use std::path::Path;

/// A sentence for the person at the terminal: what happened, why, what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Problem(String);

impl Problem {
    /// A problem in words.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// A problem with a file.
    pub(crate) fn file(path: &Path, cause: impl Display) -> Self {
        Self(format!("{}: {cause}", path.display()))
    }
}

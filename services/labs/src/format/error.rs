//! What is wrong with a lab, and where.

use std::fmt;

/// A mistake in a lab's files: the file, the line, what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabError {
    /// The file, as `labs/NAME/lab.yaml`.
    pub file: String,
    /// The line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl LabError {
    pub(crate) fn at(line: usize, message: impl Into<String>) -> Self {
        Self { file: String::new(), line, message: message.into() }
    }

    /// In a file.
    #[must_use]
    pub(crate) fn of(mut self, file: &str) -> Self {
        if self.file.is_empty() {
            file.clone_into(&mut self.file);
        }
        self
    }
}

impl fmt::Display for LabError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.file.as_str(), self.line) {
            ("", 0) => f.write_str(&self.message),
            (file, 0) => write!(f, "{file}: {}", self.message),
            ("", line) => write!(f, "line {line}: {}", self.message),
            (file, line) => write!(f, "{file}:{line}: {}", self.message),
        }
    }
}

impl std::error::Error for LabError {}

//! What is stored.

mod document;
mod execution;

pub(crate) use document::{DocumentVersion, StoredDocument};
pub(crate) use execution::{Execution, StepState};

//! What is stored.

mod document;
mod execution;
mod parameter;

pub(crate) use document::{DocumentVersion, StoredDocument};
pub(crate) use execution::{Execution, Signal, StepState};
pub(crate) use parameter::{ParameterVersion, Policy, StoredParameter, Value, arn_of};

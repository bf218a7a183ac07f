//! AWS's own managed policies, all of them, read-only: embedded compressed (`models/managed-policies`), indexed at the first question and
//! unpacked a block at a time.

mod library;

pub(crate) use library::{AwsPolicy, all, by_arn};

/// The end of a policy's ARN.
pub(crate) fn name_of(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

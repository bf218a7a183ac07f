//! Drift: what a stack's resources are, beside what the stack made them.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html>

mod attachments;
mod compare;
mod detect;

pub(crate) use detect::{DetectDrift, Found, check, enqueue};

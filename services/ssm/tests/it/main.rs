//! Systems Manager over the real pipeline, with a clock that tests move.

#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

mod automation;
mod cloud;
mod documents;
mod parameters;
mod scripts;
mod signals;
mod sts;

//! Running code: admission, environments, logs.

mod engine;
pub(crate) mod lineage;
mod lines;
mod log_stream;
mod pool;
mod start;
mod variables;

pub(crate) use engine::{Engine, Executed, UNRESERVED_AT_LEAST, Work};
pub(crate) use start::{NOT_ASSUMABLE, as_function, as_lambda, assume, runtime};
pub(crate) use variables::RESERVED;

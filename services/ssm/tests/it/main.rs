//! Systems Manager over the real pipeline, with a clock that tests move.

mod automation;
mod cloud;
mod documents;

//! Labs over a cloud in memory: who may ask what, secrets that are shown once, reports that are markup of nobody's, and what survives.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking, in their helpers too")]

mod format;
mod routes;
mod support;

//! Runs real code in real sandboxes. `SANDBOX_TEST_PYTHON` names another interpreter than `python3`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

mod bench;
mod errors;
mod isolation;
mod limits;
mod network;
mod node;
mod provided;
mod python;
mod sdk;
mod unprivileged;
mod weaker;

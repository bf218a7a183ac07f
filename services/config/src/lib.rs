//! config.

mod engine;
mod state;
mod types;

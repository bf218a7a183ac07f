//! AWS Config against a cloud in memory, with stand-ins for what it calls.

mod cloud;
mod evaluation;
mod recording;

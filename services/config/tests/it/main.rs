//! AWS Config against a cloud in memory, with stand-ins for what it calls.

mod cloud;
mod cloudformation;
mod compliance;
mod delivery;
mod evaluation;
mod recorders;
mod recording;
mod rules;
mod schedule;

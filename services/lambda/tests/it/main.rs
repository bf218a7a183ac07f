//! Lambda on a cloud in memory, with a runtime that the test scripts, and with the real sandbox where the machine has one.

mod asynchronous;
mod cloudformation;
mod configuration;
mod functions;
mod invocations;
mod layers;
mod permissions;
mod real;
mod refusals;
mod support;
mod versions;

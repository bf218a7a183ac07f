//! AWS CloudFormation: templates and stacks.
//!
//! What it is: the template language ([`template`]), and the engine that makes, updates and deletes stacks by the handlers that services
//! registered, or by the user's own functions (custom resources).
//! What it is not: it knows no resource type's properties, and stack sets and imports are not built.

mod cloudformation;
mod drift;
mod engine;
mod operations;
mod responses;
mod state;
pub mod template;

pub use operations::{CloudFormation, registration};

//! AWS CloudFormation: templates and stacks.
//!
//! What it is: the template language ([`template`]), and the engine that makes and deletes stacks by the handlers that services registered.
//! What it is not: it knows no resource type's properties, and updates and change sets are not built.

mod engine;
mod operations;
mod state;
pub mod template;

pub use operations::{CloudFormation, registration};

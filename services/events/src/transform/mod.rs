//! What a target is sent: the event, a part of it, a constant, or a template filled from it. Pure.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html>

mod path;
mod template;
#[cfg(test)]
mod tests;

pub(crate) use path::Path;
pub(crate) use template::{Filled, Refused, Template};

//! Conformance packs: templates of rules and remediations. A pack is a stack of CloudFormation, made by the service-linked role of packs as on AWS:
//! parameters, conditions and references are CloudFormation's, and what a pack may make is what that role may.

mod perform;
pub(crate) mod role;

pub(crate) use perform::{Begun, begin, enqueue};

use contract::Registration;

/// Adds the engine of packs.
pub(crate) fn register(registration: Registration) -> Registration {
    registration.task(perform::Perform)
}

//! CloudFormation's handlers: one file a type.

use contract::Registration;

/// Registers them all.
pub(crate) fn register(contents: Registration) -> Registration {
    contents
}

//! Functions and what belongs to them, for CloudFormation.

use contract::Registration;

pub(crate) fn handlers(registration: Registration) -> Registration {
    registration
}

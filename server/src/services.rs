//! The one list of services.

use contract::Registration;

/// What the services need to know of how the cloud was started.
pub(crate) struct Choices {}

/// Every service that this cloud serves.
pub(crate) fn registrations(_choices: &Choices) -> Vec<Registration> {
    vec![iam::registration(), iam::sts_registration(), ec2::registration()]
}

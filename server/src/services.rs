//! The one list of services.

use contract::Registration;

/// What the services need to know of how the cloud was started.
pub struct Choices {}

impl Choices {
    /// What tests over all services choose: nothing outside of the process is touched.
    #[must_use]
    pub fn for_tests() -> Self {
        Self {}
    }
}

/// Every service that this cloud serves.
#[must_use]
pub fn registrations(_choices: &Choices) -> Vec<Registration> {
    vec![iam::registration(), iam::sts_registration(), ec2::registration(), cloudformation::registration()]
}

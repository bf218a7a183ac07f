//! Remediation: a rule's resource is put right by a runbook of Systems Manager, once when somebody asks, or whenever it turns noncompliant.
//!
//! A remediation is a durable task: it starts the runbook as the service-linked role of remediation, waits for its end, and tries again as often as the
//! configuration says. A resource that needs more than that gets an exception, as on AWS, so that nothing goes round in circles.

mod cloudformation;
mod follow;
mod perform;
pub(crate) mod role;

pub(crate) use perform::begin;

use contract::Registration;

/// Adds the engine of remediation and its CloudFormation type.
pub(crate) fn register(registration: Registration) -> Registration {
    registration
        .subscriber(follow::Follow)
        .task(perform::Perform)
        .handler(cloudformation::RemediationConfigurationHandler)
}

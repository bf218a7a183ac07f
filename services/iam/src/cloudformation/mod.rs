//! CloudFormation's handlers: one file a type, each sending IAM's public operations as the stack's principal.

mod access_key;
mod group;
mod inline_policy;
mod instance_profile;
mod managed_policy;
mod membership;
mod policy;
mod reading;
mod role;
mod service_linked_role;
mod step;
mod target;
mod user;

use contract::Registration;

/// Adds every handler.
pub(crate) fn register(registration: Registration) -> Registration {
    registration
        .handler(role::RoleHandler)
        .handler(policy::PolicyHandler)
        .handler(managed_policy::ManagedPolicyHandler)
        .handler(instance_profile::InstanceProfileHandler)
        .handler(user::UserHandler)
        .handler(group::GroupHandler)
        .handler(access_key::AccessKeyHandler)
        .handler(membership::UserToGroupAdditionHandler)
        .handler(service_linked_role::ServiceLinkedRoleHandler)
        .handler(inline_policy::InlinePolicyHandler::ROLE)
        .handler(inline_policy::InlinePolicyHandler::USER)
        .handler(inline_policy::InlinePolicyHandler::GROUP)
}

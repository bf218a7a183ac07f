//! IAM's operations, one file a noun.

mod access_keys;
mod account;
mod attached;
mod authorization_details;
mod boundaries;
mod credential_report;
mod entities;
mod granting;
mod groups;
mod inline;
mod instance_profiles;
mod last_access;
mod login_profiles;
mod memberships;
mod password_policy;
mod policies;
mod policy_versions;
mod roles;
mod service_linked;
mod simulation;
mod tagging;
mod usage;
mod users;

use contract::Registration;

/// The service.
pub(crate) struct Iam;

type Result<T> = std::result::Result<T, api_iam::Error>;

/// Adds every operation.
pub(crate) fn register(registration: Registration) -> Registration {
    let mut registration = registration;
    for part in [
        users::register,
        groups::register,
        memberships::register,
        roles::register,
        boundaries::register,
        policies::register,
        policy_versions::register,
        attached::register,
        inline::register,
        tagging::register,
        access_keys::register,
        login_profiles::register,
        password_policy::register,
        instance_profiles::register,
        account::register,
        authorization_details::register,
        service_linked::register,
        simulation::register,
        last_access::register,
        granting::register,
        credential_report::register,
        usage::register,
    ] {
        registration = part(registration);
    }
    registration
}

//! The rows.

mod access_key;
mod account;
mod credential_report;
mod deletion;
mod entity;
mod group;
mod instance_profile;
mod item;
mod last_access;
mod login_profile;
mod password_policy;
mod policy;
mod role;
mod session;
mod step;
mod user;

pub(crate) use access_key::AccessKey;
pub use account::Account;
pub(crate) use credential_report::CredentialReport;
pub(crate) use deletion::Deletion;
pub(crate) use entity::{Entity, EntityPolicies};
pub(crate) use group::Group;
pub(crate) use instance_profile::InstanceProfile;
pub(crate) use last_access::{
    AccessCursor, AccessReport, ActionUse, LastAccess, ReportedEntity, ReportedService, Use,
};
pub(crate) use login_profile::LoginProfile;
pub(crate) use password_policy::PasswordPolicy;
pub(crate) use policy::{ManagedPolicy, Version};
pub(crate) use role::Role;
pub(crate) use session::Session;
pub(crate) use step::Step;
pub(crate) use user::User;

/// The key of a named row: IAM's names are unique without regard to case.
pub(crate) fn name_key(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// The moment of a call as IAM keeps and answers moments: whole seconds.
pub(crate) fn moment(call: &contract::Call) -> names::Timestamp {
    names::Timestamp::from_seconds(call.now.seconds())
}

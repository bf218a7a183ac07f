//! What IAM's operations need: actions, ARNs and condition keys as the Service Authorization Reference lists them
//! (<https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html>).

use crate::state::{Entity, InstanceProfile, ManagedPolicy, name_key};
use contract::{Access, Call};
use names::{Arn, Tags};
use store::{StoreError, View};

/// An ARN of the caller's account, such as `role/path/name`.
pub(crate) fn arn(call: &Call, resource: String) -> String {
    Arn::new("iam", call.global_scope(), resource).to_string()
}

/// On what is about to be made.
pub(crate) fn on_new(action: &str, noun: &str, path: Option<&str>, name: &str, call: &Call) -> Access {
    Access::on(action, arn(call, format!("{noun}{}{name}", path.unwrap_or("/"))))
}

/// On a user, group or role, by its ARN with path, with its tags.
pub(crate) fn on<E: Entity>(action: &str, name: &str, call: &Call, view: &View) -> Access {
    match E::named(view, call.account, name) {
        Ok(Some(entity)) => tagged(Access::on(action, entity.arn()), entity.tags()),
        Ok(None) => Access::on(action, arn(call, format!("{}/{name}", E::NOUN))),
        Err(error) => unreadable(&error),
    }
}

/// As [`on`], with the permissions boundary that is in force: for changes of what it limits.
pub(crate) fn on_bounded<E: Entity>(action: &str, name: &str, call: &Call, view: &View) -> Access {
    let access = on::<E>(action, name, call, view);
    match E::named(view, call.account, name) {
        Ok(Some(entity)) => bounded(access, entity.boundary()),
        Ok(None) => access,
        Err(error) => unreadable(&error),
    }
}

/// With `iam:PermissionsBoundary`, where there is one.
pub(crate) fn bounded(access: Access, boundary: Option<&str>) -> Access {
    match boundary {
        Some(arn) => access.with("iam:PermissionsBoundary", [arn]),
        None => access,
    }
}

/// On a managed policy by ARN, with its tags where it is the account's own.
pub(crate) fn on_policy(action: &str, policy: &str, call: &Call, view: &View) -> Access {
    let access = Access::on(action, policy);
    match ManagedPolicy::by_arn(view, call.account, policy) {
        Ok(found) => tagged(access, found.as_ref().map(|policy| &policy.tags)),
        Err(error) => unreadable(&error),
    }
}

/// On an instance profile.
pub(crate) fn on_profile(action: &str, name: &str, call: &Call, view: &View) -> Access {
    match view.get::<InstanceProfile>(call.global_scope(), name_key(name).as_str()) {
        Ok(Some(profile)) => tagged(Access::on(action, profile.arn()), Some(&profile.tags)),
        Ok(None) => Access::on(action, arn(call, format!("instance-profile/{name}"))),
        Err(error) => unreadable(&error),
    }
}

/// With the resource's tags, under both names that IAM has for them.
fn tagged(access: Access, tags: Option<&Tags>) -> Access {
    let Some(tags) = tags else { return access };
    let access = access.with_resource_tags(tags);
    tags.iter()
        .fold(access, |access, (key, value)| access.with(format!("iam:ResourceTag/{key}"), [value.as_str()]))
}

/// What cannot be read cannot be allowed: an access that names nothing is denied.
fn unreadable(error: &StoreError) -> Access {
    tracing::error!(%error, "what a call is on cannot be read, and so is denied");
    Access::default()
}

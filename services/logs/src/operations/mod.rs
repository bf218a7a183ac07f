//! One file a noun, and what they share.

mod entity;
mod events;
mod filters;
mod groups;
mod listing;
mod metric_filters;
mod policies;
mod protection;
mod queries;
mod query_definitions;
mod records;
mod retention;
mod search;
mod streams;
mod subscription_filters;
mod tags;
mod tokens;

use crate::state::group::LogGroup;
use crate::state::policy::{Judged, Policy};
use crate::state::stream::LogStream;
use api_logs::{Error, InvalidParameterException, ResourceNotFoundException};
use contract::{Access, Call};
use names::{AccountId, Arn, Scope};
use store::View;

/// What an action on a group is checked on. AWS checks and prints `log-group:NAME:log-stream:`, which policies name as `log-group:NAME:*`.
fn on_group(action: &str, view: &View, scope: Scope, name: &str) -> Access {
    with_group_tags(on_stream(action, scope, name, ""), view, scope, name)
}

/// What an action on a stream is checked on.
fn on_stream(action: &str, scope: Scope, group: &str, stream: &str) -> Access {
    on_arn(action, scope, format!("log-group:{group}:log-stream:{stream}"))
}

/// What an action on no group in particular is checked on.
fn on_any_group(action: &str, call: &Call) -> Access {
    on_stream(action, call.scope(), "", "")
}

fn on_arn(action: &str, scope: Scope, resource: String) -> Access {
    let mut access = Access::on(format!("logs:{action}"), Arn::new("logs", scope, resource));
    for check in &mut access.checks {
        check.resource_account = Some(scope.account);
    }
    access
}

/// What writing to a stream is checked on: services and other accounts need the resource policies of the group and its account.
fn on_written(action: &str, view: &View, scope: Scope, name: &str, stream: &str) -> Access {
    let access = on_stream(action, scope, name, stream);
    let group = Arn::new("logs", scope, format!("log-group:{name}")).to_string();
    match Policy::of_group(view, scope, &group) {
        Ok(Judged::By(policy)) => access.with_policy(scope.account, policy),
        // None is stored unread. One that cannot be read all the same might deny: then nothing is allowed.
        Ok(Judged::Unreadable(error)) => {
            tracing::error!(group, %error, "a stored resource policy cannot be read: writing to the group is denied");
            Access::default()
        }
        // A store that cannot be read fails the call when it runs.
        Err(_) => access,
    }
}

/// With `aws:ResourceTag/…` of a group. One that cannot be read has no tags here, and fails the call when it runs.
fn with_group_tags(access: Access, view: &View, scope: Scope, name: &str) -> Access {
    match view.get::<LogGroup>(scope, name) {
        Ok(Some(group)) => access.with_resource_tags(&group.tags),
        _ => access,
    }
}

/// The group with a name.
fn group(view: &View, scope: Scope, name: &str) -> Result<LogGroup, Error> {
    view.get::<LogGroup>(scope, name)?
        .ok_or_else(|| ResourceNotFoundException::new("The specified log group does not exist.").into())
}

/// The stream with a name, in a group that exists.
fn stream(view: &View, scope: Scope, group: &str, name: &str) -> Result<LogStream, Error> {
    view.get::<LogStream>(scope, (group, name))?
        .ok_or_else(|| ResourceNotFoundException::new("The specified log stream does not exist.").into())
}

/// A group named by `logGroupName` or by `logGroupIdentifier` (a name or an ARN, also of another account): where it is, and its name.
fn identify(call: &Call, name: Option<&str>, identifier: Option<&str>) -> Result<(Scope, String), Error> {
    match (name, identifier) {
        (Some(name), None) => Ok((call.scope(), name.to_owned())),
        (None, Some(identifier)) if identifier.starts_with("arn:") => {
            from_arn(identifier).filter(|(scope, _)| scope.region == call.region).ok_or_else(|| {
                InvalidParameterException::new("The log group identifier is not a valid ARN.").into()
            })
        }
        (None, Some(identifier)) => Ok((call.scope(), identifier.to_owned())),
        (Some(_), Some(_)) => Err(InvalidParameterException::new(
            "Only one of logGroupName or logGroupIdentifier can be specified.",
        )
        .into()),
        (None, None) => Err(InvalidParameterException::new(
            "Either logGroupName or logGroupIdentifier must be specified.",
        )
        .into()),
    }
}

/// The group that an ARN names, with or without `:*` at its end.
fn from_arn(text: &str) -> Option<(Scope, String)> {
    let arn: Arn = text.parse().ok().filter(|arn: &Arn| arn.service == "logs")?;
    let name = arn.resource_after("log-group:")?;
    let name = name.strip_suffix(":*").unwrap_or(name);
    let scope = arn.scope()?;
    (!name.is_empty() && !name.contains(':')).then(|| (scope, name.to_owned()))
}

/// The scope and name for authorization, where the input may be wrong: then those of the caller.
fn identify_or_own(call: &Call, name: Option<&str>, identifier: Option<&str>) -> (Scope, String) {
    identify(call, name, identifier).unwrap_or_else(|_| (call.scope(), String::new()))
}

/// Refuses parameters that look into other accounts: there is no monitoring account here.
fn only_own_account(
    linked: Option<bool>,
    accounts: Option<&Vec<String>>,
    own: AccountId,
) -> Result<(), Error> {
    let others = accounts.is_some_and(|accounts| accounts.iter().any(|account| account != own.as_str()));
    if linked == Some(true) || others {
        return Err(api_logs::ValidationException::new(
            "includeLinkedAccounts and identifiers of other accounts need a monitoring account, which Cloudchamber does not have.",
        )
        .into());
    }
    Ok(())
}

/// A limit of a page.
fn limit(given: Option<i32>, default: usize) -> usize {
    given.map_or(default, |limit| usize::try_from(limit).unwrap_or(default))
}

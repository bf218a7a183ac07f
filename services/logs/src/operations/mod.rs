//! One file a noun, and what they share.

mod events;
mod groups;
mod retention;
mod search;
mod streams;
mod tags;

use crate::state::group::{self, LogGroup};
use crate::state::stream::LogStream;
use api_logs::{Error, InvalidParameterException, ResourceNotFoundException};
use contract::{Access, Call};
use names::{AccountId, Arn, Scope};
use store::View;

/// What an action on a group is checked on. Policies name groups as `log-group:NAME:*`, and denials print them as below.
pub(crate) fn on_group(action: &str, scope: Scope, name: &str) -> Access {
    on_stream(action, scope, name, "")
}

/// What an action on a stream is checked on.
pub(crate) fn on_stream(action: &str, scope: Scope, group: &str, stream: &str) -> Access {
    let arn = Arn::new("logs", scope, format!("log-group:{group}:log-stream:{stream}"));
    let mut access = Access::on(format!("logs:{action}"), arn);
    for check in &mut access.checks {
        check.resource_account = Some(scope.account);
    }
    access
}

/// The group with a name.
pub(crate) fn group(view: &View, scope: Scope, name: &str) -> Result<LogGroup, Error> {
    view.get::<LogGroup>(scope, name)?
        .ok_or_else(|| ResourceNotFoundException::new("The specified log group does not exist.").into())
}

/// The stream with a name, in a group that exists.
pub(crate) fn stream(view: &View, scope: Scope, group: &str, name: &str) -> Result<LogStream, Error> {
    view.get::<LogStream>(scope, (group, name))?
        .ok_or_else(|| ResourceNotFoundException::new("The specified log stream does not exist.").into())
}

/// A group named by `logGroupName` or by `logGroupIdentifier` (a name or an ARN, also of another account): where it is, and its name.
pub(crate) fn identify(call: &Call, name: Option<&str>, identifier: Option<&str>) -> Result<(Scope, String), Error> {
    match (name, identifier) {
        (Some(name), None) => Ok((call.scope(), name.to_owned())),
        (None, Some(identifier)) if identifier.starts_with("arn:") => from_arn(identifier)
            .ok_or_else(|| InvalidParameterException::new("The log group identifier is not a valid ARN.").into()),
        (None, Some(identifier)) => Ok((call.scope(), identifier.to_owned())),
        (Some(_), Some(_)) => Err(InvalidParameterException::new(
            "Only one of logGroupName or logGroupIdentifier can be specified.",
        )
        .into()),
        (None, None) => {
            Err(InvalidParameterException::new("Either logGroupName or logGroupIdentifier must be specified.").into())
        }
    }
}

/// The group that an ARN names, with or without `:*` at its end.
pub(crate) fn from_arn(text: &str) -> Option<(Scope, String)> {
    let arn: Arn = text.parse().ok().filter(|arn: &Arn| arn.service == "logs")?;
    let name = arn.resource_after("log-group:")?;
    let name = name.strip_suffix(":*").unwrap_or(name);
    Some((arn.scope()?, name.to_owned()))
}

/// The scope and name for authorization, where the input may be wrong: then those of the caller.
pub(crate) fn identify_or_own(call: &Call, name: Option<&str>, identifier: Option<&str>) -> (Scope, String) {
    identify(call, name, identifier).unwrap_or_else(|_| (call.scope(), String::new()))
}

/// Refuses parameters that look into other accounts: there is no monitoring account here.
pub(crate) fn only_own_account(linked: Option<bool>, accounts: Option<&Vec<String>>, own: AccountId) -> Result<(), Error> {
    let others = accounts.is_some_and(|accounts| accounts.iter().any(|account| account != own.as_str()));
    if linked == Some(true) || others {
        return Err(api_logs::ValidationException::new(
            "includeLinkedAccounts and identifiers of other accounts need a monitoring account, which Cloudchamber does not have.",
        )
        .into());
    }
    Ok(())
}

/// A page's token: the last key that was answered.
pub(crate) fn token(key: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(key)
}

/// The key in a token.
pub(crate) fn after(token: Option<&str>) -> Result<Option<String>, Error> {
    use base64::Engine;
    let Some(token) = token else { return Ok(None) };
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token).ok();
    let key = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    key.map(Some).ok_or_else(|| InvalidParameterException::new("The specified nextToken is invalid.").into())
}

pub(crate) use group::arn as group_arn;

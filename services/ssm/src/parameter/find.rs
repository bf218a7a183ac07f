//! Parameters by reference, and their permissions.

use super::name::Reference;
use crate::state::{ParameterVersion, StoredParameter};
use api_ssm::{Error, ParameterNotFound, ParameterVersionNotFound};
use contract::{Access, Call, Check};
use names::{Scope, Timestamp};
use store::{StoreError, View};

/// AWS says no more than the code.
pub(crate) fn not_found() -> Error {
    ParameterNotFound::new("").into()
}

/// The parameter of a name that has not expired.
pub(crate) fn stored(
    view: &View,
    scope: Scope,
    name: &str,
    now: Timestamp,
) -> Result<Option<StoredParameter>, StoreError> {
    Ok(view.get::<StoredParameter>(scope, name)?.filter(|stored| !stored.has_expired(now)))
}

/// The parameter that a reference stands for: of the account and region of the call only, as nothing is shared here.
pub(crate) fn referred(
    view: &View,
    call: &Call,
    reference: &Reference,
) -> Result<Option<StoredParameter>, StoreError> {
    if reference.scope != call.scope() {
        return Ok(None);
    }
    for name in &reference.names {
        if let Some(found) = stored(view, reference.scope, name, call.now)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The version that a reference stands for.
pub(crate) fn version(view: &View, call: &Call, reference: &Reference) -> Result<ParameterVersion, Error> {
    let parameter = referred(view, call, reference)?.ok_or_else(not_found)?;
    let (scope, name) = (parameter.scope, parameter.name.as_str());
    let Some(selector) = &reference.selector else {
        return view.get::<ParameterVersion>(scope, (name, parameter.latest))?.ok_or_else(not_found);
    };
    if let Ok(number) = selector.parse::<u64>() {
        let found = view.get::<ParameterVersion>(scope, (name, number))?;
        return found.ok_or_else(|| no_version(number, name));
    }
    let labelled = ParameterVersion::all(view, scope, name)?
        .into_iter()
        .find(|version| version.labels.contains(selector));
    labelled.ok_or_else(|| {
        let message = format!("Systems Manager could not find version label {selector} of {name}. Verify the version label and try again.");
        ParameterVersionNotFound::new(message).into()
    })
}

pub(crate) fn no_version(number: impl std::fmt::Display, name: &str) -> Error {
    ParameterVersionNotFound::new(format!(
        "Systems Manager could not find version {number} of {name}. Verify the version and try again."
    ))
    .into()
}

/// An action on a parameter, judged by its ARN and tags.
pub(crate) fn check(action: &str, call: &Call, view: &View, text: &str) -> Check {
    let reference = Reference::parse(text, call.scope());
    let mut check = Check::new(format!("ssm:{action}"), reference.arn());
    if let Ok(Some(stored)) = referred(view, call, &reference) {
        check.context.extend(
            stored.tags.iter().map(|(key, value)| (format!("aws:ResourceTag/{key}"), vec![value.clone()])),
        );
    }
    check
}

/// An action on each of these parameters.
pub(crate) fn access<'a>(
    action: &str,
    call: &Call,
    view: &View,
    names: impl IntoIterator<Item = &'a str>,
) -> Access {
    let checks = names.into_iter().map(|name| check(action, call, view, name)).collect();
    Access { checks, unconditional: false }
}

/// Every parameter whose name lies in a range that begins with a prefix, in order.
pub(crate) fn beginning(view: &View, call: &Call, prefix: &str) -> Result<Vec<StoredParameter>, StoreError> {
    let mut found = Vec::new();
    view.scan::<StoredParameter>(call.scope(), ()).from(prefix).each(|stored| {
        if !stored.name.starts_with(prefix) {
            return std::ops::ControlFlow::Break(());
        }
        if !stored.has_expired(call.now) {
            found.push(stored);
        }
        std::ops::ControlFlow::Continue(())
    })?;
    Ok(found)
}

/// The newest version of a parameter.
pub(crate) fn newest(view: &View, stored: &StoredParameter) -> Result<Option<ParameterVersion>, StoreError> {
    view.get::<ParameterVersion>(stored.scope, (stored.name.as_str(), stored.latest))
}

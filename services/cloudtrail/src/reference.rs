//! Trails by their name or ARN, and the grammar of names.

use crate::state::Trail;
use api_cloudtrail::{
    CloudTrailARNInvalidException, Error, InvalidHomeRegionException, InvalidTrailNameException,
    TrailNotFoundException,
};
use contract::{Access, Call};
use names::{Arn, Scope};
use store::View;

/// A trail as it was asked for.
pub(crate) struct Reference {
    /// Where it is, where that was said.
    scope: Option<Scope>,
    name: String,
}

impl Reference {
    /// Reads a name or an ARN.
    pub(crate) fn read(text: &str) -> Result<Self, Error> {
        if text.starts_with("arn:") {
            return Self::read_arn(text);
        }
        check_name(text)?;
        Ok(Self { scope: None, name: text.to_owned() })
    }

    /// Reads an ARN.
    pub(crate) fn read_arn(text: &str) -> Result<Self, Error> {
        let arn: Option<Arn> = text.parse().ok();
        let found = arn.filter(|arn| arn.service == "cloudtrail" && arn.region.is_some()).and_then(|arn| {
            let name = arn.resource_after("trail/")?.to_owned();
            Some(Self { scope: Some(arn.scope()?), name })
        });
        let found = found.filter(|found| check_name(&found.name).is_ok());
        found.ok_or_else(|| CloudTrailARNInvalidException::new(format!("Invalid trail ARN: {text}")).into())
    }

    /// The trail: of the call's region, or of all regions. Those of other accounts are not found.
    pub(crate) fn find(&self, view: &View, call: &Call) -> Result<Option<Trail>, store::StoreError> {
        if let Some(scope) = self.scope {
            return if scope.account == call.account { view.get(scope, &self.name) } else { Ok(None) };
        }
        if let Some(trail) = view.get::<Trail>(call.scope(), &self.name)? {
            return Ok(Some(trail));
        }
        let mut shadows = Trail::of_region(view, call.scope())?;
        shadows.retain(|trail| trail.name == self.name);
        Ok(shadows.into_iter().next())
    }
}

/// The trail with a name or ARN.
pub(crate) fn find(text: &str, view: &View, call: &Call) -> Result<Trail, Error> {
    Reference::read(text)?.find(view, call)?.ok_or_else(|| unknown(text, call))
}

/// The trail with a name or ARN, of the region in which it was made.
pub(crate) fn find_at_home(text: &str, view: &View, call: &Call) -> Result<Trail, Error> {
    let trail = find(text, view, call)?;
    if trail.scope.region == call.region {
        return Ok(trail);
    }
    let message =
        format!("Trail {} can only be changed from its home region {}.", trail.arn(), trail.scope.region);
    Err(InvalidHomeRegionException::new(message).into())
}

pub(crate) fn unknown(text: &str, call: &Call) -> Error {
    TrailNotFoundException::new(format!("Unknown trail: {text} for the user: {}", call.account)).into()
}

/// An action on a trail by name or ARN.
pub(crate) fn on_trail(action: &str, text: &str, call: &Call, view: &View) -> Access {
    let action = format!("cloudtrail:{action}");
    // What is no trail's name is told to those who may do the action at all.
    let Ok(reference) = Reference::read(text) else { return Access::to(action) };
    // A store that cannot be read grants nothing: `run` then fails on the same read.
    let found = reference.find(view, call).ok().flatten();
    let scope = found.as_ref().map(|trail| trail.scope).or(reference.scope).unwrap_or(call.scope());
    let arn = Arn::new("cloudtrail", scope, format!("trail/{}", reference.name));
    let access = Access::on(action, arn);
    match found {
        Some(trail) => access.with_resource_tags(&trail.tags),
        None => access,
    }
}

/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html>
pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    let refuse = |why: String| Err(InvalidTrailNameException::new(why).into());
    let length = name.chars().count();
    if name.trim().is_empty() {
        return refuse("Trail name cannot be blank!".into());
    }
    if length < 3 {
        return refuse(format!(
            "Trail name too short. Minimum allowed length: 3 characters. Specified name length: {length} characters."
        ));
    }
    if length > 128 {
        return refuse(format!(
            "Trail name too long. Maximum allowed length: 128 characters. Specified name length: {length} characters."
        ));
    }
    if !name.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return refuse("Trail name must starts with a letter or number.".into());
    }
    if !name.ends_with(|last: char| last.is_ascii_alphanumeric()) {
        return refuse("Trail name must ends with a letter or number.".into());
    }
    let separator = |byte: u8| matches!(byte, b'.' | b'_' | b'-');
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || separator(byte)) {
        return refuse(
            "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_)."
                .into(),
        );
    }
    if name.as_bytes().windows(2).any(|pair| pair.iter().all(|byte| separator(*byte))) {
        return refuse("Trail name cannot have adjacent periods, hyphens or underscores.".into());
    }
    if name.parse::<std::net::Ipv4Addr>().is_ok() {
        return refuse("Trail name cannot be in IP address format.".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        for good in ["abc", "My-trail_1.x", "123"] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        let long = "a".repeat(129);
        for bad in ["", "ab", "-abc", "abc-", "a b c", "a--b", "192.168.5.4", &long, "a/b/c"] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
        let error: wire::ErrorResponse = wire::ServiceError::into_response(check_name("ab").unwrap_err());
        assert_eq!(error.code, "InvalidTrailNameException");
        assert_eq!(
            error.message,
            "Trail name too short. Minimum allowed length: 3 characters. Specified name length: 2 characters."
        );
    }
}

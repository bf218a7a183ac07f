//! Names of parameters, and references to them (<https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html>).

use crate::errors::{access_denied, validation};
use api_ssm::{Error, HierarchyLevelLimitExceededException};
use names::{Arn, Scope};

/// Levels that a name may have.
const MOST_LEVELS: usize = 15;
/// Characters that a name may have, with what its ARN has before it.
const LONGEST: usize = 1011;
const FORM: &str = "If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_";

fn letters(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// Whether a parameter may be made under a name.
pub(crate) fn check(name: &str, scope: Scope) -> Result<(), Error> {
    let bare = name.strip_prefix('/').unwrap_or(name);
    let first = bare.to_ascii_lowercase();
    if name.contains('/') && !name.starts_with('/') {
        return Err(validation("Parameter name must be a fully qualified name."));
    }
    if name.len() > 1 && name.ends_with('/') {
        return Err(validation("Parameter name must not end with slash."));
    }
    if name.starts_with("/aws/") {
        return Err(access_denied(format!("No access to reserved parameter name: {name}.")));
    }
    if first.starts_with("ssm") || first.starts_with("aws") {
        let prefixes = if bare.contains('/') { "\"ssm\"" } else { "\"aws\" or \"ssm\"" };
        return Err(validation(format!(
            "Parameter name: can't be prefixed with {prefixes} (case-insensitive). {FORM}"
        )));
    }
    if bare.is_empty() || !bare.split('/').all(|part| !part.is_empty() && letters(part)) {
        return Err(validation(format!(
            "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). {FORM}"
        )));
    }
    if bare.split('/').count() > MOST_LEVELS {
        return Err(HierarchyLevelLimitExceededException::new(
            "A hierarchy can have a maximum of 15 levels. For more information, see Requirements and constraints for parameter names in the Amazon Web Services Systems Manager User Guide.",
        )
        .into());
    }
    if crate::state::arn_of(scope, name).to_string().len() > LONGEST {
        return Err(validation(
            "Parameter name exceeds the maximum length of 1011 characters, which includes the ARN that precedes it.",
        ));
    }
    Ok(())
}

/// What a request asks a parameter of: a name or an ARN, and a version or a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    /// Names under which it may be: of an ARN it is not known whether the name begins with a slash.
    pub(crate) names: Vec<String>,
    /// Version number or label.
    pub(crate) selector: Option<String>,
    /// Where it is.
    pub(crate) scope: Scope,
}

impl Reference {
    /// Reads `NAME`, `NAME:SELECTOR` or an ARN with or without a selector.
    pub(crate) fn parse(text: &str, own: Scope) -> Self {
        if let Some(rest) = text.strip_prefix("arn:") {
            // The sixth part of an ARN has what follows, colons included.
            let at = rest.match_indices(':').nth(3).map(|(at, _)| at + 1);
            let (head, resource) = at.and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
            let (resource, selector) = divide(resource);
            if let Ok(arn) = format!("arn:{head}{resource}").parse::<Arn>()
                && let (Some(scope), Some(name)) = (arn.scope(), arn.resource_after("parameter/"))
                && arn.service == "ssm"
            {
                return Self { names: vec![format!("/{name}"), name.to_owned()], selector, scope };
            }
        }
        let (name, selector) = divide(text);
        Self { names: vec![name.to_owned()], selector, scope: own }
    }

    /// The ARN that permissions speak of.
    pub(crate) fn arn(&self) -> Arn {
        crate::state::arn_of(self.scope, self.names.first().map(String::as_str).unwrap_or_default())
    }
}

fn divide(text: &str) -> (&str, Option<String>) {
    match text.split_once(':') {
        Some((name, selector)) => (name, Some(selector.to_owned())),
        None => (text, None),
    }
}

/// A label that AWS takes: not like a version, and not reserved.
pub(crate) fn is_label(label: &str) -> bool {
    let lower = label.to_ascii_lowercase();
    let first = label.bytes().next();
    letters(label)
        && first.is_some_and(|byte| !byte.is_ascii_digit())
        && !lower.starts_with("aws")
        && !lower.starts_with("ssm")
}

/// Whether a name lies below a path: somewhere, or just one level.
pub(crate) fn is_below(name: &str, path: &str, recursive: bool) -> bool {
    let name = name.strip_prefix('/').unwrap_or(name);
    let path = path.trim_matches('/');
    let rest = match path {
        "" => Some(name),
        path => name.strip_prefix(path).and_then(|rest| rest.strip_prefix('/')),
    };
    rest.is_some_and(|rest| recursive || !rest.contains('/'))
}

/// A path that parameters are asked for by.
pub(crate) fn check_path(path: &str) -> Result<(), Error> {
    let inner = path.strip_prefix('/').map(|rest| rest.strip_suffix('/').unwrap_or(rest));
    let reserved = |inner: &str| {
        let lower = inner.to_ascii_lowercase();
        lower.starts_with("ssm") || (lower.starts_with("aws") && !lower.starts_with("aws/"))
    };
    match inner {
        Some("") => Ok(()),
        Some(inner) if !reserved(inner) && inner.split('/').all(|part| !part.is_empty() && letters(part)) => {
            Ok(())
        }
        _ => Err(validation(
            "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol \"/\". Valid example: /get/parameters2-/by1./path0_.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope() -> Scope {
        Scope::new("111122223333".parse().unwrap(), names::Region::US_EAST_1)
    }

    #[test]
    fn names_are_what_aws_takes() {
        let levels = |count: usize| "/a".repeat(count);
        for right in ["a", "/a", "/a/b.c-d_E", "Settings", "/my/aws", levels(15).as_str()] {
            check(right, scope()).unwrap();
        }
        let long = "a".repeat(1000);
        for (wrong, code, part) in [
            ("a/b", "ValidationException", "Parameter name must be a fully qualified name."),
            ("/a/", "ValidationException", "Parameter name must not end with slash."),
            ("/aws/x", "AccessDeniedException", "No access to reserved parameter name: /aws/x."),
            (
                "AWSx",
                "ValidationException",
                "can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). If formed",
            ),
            ("/ssm/x", "ValidationException", "can't be prefixed with \"ssm\" (case-insensitive). If formed"),
            ("/a//b", "ValidationException", "following 3 symbols .-_"),
            ("a b", "ValidationException", "following 3 symbols .-_"),
            ("/", "ValidationException", "following 3 symbols .-_"),
            (levels(16).as_str(), "HierarchyLevelLimitExceededException", "maximum of 15 levels"),
            (long.as_str(), "ValidationException", "1011"),
        ] {
            let error = wire::ServiceError::into_response(check(wrong, scope()).unwrap_err());
            assert_eq!(error.code, code, "{wrong}");
            assert!(error.message.contains(part), "{wrong}: {}", error.message);
        }
    }

    #[test]
    fn references_are_names_and_arns_with_selectors() {
        let read = |text: &str| Reference::parse(text, scope());
        assert_eq!(
            read("/a/b:3"),
            Reference { names: vec!["/a/b".into()], selector: Some("3".into()), scope: scope() }
        );
        assert_eq!(read("a").selector, None);
        let other = read("arn:aws:ssm:eu-west-1:444455556666:parameter/a/b:prod");
        assert_eq!(
            (other.names.as_slice(), other.selector.as_deref()),
            (["/a/b".to_owned(), "a/b".to_owned()].as_slice(), Some("prod"))
        );
        assert_eq!(other.scope.account.as_str(), "444455556666");
        assert_eq!(other.arn().to_string(), "arn:aws:ssm:eu-west-1:444455556666:parameter/a/b");
        assert_eq!(read("arn:aws:ssm:parameter/x").names, ["arn"]);
    }

    #[test]
    fn paths_have_levels() {
        assert!(is_below("/a/b/c", "/a", true) && !is_below("/a/b/c", "/a", false));
        assert!(
            is_below("/a/b", "/a/", false) && !is_below("/ab/c", "/a", true) && !is_below("/a", "/a", true)
        );
        assert!(is_below("x", "/", false) && is_below("/x", "/", false) && !is_below("/x/y", "/", false));
        check_path("/").unwrap();
        check_path("/a/b/").unwrap();
        for wrong in ["a", "/a//b", "/ssm", "/a b", ""] {
            assert!(check_path(wrong).is_err(), "{wrong}");
        }
        assert!(is_label("prod.1-a_b"));
        for wrong in ["1prod", "aws-x", "SSMx", "a b", ""] {
            assert!(!is_label(wrong), "{wrong}");
        }
    }
}

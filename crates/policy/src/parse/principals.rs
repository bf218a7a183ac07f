use super::shape::{RawPrincipal, Spot};
use super::{Fault, Flavour, Kind, Problem};
use crate::document::{PrincipalPattern, Principals};
use crate::text::arn::segments;
use names::AccountId;

/// Checks and compiles `Principal` or `NotPrincipal`.
pub(super) fn compile(
    raw: &RawPrincipal,
    negated: bool,
    whose: (usize, &str),
    kind: Kind,
) -> Result<Principals, Fault> {
    let typed = match raw {
        RawPrincipal::Bare(spot) if spot.text == "*" && kind != Kind::Trust => {
            return Ok(Principals {
                negated,
                patterns: [PrincipalPattern::Everyone].into(),
                written: ["*".into()].into(),
            });
        }
        RawPrincipal::Bare(spot) => return Err(invalid("STAR", spot)),
        RawPrincipal::Typed(typed) => typed,
    };
    if kind == Kind::ResourceControl {
        let first = typed.first().map_or(whose.0, |(label, _)| label.at);
        let problem = Problem::Shape("the Principal of a resource control policy must be \"*\"".into());
        return Err(Fault { at: first, path: format!("{}.Principal", whose.1), problem });
    }
    let mut patterns = Vec::new();
    let mut written = Vec::new();
    for (label, values) in typed {
        for spot in values {
            patterns.push(pattern(label, spot, kind)?);
            written.push(spot.text.clone());
        }
        if label.text != "AWS"
            && label.text != "Service"
            && label.text != "Federated"
            && label.text != "CanonicalUser"
        {
            return Err(invalid(&label.text, label));
        }
    }
    if patterns.is_empty() {
        let (at, statement) = whose;
        return Err(Fault { at, path: format!("{statement}.Principal"), problem: Problem::EmptyPrincipal });
    }
    Ok(Principals { negated, patterns: patterns.into(), written: written.into() })
}

fn invalid(kind: &str, spot: &Spot) -> Fault {
    let problem = Problem::Principal { kind: kind.to_owned(), value: spot.text.clone() };
    Fault { at: spot.at, path: spot.path.clone(), problem }
}

fn pattern(label: &Spot, spot: &Spot, kind: Kind) -> Result<PrincipalPattern, Fault> {
    let text = spot.text.as_str();
    let bucket = kind == Kind::Resource(Flavour::S3);
    let (name, pattern) = match label.text.as_str() {
        "AWS" => ("AWS", aws(text, bucket)),
        "Service" => ("SERVICE", service(text).then(|| PrincipalPattern::Service(text.into()))),
        "Federated" => ("FEDERATED", federated(text).then(|| PrincipalPattern::Federated(text.into()))),
        "CanonicalUser" => {
            let hexadecimal = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            (
                "CANONICAL_USER",
                (bucket && hexadecimal)
                    .then(|| PrincipalPattern::CanonicalUser(text.to_ascii_lowercase().into())),
            )
        }
        other => return Err(invalid(other, spot)),
    };
    pattern.ok_or_else(|| invalid(name, spot))
}

/// `*`, an account, or the ARN (or unique id) of an account's root, a user, a role, or a session.
fn aws(text: &str, bucket: bool) -> Option<PrincipalPattern> {
    if text == "*" {
        return Some(PrincipalPattern::Everyone);
    }
    if let Ok(account) = text.parse::<AccountId>() {
        return Some(PrincipalPattern::Account(account));
    }
    let unique = ["AIDA", "AROA"].iter().any(|prefix| text.starts_with(prefix))
        && text.len() >= 16
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if unique {
        return Some(PrincipalPattern::UniqueId(text.into()));
    }
    let [partition, service, region, account, resource] = segments(text)?;
    if !(partition == "aws" || partition.starts_with("aws-"))
        || !region.is_empty()
        || text.contains(['*', '?'])
    {
        return None;
    }
    if bucket && service == "iam" && account == "cloudfront" && resource.starts_with("user/") {
        return Some(PrincipalPattern::Other(text.into()));
    }
    let account: AccountId = account.parse().ok()?;
    let named = |prefix: &str| resource.strip_prefix(prefix).is_some_and(|name| !name.is_empty());
    match service {
        "iam" if resource == "root" => Some(PrincipalPattern::Account(account)),
        "iam" if named("user/") => Some(PrincipalPattern::User(text.into())),
        "iam" if named("role/") => Some(PrincipalPattern::Role(text.into())),
        "sts"
            if resource
                .strip_prefix("assumed-role/")
                .is_some_and(|rest| rest.split('/').filter(|part| !part.is_empty()).count() == 2) =>
        {
            Some(PrincipalPattern::Session(text.into()))
        }
        "sts" if named("federated-user/") => Some(PrincipalPattern::FederatedUser(text.into())),
        _ => None,
    }
}

fn service(text: &str) -> bool {
    let domain = ["amazonaws.com", "amazonaws.com.cn", "amazon.com", "aws.internal", "aws.dev"];
    let name = domain.iter().find_map(|domain| text.strip_suffix(domain)?.strip_suffix('.'));
    name.is_some_and(|name| {
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
    })
}

/// The host of an identity provider, or the ARN of a SAML or OpenID Connect provider.
fn federated(text: &str) -> bool {
    if let Some([_, service, region, account, resource]) = segments(text) {
        return service == "iam"
            && region.is_empty()
            && account.parse::<AccountId>().is_ok()
            && ["saml-provider/", "oidc-provider/"].iter().any(|prefix| {
                resource
                    .strip_prefix(prefix)
                    .is_some_and(|name| !name.is_empty() && !name.contains(['*', '?']))
            });
    }
    text.contains('.')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'/' | b'_'))
}

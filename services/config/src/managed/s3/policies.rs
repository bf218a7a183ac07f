//! What a bucket's policy grants and denies.

use super::{BUCKET, bucket_policy, permissive};
use crate::managed::parameters::{Parameter, bucket_policy as policy_parameter, list};
use crate::managed::policies::{self, Stated};
use crate::managed::{ManagedRule, Parameters, Verdict};
use crate::state::Item;
use names::AccountId;
use policy::{Condition, Document, Outcome, Principal, PrincipalPattern, Statement};
use std::net::IpAddr;
use std::sync::Arc;

const GRANTEES: &[Parameter] = &[
    list("awsPrincipals"),
    list("servicePrincipals"),
    list("federatedUsers"),
    list("ipAddresses"),
    list("vpcIds"),
];

pub(in crate::managed) const RULES: &[ManagedRule] = &[
    ManagedRule::item("S3_BUCKET_BLACKLISTED_ACTIONS_PROHIBITED", &[BUCKET], no_listed_actions)
        .with(&[list("blacklistedActionPattern").required()]),
    ManagedRule::item("S3_BUCKET_POLICY_GRANTEE_CHECK", &[BUCKET], grantees).with(GRANTEES),
    ManagedRule::item("S3_BUCKET_POLICY_NOT_MORE_PERMISSIVE", &[BUCKET], permissive::judge)
        .with(&[policy_parameter("controlPolicy").required()]),
    ManagedRule::item("S3_BUCKET_SSL_REQUESTS_ONLY", &[BUCKET], ssl_only),
];

/// Judges the policy; a bucket that has none complies.
pub(super) fn judge_policy(item: &Item, judge: impl FnOnce(&Arc<Document>) -> Option<String>) -> Verdict {
    match bucket_policy(item) {
        Stated::Nothing => Verdict::Compliant,
        Stated::Unreadable => Verdict::NonCompliant(policies::UNREADABLE.into()),
        Stated::Policy(document) => Verdict::unless(judge(&document)),
    }
}

fn no_listed_actions(item: &Item, parameters: &Parameters) -> Verdict {
    let listed = parameters.list("blacklistedActionPattern").unwrap_or_default();
    judge_policy(item, |document| {
        policies::allows(document)
            .filter(|statement| policies::reaches_beyond(statement, item.scope.account))
            .find_map(|statement| {
                let action = listed.iter().find(|action| grants_some(statement, action))?;
                let name = policies::name(statement);
                Some(format!(
                    "Statement {name} of the bucket policy allows {action} to others than the account."
                ))
            })
    })
}

/// Whether a statement is about any action that a pattern stands for.
fn grants_some(statement: &Statement, pattern: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    let (negated, written) = statement.actions();
    let mut own = written.iter().map(|action| action.to_ascii_lowercase());
    if negated {
        // It is about all actions but these: about none of the pattern's only where these are all of them.
        !own.any(|action| policies::covers(&action, &pattern))
    } else {
        own.any(|action| policies::meet(&action, &pattern))
    }
}

fn grantees(item: &Item, parameters: &Parameters) -> Verdict {
    judge_policy(item, |document| {
        policies::allows(document).find_map(|statement| {
            let stranger = stranger(statement, parameters)?;
            let name = policies::name(statement);
            Some(format!(
                "Statement {name} of the bucket policy grants access to {stranger}, which is not listed."
            ))
        })
    })
}

/// Whom a statement lets in that is not listed.
fn stranger(statement: &Statement, parameters: &Parameters) -> Option<String> {
    if statement.conditions().iter().any(|condition| is_listed_origin(condition, parameters)) {
        return None;
    }
    if statement.is_not_principal() {
        return Some("all but some principals".into());
    }
    let listed = |name: &str| parameters.list(name).unwrap_or_default();
    let among = |name: &str, own: &str| listed(name).iter().any(|listed| policies::covers(listed, own));
    statement.principals().zip(statement.written_principals()).find_map(|(principal, written)| {
        let known = match principal {
            PrincipalPattern::Everyone => false,
            PrincipalPattern::Service(own) => among("servicePrincipals", own),
            PrincipalPattern::Federated(own) | PrincipalPattern::FederatedUser(own) => {
                among("federatedUsers", own)
            }
            // An account is written as its id or as its root's ARN.
            PrincipalPattern::Account(own) => {
                let root = format!("arn:{}:iam::{own}:root", names::PARTITION);
                among("awsPrincipals", own.as_str()) || among("awsPrincipals", &root)
            }
            _ => among("awsPrincipals", written),
        };
        (!known).then(|| written.clone())
    })
}

/// A condition that lets in only requests from listed addresses, networks or principals.
fn is_listed_origin(condition: &Condition, parameters: &Parameters) -> bool {
    let Some(operator) = policies::naming_operator(condition) else { return false };
    let listed = |name: &str| parameters.list(name).unwrap_or_default();
    let key = condition.key().to_ascii_lowercase();
    let all = |known: &dyn Fn(&str) -> bool| {
        !condition.values().is_empty() && condition.values().iter().all(|value| known(value))
    };
    match (key.as_str(), operator.as_str()) {
        ("aws:sourceip", "ipaddress") => {
            let ranges = listed("ipAddresses");
            all(&|value| ranges.iter().any(|range| contains(range, value)))
        }
        ("aws:sourcevpc", "stringequals" | "stringequalsignorecase" | "stringlike") => {
            all(&|value| listed("vpcIds").contains(&value))
        }
        (
            "aws:principalarn" | "aws:principalaccount",
            "stringequals" | "stringlike" | "arnequals" | "arnlike",
        ) => {
            let principals = listed("awsPrincipals");
            all(&|value| principals.iter().any(|listed| policies::covers(listed, value)))
        }
        _ => false,
    }
}

/// A range of addresses: its bits, and how many of them are fixed.
fn range(text: &str) -> Option<(bool, u128, u32)> {
    let (address, length) =
        text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    let (six, bits, most) = match address.parse::<IpAddr>().ok()? {
        IpAddr::V4(address) => (false, u128::from(u32::from(address)) << 96, 32),
        IpAddr::V6(address) => (true, u128::from(address), 128),
    };
    let length = length.map_or(Some(most), |length| length.parse().ok()).filter(|length| *length <= most)?;
    Some((six, bits, length))
}

/// Whether a range holds all of another.
fn contains(wide: &str, narrow: &str) -> bool {
    let (Some(wide), Some(narrow)) = (range(wide), range(narrow)) else { return false };
    let mask = u128::MAX.checked_shl(128 - wide.2).unwrap_or_default();
    wide.0 == narrow.0 && wide.2 <= narrow.2 && (wide.1 & mask) == (narrow.1 & mask)
}

/// Requests that must be denied without TLS, as those of the policy that AWS recommends are.
const ASKED: [(&str, bool); 6] = [
    ("s3:GetObject", true),
    ("s3:PutObject", true),
    ("s3:DeleteObject", true),
    ("s3:ListBucket", false),
    ("s3:GetBucketAcl", false),
    ("s3:PutBucketPolicy", false),
];

fn ssl_only(item: &Item, _: &Parameters) -> Verdict {
    let missing =
        || "The bucket policy does not deny requests that do not use SSL (aws:SecureTransport).".to_owned();
    let document = match bucket_policy(item) {
        Stated::Nothing => return Verdict::NonCompliant(missing()),
        Stated::Unreadable => return Verdict::NonCompliant(policies::UNREADABLE.into()),
        Stated::Policy(document) => document,
    };
    let account = item.scope.account;
    let context = policies::internet(false);
    let bucket = format!("arn:aws:s3:::{}", item.resource_id);
    let object = format!("{bucket}/an-object");
    let open = probes(account).into_iter().find_map(|principal| {
        ASKED.iter().find(|(action, on_object)| {
            let asked = (*action, if *on_object { object.as_str() } else { bucket.as_str() });
            policies::outcome(&document, &principal, asked, account, &context) != Outcome::ExplicitDeny
        })
    });
    Verdict::unless(open.map(|(action, _)| format!("{} It does not deny {action}.", missing())))
}

/// Whoever may come: nobody in particular, the account, one of its users, another account.
fn probes(account: AccountId) -> Vec<Principal> {
    let user = format!("arn:{}:iam::{account}:user/somebody", names::PARTITION);
    let other = if account.as_str() == "999999999999" { "888888888888" } else { "999999999999" };
    let mut probes = vec![Principal::Anonymous, Principal::root(account)];
    probes.extend(user.parse().ok().and_then(|arn| Principal::user(&arn)));
    probes.extend(other.parse().ok().map(Principal::root));
    probes
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn ranges_hold_what_is_within() {
        for (wide, narrow) in [
            ("10.0.0.0/8", "10.1.0.0/16"),
            ("10.0.0.1", "10.0.0.1/32"),
            ("0.0.0.0/0", "1.2.3.4"),
            ("2001:db8::/32", "2001:db8:1::/48"),
        ] {
            assert!(contains(wide, narrow), "{wide} {narrow}");
        }
        for (wide, narrow) in [
            ("10.1.0.0/16", "10.0.0.0/8"),
            ("10.0.0.0/8", "11.0.0.1"),
            ("::/0", "1.2.3.4"),
            ("0.0.0.0/33", "1.2.3.4"),
            ("x", "x"),
        ] {
            assert!(!contains(wide, narrow), "{wide} {narrow}");
        }
    }
}

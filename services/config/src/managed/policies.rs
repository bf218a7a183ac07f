//! What resource policies grant, judged on the parsed document and by the evaluator.

use crate::managed::read;
use names::AccountId;
use policy::{
    Condition, Context, Document, Effect, Flavour, Kind, Outcome, Policies, Principal, PrincipalPattern,
    Request, ResourcePolicy, Statement,
};
use std::sync::Arc;

/// A resource's policy.
pub(super) enum Stated {
    /// It has none.
    Nothing,
    /// It has one that cannot be read: what it grants is not known, so that no rule may be content with it.
    Unreadable,
    /// It has this one.
    Policy(Arc<Document>),
}

/// The reason where a policy cannot be read.
pub(super) const UNREADABLE: &str = "The policy of the resource cannot be read.";

/// Reads a bucket policy.
pub(super) fn parse_bucket(text: &str) -> Result<Arc<Document>, policy::ParseError> {
    policy::parse(text, Kind::Resource(Flavour::S3))
}

/// Reads the policy that an item has as text or as an object.
pub(super) fn stated(value: Option<&wire::Document>, flavour: Flavour) -> Stated {
    let Some(text) = read::policy_text(value) else { return Stated::Nothing };
    match policy::parse(&text, Kind::Resource(flavour)) {
        Ok(document) => Stated::Policy(document),
        Err(_) if has_no_statement(&text) => Stated::Nothing,
        Err(_) => Stated::Unreadable,
    }
}

fn has_no_statement(text: &str) -> bool {
    let document = wire::Document::parse(text).ok();
    let statements = document.as_ref().and_then(|document| document.get("Statement")?.as_array());
    statements.is_some_and(<[wire::Document]>::is_empty)
}

/// A statement's name in reasons.
pub(super) fn name(statement: &Statement) -> String {
    match statement.sid() {
        Some(sid) => format!("\"{sid}\""),
        None => format!("{}", statement.index() + 1),
    }
}

/// What a request would meet.
pub(super) fn outcome(
    document: &Arc<Document>,
    principal: &Principal,
    (action, resource): (&str, &str),
    owner: AccountId,
    context: &Context,
) -> Outcome {
    let request =
        Request { principal, action, resource, resource_account: Some(owner), context, canonical_user: None };
    let policies = Policies {
        resource: Some(ResourcePolicy::new(resource, Arc::clone(document))),
        ..Policies::default()
    };
    policy::evaluate(&request, &policies).outcome
}

/// What the request of a stranger on the Internet has.
pub(super) fn internet(secure: bool) -> Context {
    let mut context = Context::new();
    context.insert("aws:SecureTransport", if secure { "true" } else { "false" });
    context.insert("aws:SourceIp", "198.51.100.1");
    context
}

/// Actions of a kind on a bucket and what is in it.
pub(super) struct Class<'a> {
    /// Patterns in lower case that all of them match.
    pub(super) patterns: &'a [&'a str],
    /// The usual ones on objects.
    pub(super) on_objects: &'a [&'a str],
    /// The usual ones on the bucket.
    pub(super) on_bucket: &'a [&'a str],
}

/// The statement by which everybody may do something of a class, and no Deny keeps a stranger from it.
pub(super) fn public_grant<'a>(
    document: &'a Arc<Document>,
    class: &Class<'_>,
    bucket: &str,
    owner: AccountId,
) -> Option<&'a Statement> {
    let context = internet(true);
    let arn = format!("arn:{}:s3:::{bucket}", names::PARTITION);
    let object = format!("{arn}/an-object");
    let open = |action: &str, resource: &str| {
        outcome(document, &Principal::Anonymous, (action, resource), owner, &context) != Outcome::ExplicitDeny
    };
    let admits = |statement: &&Statement| {
        let usual = |actions: &[&str], resource: &str| {
            let own: Vec<bool> = actions
                .iter()
                .filter(|action| statement.has_action(action))
                .map(|action| open(action, resource))
                .collect();
            own
        };
        let asked = [usual(class.on_objects, &object), usual(class.on_bucket, &arn)].concat();
        if asked.contains(&true) {
            return true;
        }
        let (negated, written) = statement.actions();
        // What is none of the usual ones is asked for by itself; where it cannot be (a pattern), it counts as granted.
        !negated
            && written.iter().any(|action| {
                let lower = action.to_ascii_lowercase();
                let of_class = class.patterns.iter().any(|pattern| meet(&lower, pattern));
                let resource = if lower.contains("object") { &object } else { &arn };
                of_class && if lower.contains(['*', '?']) { asked.is_empty() } else { open(action, resource) }
            })
    };
    document.statements().iter().filter(|statement| statement.admits_everyone()).find(admits)
}

/// Statements that grant.
pub(super) fn allows(document: &Document) -> impl Iterator<Item = &Statement> {
    document.statements().iter().filter(|statement| statement.effect() == Effect::Allow)
}

/// Whether a statement names somebody who is not of an account: another account, or everybody. Services are not of accounts.
pub(super) fn reaches_beyond(statement: &Statement, account: AccountId) -> bool {
    statement.is_not_principal()
        || statement.principals().any(|principal| match principal {
            PrincipalPattern::Account(own) => *own != account,
            PrincipalPattern::Role(arn)
            | PrincipalPattern::User(arn)
            | PrincipalPattern::Session(arn)
            | PrincipalPattern::FederatedUser(arn) => {
                arn.parse::<names::Arn>().ok().and_then(|arn| arn.account) != Some(account)
            }
            PrincipalPattern::Service(_) | PrincipalPattern::UniqueId(_) => false,
            // Everybody; and whoever's account cannot be told.
            _ => true,
        })
}

/// Whether all that a pattern stands for, another one stands for, too. `*` and `?` of `narrow` count as characters of their own, which only `*` of `wide` is.
pub(super) fn covers(wide: &str, narrow: &str) -> bool {
    let (wide, narrow): (Vec<char>, Vec<char>) = (wide.chars().collect(), narrow.chars().collect());
    // reach[i]: the pieces so far stand for the first i characters.
    let mut reach = vec![false; narrow.len() + 1];
    if let Some(first) = reach.first_mut() {
        *first = true;
    }
    for piece in wide {
        let mut next = vec![false; narrow.len() + 1];
        let mut before = false;
        for (index, now) in next.iter_mut().enumerate() {
            let here = reach.get(index).copied().unwrap_or_default();
            let previous = index.checked_sub(1);
            let one_less = previous.and_then(|index| reach.get(index)).copied().unwrap_or_default();
            let character = previous.and_then(|index| narrow.get(index)).copied();
            *now = match piece {
                '*' => here || before,
                '?' => one_less && character.is_some_and(|character| character != '*'),
                exact => one_less && character == Some(exact),
            };
            before = *now;
        }
        reach = next;
    }
    reach.last().copied().unwrap_or_default()
}

/// Whether two patterns have anything in common.
pub(super) fn meet(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    // row[j]: what is left of `one` from i and of `other` from j has something in common; from the ends.
    let mut below = vec![false; other.len() + 1];
    for i in (0..=one.len()).rev() {
        let mut row = vec![false; other.len() + 1];
        for j in (0..=other.len()).rev() {
            let get = |row: &[bool], j: usize| row.get(j).copied().unwrap_or_default();
            let value = match (one.get(i), other.get(j)) {
                (None, None) => true,
                (Some('*'), Some(_)) => get(&below, j) || get(&row, j + 1),
                (Some('*'), None) => get(&below, j),
                (Some(_), Some('*')) => get(&row, j + 1) || get(&below, j),
                (None, Some('*')) => get(&row, j + 1),
                (Some(a), Some(b)) => (a == b || *a == '?' || *b == '?') && get(&below, j + 1),
                _ => false,
            };
            if let Some(cell) = row.get_mut(j) {
                *cell = value;
            }
        }
        below = row;
    }
    below.first().copied().unwrap_or_default()
}

/// The operator of a condition that names what is allowed, without its quantifier, in lower case; None where it is negated, or lets requests
/// without the key pass.
pub(super) fn naming_operator(condition: &Condition) -> Option<String> {
    let operator = condition.operator().to_ascii_lowercase();
    let names =
        !operator.ends_with("ifexists") && !operator.contains("not") && !operator.starts_with("forallvalues");
    names.then(|| operator.strip_prefix("foranyvalue:").unwrap_or(&operator).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_what_is_narrower() {
        for (wide, narrow) in [
            ("*", "s3:*"),
            ("s3:*", "s3:Get*"),
            ("s3:Get*", "s3:GetObject"),
            ("a?c", "abc"),
            ("a?c", "a?c"),
            ("a*", "a*b?c"),
        ] {
            assert!(covers(wide, narrow), "{wide} {narrow}");
        }
        for (wide, narrow) in
            [("s3:Get*", "s3:*"), ("a?c", "a*c"), ("abc", "a?c"), ("s3:Get*", "s3:PutObject"), ("", "a")]
        {
            assert!(!covers(wide, narrow), "{wide} {narrow}");
        }
    }

    #[test]
    fn patterns_meet_where_something_is_both() {
        for (one, other) in [
            ("s3:*", "s3:GetObject"),
            ("s3:Get*", "s3:*Acl"),
            ("*", "*"),
            ("a?c", "*b*"),
            ("", ""),
            ("s3:DeleteObject", "s3:Delete*"),
        ] {
            assert!(meet(one, other) && meet(other, one), "{one} {other}");
        }
        for (one, other) in
            [("s3:Get*", "s3:Put*"), ("a", ""), ("a?c", "ac"), ("s3:GetObject", "s3:GetObjectAcl")]
        {
            assert!(!meet(one, other) && !meet(other, one), "{one} {other}");
        }
    }

    #[test]
    fn a_policy_that_cannot_be_read_is_not_none() {
        let text = |text: &str| wire::Document::from(text);
        assert!(matches!(stated(None, Flavour::S3), Stated::Nothing));
        assert!(matches!(stated(Some(&text("")), Flavour::S3), Stated::Nothing));
        assert!(matches!(stated(Some(&text("{")), Flavour::S3), Stated::Unreadable));
    }
}

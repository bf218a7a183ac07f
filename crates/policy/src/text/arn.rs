//! ARNs with wildcards. Each of the first five segments matches by itself; the resource's `*` runs over `/` and `:`.

use super::Match;
use super::pattern::{Pattern, Piece, glob};
use super::template::{Part, Syntax, Template, parts, resolve};
use crate::Context;

/// An ARN of a request, cut once: partition, service, region, account, resource (the `arn` is checked).
pub(crate) type Segments<'a> = [&'a str; 5];

/// Cuts an ARN; None where the text is none.
pub(crate) fn segments(text: &str) -> Option<Segments<'_>> {
    let mut cut = text.splitn(6, ':');
    if cut.next() != Some("arn") {
        return None;
    }
    Some([cut.next()?, cut.next()?, cut.next()?, cut.next()?, cut.next()?])
}

/// An element of `Resource` or `NotResource`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ResourcePattern {
    /// `*`
    Any,
    /// Head (partition, service, region, account) and resource.
    Arn { head: Box<[Pattern; 4]>, resource: Template },
    /// Not an ARN (API Gateway's `execute-api:/…`): matches the whole text.
    Text(Template),
    /// A variable before the fifth colon, which AWS does not resolve.
    Unresolvable,
}

impl ResourcePattern {
    /// Compiles an element. Segments that are left out are `*`, as AWS reads them.
    pub(crate) fn new(text: &str, variables: bool) -> Self {
        if text == "*" {
            return Self::Any;
        }
        let syntax = Syntax { wildcards: true, variables };
        let all = parts(text, syntax);
        if !text.starts_with("arn:") {
            return Self::Text(Template::of(all));
        }
        let mut cut = all.splitn(6, |part| *part == Part::Piece(Piece::Char(':')));
        cut.next();
        let mut head = || -> Option<Pattern> {
            let Some(segment) = cut.next() else { return Some(Pattern::Any) };
            let pieces: Option<Vec<Piece>> = segment
                .iter()
                .map(|part| if let Part::Piece(piece) = part { Some(*piece) } else { None })
                .collect();
            pieces.map(|pieces| Pattern::of(&pieces))
        };
        let (Some(partition), Some(service), Some(region), Some(account)) = (head(), head(), head(), head())
        else {
            return Self::Unresolvable;
        };
        let resource = cut.next().map_or(Template::Fixed(Pattern::Any), |tail| Template::of(tail.to_vec()));
        Self::Arn { head: Box::new([partition, service, region, account]), resource }
    }

    /// Whether a request's resource matches; `cut` is the resource's segments where it is an ARN.
    pub(crate) fn matches(&self, text: &str, cut: Option<&Segments<'_>>, context: &Context) -> Match {
        match self {
            Self::Any => Match::Yes,
            Self::Unresolvable => Match::Unresolved,
            Self::Text(template) => template.matches(text, context),
            Self::Arn { head, resource } => {
                let Some([partition, service, region, account, rest]) = cut else { return Match::No };
                let values = [partition, service, region, account];
                if head.iter().zip(values).all(|(pattern, value)| pattern.matches(value)) {
                    resource.matches(rest, context)
                } else {
                    Match::No
                }
            }
        }
    }
}

/// A value of `ArnEquals`, `ArnLike` and their negations (which match alike): every segment may have wildcards and variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ArnCondition {
    /// `*`: any ARN.
    Any,
    Fixed(Box<[Pattern; 5]>),
    Parts(Box<[Part]>),
    /// Fewer than six segments: no ARN matches.
    Incomplete,
}

impl ArnCondition {
    pub(crate) fn new(text: &str, variables: bool) -> Self {
        if text == "*" {
            return Self::Any;
        }
        let all = parts(text, Syntax { wildcards: true, variables });
        let fixed: Option<Vec<Piece>> =
            all.iter().map(|part| if let Part::Piece(piece) = part { Some(*piece) } else { None }).collect();
        match fixed {
            None => Self::Parts(all.into()),
            Some(pieces) => match cut(&pieces) {
                Some(segments) => Self::Fixed(Box::new(segments.map(Pattern::of))),
                None => Self::Incomplete,
            },
        }
    }

    pub(crate) fn matches(&self, value: &str, context: &Context) -> Match {
        let Some(value) = segments(value) else { return Match::Unresolved };
        match self {
            Self::Any => Match::Yes,
            Self::Incomplete => Match::Unresolved,
            Self::Fixed(patterns) => {
                patterns.iter().zip(value).all(|(pattern, value)| pattern.matches(value)).into()
            }
            Self::Parts(parts) => {
                let Some(pieces) = resolve(parts, context) else { return Match::Unresolved };
                let Some(patterns) = cut(&pieces) else { return Match::Unresolved };
                patterns.into_iter().zip(value).all(|(pattern, value)| glob(pattern, value)).into()
            }
        }
    }
}

/// Cuts an ARN's pieces at its first five colons; None where it is none. The first segment must be `arn` (or match it).
fn cut(pieces: &[Piece]) -> Option<[&[Piece]; 5]> {
    let mut segments = pieces.splitn(6, |piece| *piece == Piece::Char(':'));
    glob(segments.next()?, "arn").then_some(())?;
    Some([segments.next()?, segments.next()?, segments.next()?, segments.next()?, segments.next()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(pattern: &str, text: &str) -> Match {
        let mut context = Context::new();
        context.insert("aws:username", "ann");
        context.insert("aws:PrincipalAccount", "111122223333");
        ResourcePattern::new(pattern, true).matches(text, segments(text).as_ref(), &context)
    }

    #[test]
    fn segments_match_by_themselves_and_the_resource_spans() {
        let table = "arn:aws:dynamodb:us-east-1:111122223333:table/T/index/i";
        for pattern in [
            "*",
            table,
            "arn:aws:dynamodb:*:*:table/*",
            "arn:aws:dynamodb:us-*-1:1111*:table/T*",
            "arn:aws:dynamodb:*",
            "arn:*:dynamodb:us-east-?:*:*",
        ] {
            assert_eq!(resource(pattern, table), Match::Yes, "{pattern}");
        }
        for pattern in [
            "arn:aws:dynamodb:*:table/T/index/i",
            "arn:aws:dynamodb:*:*:table",
            "arn:aws:dynamodb:us-east-1:*:Table/T/index/i",
            "arn:aws:dynamodb:us-west-2:*:*",
            "arn:aws:s3:::*",
        ] {
            assert_eq!(resource(pattern, table), Match::No, "{pattern}");
        }
        assert_eq!(
            resource(
                "arn:aws:logs:*:*:log-group:/aws/lambda/*",
                "arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/f:log-stream:a/b"
            ),
            Match::Yes
        );
        assert_eq!(resource("arn:aws:s3:::b/*", "arn:aws:s3:::b"), Match::No);
        assert_eq!(resource("arn:aws:s3:::b*", "arn:aws:s3:::b/k:1/2"), Match::Yes);
    }

    #[test]
    fn a_request_without_resource_matches_only_the_star() {
        assert_eq!(resource("*", "*"), Match::Yes);
        assert_eq!(resource("arn:aws:ec2:*:*:*", "*"), Match::No);
    }

    #[test]
    fn variables_only_in_the_resource() {
        assert_eq!(
            resource("arn:aws:iam::*:user/${aws:username}", "arn:aws:iam::111122223333:user/ann"),
            Match::Yes
        );
        assert_eq!(
            resource("arn:aws:iam::*:user/${aws:userid}", "arn:aws:iam::111122223333:user/ann"),
            Match::Unresolved
        );
        assert_eq!(
            resource("arn:aws:iam::${aws:PrincipalAccount}:user/ann", "arn:aws:iam::111122223333:user/ann"),
            Match::Unresolved
        );
    }

    fn condition(pattern: &str, value: &str) -> Match {
        let mut context = Context::new();
        context.insert("aws:PrincipalArn", "arn:aws:iam::111122223333:role/R");
        ArnCondition::new(pattern, true).matches(value, &context)
    }

    #[test]
    fn conditions_on_arns_check_each_segment() {
        // The example of reference_policies_elements_condition_operators.html#Conditions_ARN.
        let value = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt";
        assert_eq!(condition("arn:aws:someservice:*:111122223333:finance/*", value), Match::No);
        assert_eq!(condition("arn:aws:someservice:*:999999999999:store/*", value), Match::Yes);
        assert_eq!(condition("${aws:PrincipalArn}", "arn:aws:iam::111122223333:role/R"), Match::Yes);
        assert_eq!(condition("${aws:PrincipalArn}", "arn:aws:iam::111122223333:role/S"), Match::No);
        assert_eq!(condition("*", "arn:aws:iam::1:role/S"), Match::Yes);
    }

    #[test]
    fn what_is_no_arn_never_matches() {
        assert_eq!(condition("*", "bucket"), Match::Unresolved);
        assert_eq!(condition("arn:aws:s3", "arn:aws:s3:::b"), Match::Unresolved);
        assert_eq!(condition("${aws:SourceArn}", "arn:aws:s3:::b"), Match::Unresolved);
    }
}

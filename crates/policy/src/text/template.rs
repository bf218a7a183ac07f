//! Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`, `${?}`, `${$}`.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use super::Match;
use super::pattern::{Pattern, Piece, glob};
use crate::Context;

/// A text of a policy: compiled where it is fixed, parts where it has variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Template {
    Fixed(Pattern),
    Parts(Box<[Part]>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Piece(Piece),
    /// A context key, in lower case, and what stands for it where the request has none.
    Variable {
        key: Box<str>,
        default: Option<Box<str>>,
    },
    /// Something that begins like a variable and is none: no request resolves it.
    Broken,
}

/// What of a text is special.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Syntax {
    /// `*` and `?` are wildcards.
    pub(crate) wildcards: bool,
    /// `${…}` are variables: from Version 2012-10-17 on.
    pub(crate) variables: bool,
}

/// Cuts a text into pieces and variables.
pub(crate) fn parts(text: &str, syntax: Syntax) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        if syntax.variables && rest.starts_with("${") {
            let inner = rest.get(2..).and_then(|after| after.split_once('}'));
            let Some((inner, after)) = inner else {
                parts.push(Part::Broken);
                break;
            };
            parts.push(variable(inner));
            rest = after;
            continue;
        }
        parts.push(Part::Piece(if syntax.wildcards { Piece::wild(next) } else { Piece::Char(next) }));
        rest = rest.get(next.len_utf8()..).unwrap_or_default();
    }
    parts
}

fn variable(inner: &str) -> Part {
    match inner {
        "*" => return Part::Piece(Piece::Char('*')),
        "?" => return Part::Piece(Piece::Char('?')),
        "$" => return Part::Piece(Piece::Char('$')),
        _ => {}
    }
    let (key, default) = match inner.split_once(',') {
        None => (inner, None),
        Some((key, default)) => {
            let quoted = default.trim().strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
            let Some(quoted) = quoted else { return Part::Broken };
            (key, Some(quoted.into()))
        }
    };
    if key.trim().is_empty() {
        return Part::Broken;
    }
    Part::Variable { key: key.trim().to_lowercase().into(), default }
}

/// The context keys that a text's variables name, as written.
pub(crate) fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|after| {
        let (inner, _) = after.split_once('}')?;
        let key = inner.split_once(',').map_or(inner, |(key, _)| key).trim();
        (!key.is_empty() && !["*", "?", "$"].contains(&key)).then_some(key)
    })
}

/// The pieces of parts in a request. A variable's value is taken literally: its `*` and `?` are no wildcards.
/// None where a variable has no value, or several.
pub(crate) fn resolve(parts: &[Part], context: &Context) -> Option<Vec<Piece>> {
    let mut pieces = Vec::with_capacity(parts.len() + 16);
    for part in parts {
        match part {
            Part::Piece(piece) => pieces.push(*piece),
            Part::Broken => return None,
            Part::Variable { key, default } => {
                let value = match context.values(key) {
                    None | Some([]) => default.as_deref()?,
                    Some([single]) => single,
                    Some(_) => return None,
                };
                pieces.extend(value.chars().map(Piece::Char));
            }
        }
    }
    Some(pieces)
}

impl Template {
    pub(crate) fn new(text: &str, syntax: Syntax) -> Self {
        Self::of(parts(text, syntax))
    }

    pub(crate) fn of(parts: Vec<Part>) -> Self {
        let fixed: Option<Vec<Piece>> = parts
            .iter()
            .map(|part| if let Part::Piece(piece) = part { Some(*piece) } else { None })
            .collect();
        match fixed {
            Some(pieces) => Self::Fixed(Pattern::of(&pieces)),
            None => Self::Parts(parts.into()),
        }
    }

    /// Whether the whole text matches.
    pub(crate) fn matches(&self, text: &str, context: &Context) -> Match {
        match self {
            Self::Fixed(pattern) => pattern.matches(text).into(),
            Self::Parts(parts) => {
                resolve(parts, context).map_or(Match::Unresolved, |pieces| glob(&pieces, text).into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Syntax = Syntax { wildcards: true, variables: true };

    fn check(template: &str, text: &str) -> Match {
        let mut context = Context::new();
        context.insert("aws:username", "a*b");
        context.insert("aws:PrincipalTag/Team", "blue");
        context.insert_all("aws:TagKeys", ["x", "y"]);
        Template::new(template, ALL).matches(text, &context)
    }

    #[test]
    fn variables_take_their_value() {
        assert_eq!(check("home/${aws:username}/*", "home/a*b/x"), Match::Yes);
        assert_eq!(check("home/${AWS:UserName}/*", "home/a*b/x"), Match::Yes, "key names ignore case");
        assert_eq!(check("${aws:PrincipalTag/team}", "blue"), Match::Yes);
        assert_eq!(check("${aws:PrincipalTag/team}", "red"), Match::No);
    }

    #[test]
    fn a_value_s_wildcards_are_literal() {
        assert_eq!(check("home/${aws:username}", "home/a-anything-b"), Match::No);
    }

    #[test]
    fn no_value_or_several_never_match() {
        assert_eq!(check("home/${aws:userid}/*", "home//x"), Match::Unresolved);
        assert_eq!(check("*${aws:userid}*", "anything"), Match::Unresolved);
        assert_eq!(check("${aws:TagKeys}", "x"), Match::Unresolved);
        assert_eq!(check("${aws:username", "${aws:username"), Match::Unresolved);
        assert_eq!(check("${}", "${}"), Match::Unresolved);
        assert_eq!(check("${aws:userid, none}", "none"), Match::Unresolved);
    }

    #[test]
    fn defaults() {
        assert_eq!(check("${aws:userid, 'anonymous'}", "anonymous"), Match::Yes);
        assert_eq!(check("${aws:userid,'a*'}", "abc"), Match::No, "the default's wildcards are literal");
        assert_eq!(check("${aws:username, 'other'}", "a*b"), Match::Yes);
        assert_eq!(
            check("${aws:TagKeys, 'other'}", "other"),
            Match::Unresolved,
            "several values are not absence"
        );
    }

    #[test]
    fn special_characters() {
        assert_eq!(check("a${*}b", "a*b"), Match::Yes);
        assert_eq!(check("a${*}b", "axb"), Match::No);
        assert_eq!(check("${?}${$}", "?$"), Match::Yes);
        assert_eq!(check("a$b", "a$b"), Match::Yes);
    }

    #[test]
    fn the_old_version_has_no_variables() {
        let old = Template::new("${aws:username}", Syntax { wildcards: true, variables: false });
        assert_eq!(old.matches("${aws:username}", &Context::new()), Match::Yes);
    }
}

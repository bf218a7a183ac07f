//! Wildcards: `*` is any run of characters, `?` exactly one. No regular expressions, no allocation while matching.

/// One step of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// This character.
    Char(char),
    /// `?`
    One,
    /// `*`
    Many,
}

/// A compiled pattern; the common forms have a shape of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pattern {
    Any,
    Exact(Box<str>),
    Prefix(Box<str>),
    Glob(Box<[Piece]>),
}

impl Pattern {
    /// Compiles a text in which `*` and `?` are wildcards.
    pub(crate) fn new(text: &str) -> Self {
        Self::of(&text.chars().map(Piece::wild).collect::<Vec<_>>())
    }

    /// Compiles pieces.
    pub(crate) fn of(pieces: &[Piece]) -> Self {
        let literal = |pieces: &[Piece]| {
            pieces
                .iter()
                .map(|piece| if let Piece::Char(c) = piece { Some(*c) } else { None })
                .collect::<Option<String>>()
        };
        if pieces == [Piece::Many] {
            return Self::Any;
        }
        if let Some(text) = literal(pieces) {
            return Self::Exact(text.into());
        }
        if let Some((Piece::Many, before)) = pieces.split_last()
            && let Some(text) = literal(before)
        {
            return Self::Prefix(text.into());
        }
        let mut pieces = pieces.to_vec();
        pieces.dedup_by(|a, b| *a == Piece::Many && *b == Piece::Many);
        Self::Glob(pieces.into())
    }

    /// Whether the whole text matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(same) => **same == *text,
            Self::Prefix(start) => text.starts_with(&**start),
            Self::Glob(pieces) => glob(pieces, text),
        }
    }
}

impl Piece {
    /// A character of a text with wildcards.
    pub(crate) fn wild(character: char) -> Self {
        match character {
            '*' => Self::Many,
            '?' => Self::One,
            other => Self::Char(other),
        }
    }
}

/// Whether pieces match the whole text. Time is at most the product of the lengths: only the last `*` is ever retried.
pub(crate) fn glob(pieces: &[Piece], text: &str) -> bool {
    let mut next = 0;
    let mut rest = text;
    let mut star: Option<(usize, &str)> = None;
    loop {
        let step = match pieces.get(next) {
            Some(Piece::Many) => {
                next += 1;
                if next == pieces.len() {
                    return true;
                }
                star = Some((next, rest));
                continue;
            }
            Some(Piece::One) => rest.chars().next(),
            Some(Piece::Char(wanted)) => Some(*wanted).filter(|wanted| rest.starts_with(*wanted)),
            None if rest.is_empty() => return true,
            None => None,
        };
        if let Some(character) = step {
            next += 1;
            rest = rest.get(character.len_utf8()..).unwrap_or_default();
            continue;
        }
        let Some((after, from)) = star else { return false };
        let mut shorter = from.chars();
        if shorter.next().is_none() {
            return false;
        }
        rest = shorter.as_str();
        star = Some((after, rest));
        next = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern).matches(text)
    }

    #[test]
    fn wildcards() {
        for (pattern, text) in [
            ("*", ""),
            ("**", "abc"),
            ("abc", "abc"),
            ("a*", "a"),
            ("a*c", "abcbc"),
            ("*b*", "abc"),
            ("?", "é"),
            ("a?c*", "abcd"),
            ("*.txt", "a/b:c.txt"),
            ("a*b*c", "a-b-b-c"),
            ("*a?", "aab"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", "a"),
            ("a", ""),
            ("?", ""),
            ("a?", "a"),
            ("a*c", "abcb"),
            ("*b", "abc"),
            ("A*", "abc"),
            ("a*b*c", "a-c-b"),
        ] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn a_hostile_pattern_ends() {
        assert!(!matches(&"a*".repeat(2000), &("a".repeat(1999) + "b")));
    }

    fn naive(pattern: &[char], text: &[char]) -> bool {
        match (pattern, text) {
            ([], []) => true,
            (['*', rest @ ..], _) => naive(rest, text) || (!text.is_empty() && naive(pattern, &text[1..])),
            (['?', rest @ ..], [_, tail @ ..]) => naive(rest, tail),
            ([c, rest @ ..], [d, tail @ ..]) => c == d && naive(rest, tail),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_naive_matcher(pattern in "[ab*?é]{0,8}", text in "[abé]{0,10}") {
            let pattern_chars: Vec<char> = pattern.chars().collect();
            let text_chars: Vec<char> = text.chars().collect();
            prop_assert_eq!(matches(&pattern, &text), naive(&pattern_chars, &text_chars));
        }
    }
}

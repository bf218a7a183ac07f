//! `AllowedPattern`: Java's regular expressions, matched against the whole value.
//!
//! Password rules use look-ahead, hence fancy-regex (its backtracking is bounded). Where Java's classes are ASCII and Rust's are Unicode, the
//! text is rewritten, so that no value passes here that AWS refuses.

use super::error::TemplateError;
use fancy_regex::{Regex, RegexBuilder};
use std::sync::Arc;

/// Beyond this many steps a value counts as not matching.
const BACKTRACK_LIMIT: usize = 1_000_000;

/// A pattern that compiled.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    text: String,
    regex: Arc<Regex>,
}

impl Pattern {
    pub(crate) fn parse(parameter: &str, text: String) -> Result<Self, TemplateError> {
        let refused = || {
            TemplateError::validation(format!(
                "Parameter '{parameter}' AllowedPattern must be a valid regular expression."
            ))
        };
        let compile = |pattern: &str| {
            RegexBuilder::new(pattern)
                .backtrack_limit(BACKTRACK_LIMIT)
                .delegate_size_limit(1 << 20)
                .delegate_dfa_size_limit(1 << 20)
                .build()
                .map_err(|_| refused())
        };
        let rewritten = from_java(&text);
        // First by itself: `a)|(b` would be right inside the group, and match anything that ends in b.
        compile(&rewritten)?;
        let regex = compile(&format!(r"\A(?:{rewritten})\z"))?;
        Ok(Self { text, regex: Arc::new(regex) })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Does the whole value match? A value on which matching gives up does not.
    pub(crate) fn matches(&self, value: &str) -> bool {
        self.regex.is_match(value).unwrap_or(false)
    }
}

/// Java's syntax in Rust's, as far as they differ in meaning.
fn from_java(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut characters = text.chars();
    let mut in_class = 0_usize;
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('Q') => {
                    let rest = characters.as_str();
                    let (quoted, after) = rest.split_once("\\E").unwrap_or((rest, ""));
                    out.push_str(&fancy_regex::escape(quoted));
                    characters = after.chars();
                }
                Some(escaped) => out.push_str(&escape(escaped, in_class > 0, &mut characters)),
                None => out.push('\\'),
            },
            '[' => {
                in_class += 1;
                out.push('[');
                if characters.as_str().starts_with('^') {
                    characters.next();
                    out.push('^');
                }
                // Java takes a `]` that comes first as the end of nothing: as text.
                if characters.as_str().starts_with(']') {
                    characters.next();
                    out.push_str(r"\]");
                }
            }
            ']' => {
                in_class = in_class.saturating_sub(1);
                out.push(']');
            }
            '.' if in_class == 0 => out.push_str(r"[^\n\r\x{85}\x{2028}\x{2029}]"),
            // Operators in Rust's classes, characters in Java's.
            '~' | '-' if in_class > 0 && characters.as_str().starts_with(character) => {
                out.push('\\');
                out.push(character);
            }
            other => out.push(other),
        }
    }
    out
}

fn escape(escaped: char, in_class: bool, rest: &mut std::str::Chars<'_>) -> String {
    let class = |members: &str, negated: bool| match (in_class, negated) {
        (true, false) => members.to_owned(),
        (_, true) => format!("[^{members}]"),
        (false, false) => format!("[{members}]"),
    };
    match escaped {
        'd' => class("0-9", false),
        'D' => class("0-9", true),
        'w' => class("a-zA-Z0-9_", false),
        'W' => class("a-zA-Z0-9_", true),
        's' => class(r" \t\n\x0B\f\r", false),
        'S' => class(r" \t\n\x0B\f\r", true),
        'h' => class(r" \t\xA0", false),
        // Word boundaries in Rust, plain characters in Java.
        '<' | '>' => escaped.to_string(),
        'Z' => r"\z".to_owned(),
        'p' | 'P' => {
            let Some((name, after)) = rest.as_str().strip_prefix('{').and_then(|text| text.split_once('}'))
            else {
                return format!("\\{escaped}");
            };
            let members = match name {
                "Lower" => "a-z",
                "Upper" => "A-Z",
                "Alpha" => "a-zA-Z",
                "Digit" => "0-9",
                "Alnum" => "a-zA-Z0-9",
                "XDigit" => "0-9a-fA-F",
                "Space" => r" \t\n\x0B\f\r",
                "Blank" => r" \t",
                "ASCII" => r"\x00-\x7F",
                "Punct" => r"!-/:-@\[-`{-~",
                "Graph" => "!-~",
                "Print" => " -~",
                "Cntrl" => r"\x00-\x1F\x7F",
                _ => return format!("\\{escaped}"),
            };
            *rest = after.chars();
            class(members, escaped == 'P')
        }
        other => format!("\\{other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, value: &str) -> bool {
        Pattern::parse("P", pattern.to_owned()).unwrap().matches(value)
    }

    #[test]
    fn the_whole_value_must_match() {
        assert!(matches("[a-z]+", "abc"));
        assert!(!matches("[a-z]+", "abc1"));
        assert!(!matches("^[a-z]+$", "abc\n"));
        assert!(!matches("a|b", "ab"));
        assert!(matches("[a-zA-Z][a-zA-Z0-9]*", "Lab1"));
        assert!(!matches("[a-zA-Z][a-zA-Z0-9]*", "1Lab"));
        assert!(matches(".*", ""));
        assert!(!matches(".*", "a\r"));
    }

    #[test]
    fn patterns_of_real_templates() {
        let mail = r"^[\w.+-]+@[\w-]+\.[\w.-]+$";
        assert!(matches(mail, "ann.b+c@example.com"));
        assert!(!matches(mail, "ann"));
        let cidr = r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})/(\d{1,2})";
        assert!(matches(cidr, "10.0.0.0/16"));
        let mail = r"[a-zA-Z0-9_\-\.]+@[a-zA-Z0-9_\-\.]+\.[a-zA-Z]{2,5}";
        assert!(matches(mail, "a_b@c.de"));
        assert!(matches(r"(?!(^xn--|.+-s3alias$))^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", "my-bucket"));
        let password = r"^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[^\s@/]{8,}$";
        assert!(matches(password, "Secret12"));
        assert!(!matches(password, "secret12"));
        assert!(matches(r"s3://[\p{Alnum}.\-_/]+", "s3://b/k_1"));
        assert!(matches(r"\Qa.b\E[c]", "a.bc") && !matches(r"\Qa.b\E", "axb"));
    }

    #[test]
    fn classes_are_ascii_as_in_java() {
        assert!(!matches(r"\d+", "٣"));
        assert!(!matches(r"[\d]+", "٣"));
        assert!(!matches(r"\w+", "ä"));
        assert!(matches(r"[\w\s-]+", "a b-c_1"));
        assert!(matches(r"[^\d]", "a") && !matches(r"[^\d]", "1"));
        assert!(matches(r"\D\W\S", "a-b"));
        assert!(matches(r"\<a\>", "<a>"));
        assert!(matches(r"[+--]", "-"));
        assert!(matches("[]a]", "]"));
    }

    #[test]
    fn what_does_not_compile_is_refused() {
        for pattern in ["[", "(", "a)|(b", "*", r"\"] {
            assert_eq!(
                Pattern::parse("P", pattern.to_owned()).unwrap_err().message(),
                "Parameter 'P' AllowedPattern must be a valid regular expression.",
                "{pattern}"
            );
        }
        assert!(Pattern::parse("P", "((a{1000}){1000}){1000}".to_owned()).is_err());
    }

    #[test]
    fn hostile_patterns_end() {
        let evil = "a".repeat(40) + "!";
        assert!(!matches(r"(?=x*)(a|aa)+\1?$", &evil));
        assert!(!matches("(a*)*b", &evil));
    }
}

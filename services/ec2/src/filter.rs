//! The filters of Describe operations: names, wildcards and tags.

use crate::error::{invalid_value, refuse};
use api_ec2::{Error, Filter};
use names::Tags;

/// Filters whose names are known to the noun; all of them must match, each by one of its values.
#[derive(Debug)]
pub(crate) struct Filters {
    filters: Vec<(String, Vec<String>)>,
}

/// How many values a request may name, in all of its filters.
const MOST_VALUES: usize = 200;

impl Filters {
    /// Takes filters of the given names. Where the noun has tags, so `tag:KEY` and `tag-key` are too.
    pub(crate) fn parse(filters: Option<Vec<Filter>>, names: &[&str], tagged: bool) -> Result<Self, Error> {
        let mut parsed: Vec<(String, Vec<String>)> = Vec::new();
        let mut count = 0_usize;
        for Filter { name, values } in filters.unwrap_or_default() {
            let name = name.unwrap_or_default();
            let tag =
                tagged && (name == "tag-key" || name.strip_prefix("tag:").is_some_and(|key| !key.is_empty()));
            if !tag && !names.contains(&name.as_str()) {
                let name = if name.is_empty() { "null" } else { &name };
                return Err(invalid_value(format!("The filter '{name}' is invalid")));
            }
            let values = values.unwrap_or_default();
            if values.is_empty() {
                return Err(invalid_value(format!(
                    "The filter '{name}' has no values: give it at least one"
                )));
            }
            count = count.saturating_add(values.len());
            match parsed.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => known.extend(values),
                None => parsed.push((name, values)),
            }
        }
        if count > MOST_VALUES {
            let message =
                format!("The maximum number of filter values specified on a single call is {MOST_VALUES}");
            return Err(refuse("FilterLimitExceeded", message));
        }
        Ok(Self { filters: parsed })
    }

    /// Whether a thing with these tags passes; `values` answers what it has under a filter's name.
    pub(crate) fn pass(&self, tags: &Tags, values: impl Fn(&str) -> Vec<String>) -> bool {
        self.filters.iter().all(|(name, patterns)| {
            let matches = |value: &str| patterns.iter().any(|pattern| like(pattern, value));
            if name == "tag-key" {
                tags.keys().any(|key| matches(key))
            } else if let Some(key) = name.strip_prefix("tag:") {
                tags.get(key).is_some_and(|value| matches(value))
            } else {
                values(name).iter().any(|value| matches(value))
            }
        })
    }
}

/// What an optional value has under a filter's name.
pub(crate) fn maybe(value: Option<impl ToString>) -> Vec<String> {
    value.map(|value| value.to_string()).into_iter().collect()
}

/// What a value has under a filter's name.
pub(crate) fn one(value: impl ToString) -> Vec<String> {
    vec![value.to_string()]
}

/// `*` stands for any text, `?` for one character, a backslash makes either plain.
pub(crate) fn like(pattern: &str, value: &str) -> bool {
    let pattern = tokens(pattern);
    let value: Vec<char> = value.chars().collect();
    let (mut at, mut reached) = (0_usize, 0_usize);
    let mut star: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(at), value.get(reached)) {
            (None, None) => return true,
            (Some(Token::Any), _) => {
                star = Some((at, reached));
                at += 1;
                continue;
            }
            (Some(Token::One), Some(_)) => {
                at += 1;
                reached += 1;
                continue;
            }
            (Some(Token::Plain(expected)), Some(found)) if expected == found => {
                at += 1;
                reached += 1;
                continue;
            }
            _ => {}
        }
        // Let the last star swallow one character more.
        match star {
            Some((star_at, from)) if from < value.len() => {
                star = Some((star_at, from + 1));
                at = star_at + 1;
                reached = from + 1;
            }
            _ => return false,
        }
    }
}

enum Token {
    Any,
    One,
    Plain(char),
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        tokens.push(match character {
            '*' => Token::Any,
            '?' => Token::One,
            '\\' => Token::Plain(characters.next().unwrap_or('\\')),
            other => Token::Plain(other),
        });
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_and_their_escape() {
        for (pattern, value) in [
            ("web", "web"),
            ("*", ""),
            ("*", "x"),
            ("w?b", "web"),
            ("*prod*", "my-prod-1"),
            ("a*b*c", "aXbYbZc"),
            (r"\*amazon\?\\", r"*amazon?\"),
        ] {
            assert!(like(pattern, value), "{pattern} {value}");
        }
        for (pattern, value) in
            [("web", "Web"), ("w?b", "wb"), ("*x", "xy"), (r"\*", "x"), ("", "x"), ("a*b", "a")]
        {
            assert!(!like(pattern, value), "{pattern} {value}");
        }
    }

    #[test]
    fn an_unknown_filter_is_refused() {
        let filter =
            |name: &str| Some(vec![Filter { name: Some(name.into()), values: Some(vec!["x".into()]) }]);
        let refused = Filters::parse(filter("colour"), &["vpc-id"], true).unwrap_err();
        assert_eq!(refused.to_string(), "InvalidParameterValue: The filter 'colour' is invalid");
        assert!(Filters::parse(filter("vpc-id"), &["vpc-id"], true).is_ok());
        assert!(Filters::parse(filter("tag:"), &["vpc-id"], true).is_err());
        assert!(Filters::parse(filter("tag:a"), &["vpc-id"], false).is_err());
    }

    #[test]
    fn every_filter_must_match_by_one_value() {
        let filter = |name: &str, values: &[&str]| Filter {
            name: Some(name.into()),
            values: Some(values.iter().map(|value| (*value).to_owned()).collect()),
        };
        let tags = Tags::from([("Name".to_owned(), "web-1".to_owned())]);
        let values = |name: &str| if name == "state" { one("available") } else { Vec::new() };
        let pass = |filters: Vec<Filter>| {
            Filters::parse(Some(filters), &["state", "owner-id"], true).unwrap().pass(&tags, values)
        };
        assert!(pass(vec![filter("state", &["pending", "avail*"]), filter("tag:Name", &["web-?"])]));
        assert!(pass(vec![filter("tag-key", &["N*"])]));
        assert!(!pass(vec![filter("state", &["available"]), filter("owner-id", &["*"])]));
    }
}

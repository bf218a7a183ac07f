//! Filter patterns: what FilterLogEvents and metric filters select events with.
//!
//! The grammar: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html>. Terms that an event must (`ERROR`),
//! must not (`-DEBUG`) or may (`?WARN`) contain; `{ … }` for events that are JSON; `[ … ]` for events of fields between spaces; `%…%`
//! for regular expressions in each. Matching takes time linear in the event.

mod comparison;
mod condition;
mod fields;
mod json;
mod reference;
mod regex;
mod scanner;
mod selector;
mod terms;
#[cfg(test)]
mod tests;

pub(crate) use reference::{Message, Reference, Selected};

use scanner::Scanner;
use std::collections::BTreeMap;

/// The longest pattern, in characters.
const LONGEST: usize = 1024;
/// Regular expressions in one pattern. AWS says so of JSON and space-delimited ones; others are to be one expression alone.
const MOST_REGEXES: usize = 2;

/// A filter pattern.
#[derive(Debug, Clone)]
pub struct Pattern {
    form: Form,
    regexes: usize,
}

#[derive(Debug, Clone)]
enum Form {
    Everything,
    Terms(terms::Terms),
    Json(json::Json),
    Fields(fields::Fields),
}

/// Why a text is no filter pattern, in AWS's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPattern {
    /// What may not stand unquoted where it does.
    #[error("Invalid character(s) in term '{0}'")]
    Characters(String),
    /// It follows none of the three forms.
    #[error("Invalid filter pattern")]
    Syntax,
}

impl Pattern {
    /// Reads a pattern; an empty one selects everything.
    ///
    /// # Errors
    /// [`InvalidPattern`], also for more than 1024 characters.
    pub fn parse(text: &str) -> Result<Self, InvalidPattern> {
        if text.chars().count() > LONGEST {
            return Err(InvalidPattern::Syntax);
        }
        let trimmed = text.trim();
        let mut scanner = Scanner::new(trimmed);
        let form = match scanner.peek() {
            None => Form::Everything,
            Some('{') => Form::Json(json::Json::parse(&mut scanner)?),
            Some('[') => Form::Fields(fields::Fields::parse(&mut scanner)?),
            Some(_) => Form::Terms(terms::Terms::parse(&mut scanner)?),
        };
        let regexes = scanner.regexes;
        if scanner.peek().is_some() || regexes > MOST_REGEXES {
            return Err(InvalidPattern::Syntax);
        }
        Ok(Self { form, regexes })
    }

    /// Whether an event's message is selected.
    #[must_use]
    pub fn matches(&self, message: &str) -> bool {
        self.select(&Message::new(message)).is_some()
    }

    /// Whether it has regular expressions, which take longer than all else.
    #[must_use]
    pub fn has_regexes(&self) -> bool {
        self.regexes > 0
    }

    /// The fields of a selected message by name (`$status_code`, or `$7` where the pattern gives none): only space-delimited patterns have any.
    /// None where the message is not selected.
    #[must_use]
    pub fn extract(&self, message: &str) -> Option<BTreeMap<String, String>> {
        match self.select(&Message::new(message))? {
            Selected::Fields(fields) => Some(fields),
            Selected::Json(_) | Selected::Text => Some(BTreeMap::new()),
        }
    }
}

//! Input templates: JSON or lines of quoted text, with `<placeholders>`.

use serde::de::IgnoredAny;
use std::collections::BTreeMap;
use wire::Document;

/// What a placeholder may be without being defined by a path.
const PREDEFINED: &[&str] = &[
    "aws.events.rule-arn",
    "aws.events.rule-name",
    "aws.events.event.ingestion-time",
    "aws.events.event",
    "aws.events.event.json",
];

/// A read template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// A placeholder, and whether it stands within quotes.
    Placeholder {
        name: String,
        quoted: bool,
    },
}

/// The values of placeholders.
pub(crate) type Filled = BTreeMap<String, Document>;

/// Why a template is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refused {
    /// A placeholder that nothing defines.
    Placeholder(String),
    /// Without its placeholders it would be no JSON: line and column.
    Json(usize, usize),
}

/// The most bytes that a filled template may have: what a bus takes of an event. A short template can name a large event very often.
const LONGEST: usize = 1 << 20;

impl Template {
    /// Reads a template.
    pub(crate) fn read(text: &str) -> Self {
        let mut pieces = Vec::new();
        let (mut plain, mut quoted) = (String::new(), false);
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            if let Some((name, after)) = placeholder(rest) {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
                pieces.push(Piece::Placeholder { name: name.to_owned(), quoted });
                rest = after;
                continue;
            }
            let mut taken = character.len_utf8();
            if character == '"' {
                quoted = !quoted;
            } else if character == '\\' && quoted {
                taken += rest.get(taken..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            }
            let (now, after) = rest.split_at_checked(taken).unwrap_or((rest, ""));
            plain.push_str(now);
            rest = after;
        }
        pieces.push(Piece::Text(plain));
        Self(pieces)
    }

    /// Checks it against the names that have paths.
    ///
    /// # Errors
    /// What AWS refuses.
    pub(crate) fn check(&self, defined: &BTreeMap<String, String>) -> Result<(), Refused> {
        let mut filled = Filled::new();
        for piece in &self.0 {
            if let Piece::Placeholder { name, .. } = piece {
                if !defined.contains_key(name) && !PREDEFINED.contains(&name.as_str()) {
                    return Err(Refused::Placeholder(name.clone()));
                }
                filled.insert(name.clone(), Document::from(0));
            }
        }
        check_json(&self.fill(&filled).unwrap_or_default())
    }

    /// The text with values in the place of placeholders. Outside of quotes a value is JSON. Within quotes text goes in as text, and of
    /// lists and objects the quotes are left out; what has no value is empty. None where it is too long.
    pub(crate) fn fill(&self, values: &Filled) -> Option<String> {
        let mut out = String::new();
        for piece in &self.0 {
            if out.len() > LONGEST {
                return None;
            }
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Placeholder { name, quoted: false } => match values.get(name) {
                    Some(value) => out.push_str(&value.to_string()),
                    None => out.push_str("\"\""),
                },
                Piece::Placeholder { name, quoted: true } => match values.get(name) {
                    Some(text @ Document::String(_)) => {
                        let json = text.to_string();
                        let inner = json.strip_prefix('"').and_then(|json| json.strip_suffix('"'));
                        out.push_str(inner.unwrap_or_default());
                    }
                    Some(value) => out.extend(value.to_string().chars().filter(|c| !matches!(c, '"' | '\\'))),
                    None => {}
                },
            }
        }
        (out.len() <= LONGEST).then_some(out)
    }
}

/// `<name>` at the beginning of a text, and what follows.
fn placeholder(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.strip_prefix('<')?.split_once('>')?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (!name.is_empty() && name.bytes().all(fits)).then_some((name, rest))
}

/// One JSON value or several on lines of their own, as texts of several lines are.
fn check_json(text: &str) -> Result<(), Refused> {
    let mut values = 0_usize;
    for value in serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>() {
        value.map_err(|error| Refused::Json(error.line(), error.column()))?;
        values += 1;
    }
    if values == 0 { Err(Refused::Json(1, 0)) } else { Ok(()) }
}

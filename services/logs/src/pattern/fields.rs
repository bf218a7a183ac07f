use super::InvalidPattern;
use super::comparison::{Comparison, Decimal, Value};
use super::condition::Condition;
use super::scanner::Scanner;
use std::collections::BTreeMap;

/// A pattern for events of fields between spaces: `[ip, user, ..., status = 4*, bytes]`.
///
/// Without an ellipsis the last field, if nothing is asked of it, takes all that is left of the event: AWS's `[w1=ERROR, w2]` selects
/// `ERROR 09/25/2014 12:00:02 Failed to process request`.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    /// Those before the ellipsis; all where there is none.
    first: Vec<Field>,
    /// Those after the ellipsis; None where there is none.
    last: Option<Vec<Field>>,
}

#[derive(Debug, Clone, Default)]
struct Field {
    name: Option<String>,
    /// A name and what its field must be: mostly the field's own.
    condition: Option<Condition<(String, Comparison)>>,
}

/// A part of an event: what it says, and where it begins.
#[derive(Debug, Clone, Copy)]
struct Part<'e> {
    text: &'e str,
    start: usize,
}

impl Fields {
    pub(super) fn parse(scanner: &mut Scanner<'_>) -> Result<Self, InvalidPattern> {
        if !scanner.eat("[") {
            return Err(InvalidPattern::Syntax);
        }
        let (mut first, mut last) = (Vec::new(), None);
        loop {
            scanner.skip_spaces();
            if scanner.eat("...") {
                if scanner.peek().is_some_and(char::is_alphanumeric) {
                    let name = scanner.take_while(is_in_name);
                    return Err(InvalidPattern::Characters(format!("...{name}")));
                }
                if last.replace(Vec::new()).is_some() {
                    return Err(InvalidPattern::Syntax);
                }
            } else {
                last.as_mut().unwrap_or(&mut first).push(Field::parse(scanner)?);
            }
            scanner.skip_spaces();
            if scanner.eat("]") {
                break;
            }
            if !scanner.eat(",") {
                return Err(scanner.unexpected());
            }
        }
        let fields = Self { first, last };
        let mut names = Vec::new();
        for condition in fields.all().filter_map(|field| field.condition.as_ref()) {
            condition.leaves(&mut |(name, _)| names.push(name));
        }
        let known = |name: &&String| fields.all().any(|field| field.name.as_ref() == Some(*name));
        if names.iter().all(known) { Ok(fields) } else { Err(InvalidPattern::Syntax) }
    }

    fn all(&self) -> impl Iterator<Item = &Field> {
        self.first.iter().chain(self.last.iter().flatten())
    }

    /// Whether one of them has a name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.all().any(|field| field.name.as_deref() == Some(name))
    }

    /// The fields of a selected event; None where it is not selected.
    pub(super) fn extract(&self, message: &str) -> Option<BTreeMap<String, String>> {
        let parts = parts(message);
        let named = self.assign(message, &parts)?;
        let of = |name: &str| {
            named.iter().find(|(field, _)| field.is_some_and(|field| field.name.as_deref() == Some(name)))
        };
        for (field, text) in &named {
            let Some(Field { name: Some(own), condition: Some(condition) }) = field else { continue };
            let holds = condition.holds(&|(name, comparison)| {
                let text = if name == own { Some(text) } else { of(name).map(|(_, text)| text) };
                text.is_some_and(|text| match Decimal::parse(text) {
                    Some(number) => comparison.holds(Value::Number(number, text)),
                    None => comparison.holds(Value::Text(text)),
                })
            });
            if !holds {
                return None;
            }
        }
        let extracted = named.iter().enumerate().map(|(index, (field, text))| {
            let name = field.and_then(|field| field.name.as_deref());
            (name.map_or_else(|| format!("${}", index + 1), |name| format!("${name}")), (*text).to_owned())
        });
        Some(extracted.collect())
    }

    /// Each part of the event with its field; those of the ellipsis have none. None where they do not fit.
    fn assign<'e>(&self, message: &'e str, parts: &[Part<'e>]) -> Option<Vec<(Option<&Field>, &'e str)>> {
        let texts = parts.iter().map(|part| part.text);
        if let Some(last) = &self.last {
            let between = parts.len().checked_sub(self.first.len() + last.len())?;
            let fields = self.first.iter().map(Some).chain(std::iter::repeat_n(None, between));
            return Some(fields.chain(last.iter().map(Some)).zip(texts).collect());
        }
        let mut assigned: Vec<_> = self.first.iter().map(Some).zip(texts).collect();
        if parts.len() < self.first.len() {
            return None;
        }
        if parts.len() > self.first.len() {
            let (field, text) = assigned.last_mut()?;
            if field.is_some_and(|field| field.condition.is_some()) {
                return None;
            }
            let start = parts.get(self.first.len() - 1)?.start;
            *text = message.get(start..)?.trim_end();
        }
        Some(assigned)
    }
}

impl Field {
    fn parse(scanner: &mut Scanner<'_>) -> Result<Self, InvalidPattern> {
        if matches!(scanner.peek(), Some(',' | ']')) {
            return Ok(Self::default());
        }
        let (mut name, mut bare) = (None, false);
        let condition = Condition::parse(scanner, &mut |scanner| {
            let word = scanner.take_while(is_in_name).to_owned();
            if word.is_empty() {
                return Err(scanner.unexpected());
            }
            scanner.skip_spaces();
            let comparison = Comparison::parse(scanner)?;
            name.get_or_insert_with(|| word.clone());
            bare |= comparison.is_none();
            Ok((word, comparison))
        })?;
        if bare {
            // A name without a condition is all that there is of a field.
            return match condition {
                Condition::Leaf(_) => Ok(Self { name, condition: None }),
                _ => Err(InvalidPattern::Syntax),
            };
        }
        Ok(Self { name, condition: condition.complete() })
    }
}

impl Condition<(String, Option<Comparison>)> {
    /// The same where each leaf has a comparison.
    fn complete(self) -> Option<Condition<(String, Comparison)>> {
        let each = |conditions: Vec<Self>| conditions.into_iter().map(Self::complete).collect::<Option<_>>();
        match self {
            Self::Leaf((name, comparison)) => Some(Condition::Leaf((name, comparison?))),
            Self::All(conditions) => each(conditions).map(Condition::All),
            Self::Any(conditions) => each(conditions).map(Condition::Any),
        }
    }
}

fn is_in_name(character: char) -> bool {
    character.is_alphanumeric() || "_-".contains(character)
}

/// Splits an event at its spaces; what stands in brackets or quotes is one part, without them.
fn parts(message: &str) -> Vec<Part<'_>> {
    // Where an enclosure is not closed, none of its kind is any more: looked for once, or many of them would take quadratic time.
    let mut enclosures = [('[', ']', true), ('"', '"', true)];
    let mut parts = Vec::new();
    let mut rest = message.trim_start();
    while !rest.is_empty() {
        let start = message.len() - rest.len();
        let enclosed =
            enclosures.iter_mut().filter(|(_, _, closes)| *closes).find_map(|(open, close, closes)| {
                let inside = rest.strip_prefix(*open)?;
                let split = inside.split_once(*close);
                *closes = split.is_some();
                split
            });
        let (text, after) =
            enclosed.unwrap_or_else(|| rest.split_once(char::is_whitespace).unwrap_or((rest, "")));
        parts.push(Part { text, start });
        rest = after.trim_start();
    }
    parts
}

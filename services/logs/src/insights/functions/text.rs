use super::Function;
use crate::insights::value::Value;
use std::sync::Arc;

/// The longest text that is computed, in bytes: as long as an event may be.
const LONGEST: usize = 1_048_576;

/// None where an argument that is needed is missing or of another kind, or the text would be too long.
pub(super) fn apply(function: Function, arguments: &[Option<Value>]) -> Option<Value> {
    let text = |number: usize| -> Option<Arc<str>> { Some(arguments.get(number)?.as_ref()?.print()) };
    let given = |text: &str| Some(Value::text(text));
    match function {
        Function::IsEmpty => Some(Value::Boolean(text(0).is_none_or(|text| text.is_empty()))),
        Function::IsBlank => Some(Value::Boolean(text(0).is_none_or(|text| text.trim().is_empty()))),
        Function::Concat => {
            let parts: Vec<Arc<str>> = arguments.iter().flatten().map(Value::print).collect();
            let length = parts.iter().map(|part| part.len()).sum::<usize>();
            (length <= LONGEST).then(|| Value::text(&parts.concat()))
        }
        Function::Ltrim => {
            let (text, set) = (text(0)?, set(arguments)?);
            given(text.trim_start_matches(|character| set.trims(character)))
        }
        Function::Rtrim => {
            let (text, set) = (text(0)?, set(arguments)?);
            given(text.trim_end_matches(|character| set.trims(character)))
        }
        Function::Trim => {
            let (text, set) = (text(0)?, set(arguments)?);
            given(text.trim_matches(|character| set.trims(character)))
        }
        Function::Strlen => {
            let length = u32::try_from(text(0)?.chars().count()).ok()?;
            Some(Value::Number(length.into()))
        }
        Function::ToUpper => given(&text(0)?.to_uppercase()),
        Function::ToLower => given(&text(0)?.to_lowercase()),
        Function::Substr => {
            let (text, from) = (text(0)?, index(arguments.get(1)?.as_ref()?)?);
            let rest = text.chars().skip(from);
            let part: String = match arguments.get(2) {
                None => rest.collect(),
                Some(length) => rest.take(index(length.as_ref()?)?).collect(),
            };
            given(&part)
        }
        Function::Replace => {
            let (text, wanted, with) = (text(0)?, text(1)?, text(2)?);
            if wanted.is_empty() {
                return Some(Value::Text(text));
            }
            let grown = text.matches(&*wanted).count().saturating_mul(with.len()).saturating_add(text.len());
            (grown <= LONGEST).then(|| Value::text(&text.replace(&*wanted, &with)))
        }
        Function::StrContains => {
            let (text, part) = (text(0)?, text(1)?);
            Some(Value::Number(f64::from(u8::from(text.contains(&*part)))))
        }
        _ => None,
    }
}

/// The characters that are trimmed.
enum Set {
    Spaces,
    These(Arc<str>),
}

impl Set {
    fn trims(&self, character: char) -> bool {
        match self {
            Self::Spaces => character.is_whitespace(),
            Self::These(characters) => characters.contains(character),
        }
    }
}

fn set(arguments: &[Option<Value>]) -> Option<Set> {
    match arguments.get(1) {
        None => Some(Set::Spaces),
        Some(given) => Some(Set::These(given.as_ref()?.print())),
    }
}

/// A whole number that counts characters.
fn index(value: &Value) -> Option<usize> {
    let number = value.number().filter(|number| *number >= 0.0 && number.fract() == 0.0)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is whole and not negative, and saturates"
    )]
    Some(number as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply_to(function: Function, texts: &[&str]) -> Option<String> {
        let arguments: Vec<Option<Value>> = texts.iter().map(|text| Some(Value::text(text))).collect();
        apply(function, &arguments).map(|value| value.print().to_string())
    }

    #[test]
    fn texts_are_computed() {
        for (function, texts, expected) in [
            (Function::Concat, &["a", "b", "c"][..], "abc"),
            (Function::Trim, &["  a "], "a"),
            (Function::Trim, &["xyZfooxyZ", "xyZ"], "foo"),
            (Function::Ltrim, &["xyZfooxyZ", "xyZ"], "fooxyZ"),
            (Function::Rtrim, &["xyZfooxyZ", "xyZ"], "xyZfoo"),
            (Function::Strlen, &["é→"], "2"),
            (Function::ToUpper, &["aé"], "AÉ"),
            (Function::ToLower, &["AÉ"], "aé"),
            (Function::Substr, &["xyZfooxyZ", "3", "3"], "foo"),
            (Function::Substr, &["xyZfooxyZ", "3"], "fooxyZ"),
            (Function::Substr, &["abc", "7"], ""),
            (Function::Replace, &["foofoo", "oo", "a"], "fafa"),
            (Function::Replace, &["foo", "", "a"], "foo"),
            (Function::StrContains, &["foo", "oo"], "1"),
            (Function::StrContains, &["foo", "x"], "0"),
            (Function::IsEmpty, &[""], "1"),
            (Function::IsEmpty, &[" "], "0"),
            (Function::IsBlank, &[" "], "1"),
            (Function::IsBlank, &["x"], "0"),
        ] {
            assert_eq!(apply_to(function, texts).as_deref(), Some(expected), "{function:?} {texts:?}");
        }
        assert_eq!(apply_to(Function::Substr, &["abc", "-1"]), None);
        assert_eq!(apply(Function::IsEmpty, &[None]), Some(Value::Boolean(true)));
        assert_eq!(apply(Function::ToUpper, &[None]), None);
    }

    #[test]
    fn texts_do_not_grow_without_bound() {
        let long = "a".repeat(600_000);
        assert_eq!(apply_to(Function::Concat, &[&long, &long]), None);
        assert_eq!(apply_to(Function::Replace, &[&long, "a", "bb"]), None);
    }
}

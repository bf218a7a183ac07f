//! JMESPath over documents, with a few functions of the labs' own.
//!
//! `${name…}` in an expression stands for a value of the lab (an output, a reading): it becomes a literal, never text of the expression, so that what a
//! student calls his things cannot change what is asked.

use jmespath::functions::{ArgumentType, CustomFunction, Signature};
use jmespath::{Context, ErrorReason, JmespathError, Rcvar, Runtime, Variable};
use std::sync::{Arc, LazyLock};
use wire::{Document, Number};

const MOST_CHARACTERS: usize = 2_000;
const MOST_NESTING: usize = 60;
/// The values of an expression's answer; more are not told.
const MOST_VALUES: usize = 200_000;

/// JMESPath's own functions and the labs'.
const FUNCTIONS: &[&str] = &[
    "abs",
    "avg",
    "ceil",
    "contains",
    "ends_with",
    "floor",
    "join",
    "keys",
    "length",
    "map",
    "max",
    "max_by",
    "merge",
    "min",
    "min_by",
    "not_null",
    "reverse",
    "sort",
    "sort_by",
    "starts_with",
    "sum",
    "to_array",
    "to_number",
    "to_string",
    "type",
    "values",
    "from_json",
    "url_decode",
    "lower",
    "split",
    "matches",
    "epoch",
    "unique",
    "from_entries",
];

static RUNTIME: LazyLock<Runtime> = LazyLock::new(runtime);

/// An expression, with `${…}` in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expression {
    pub(crate) text: String,
}

impl Expression {
    /// Reads an expression, and says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.chars().count() > MOST_CHARACTERS {
            return Err(format!("the expression is longer than {MOST_CHARACTERS} characters"));
        }
        let expression = Self { text: text.to_owned() };
        let plain = expression.filled(&mut |_| Ok::<_, String>(Document::Null))?;
        let mut nesting = 0_usize;
        for character in plain.chars() {
            match character {
                '(' | '[' | '{' | '!' | '&' => nesting += 1,
                ')' | ']' | '}' => nesting = nesting.saturating_sub(1),
                _ => {}
            }
            if nesting > MOST_NESTING {
                return Err(format!("the expression nests deeper than {MOST_NESTING}"));
            }
        }
        RUNTIME.compile(&plain).map_err(|error| match error.reason {
            ErrorReason::Parse(reason) => {
                format!("{text:?} is not JMESPath at column {}: {reason}", error.column + 1)
            }
            ErrorReason::Runtime(reason) => format!("{text:?} is not JMESPath: {reason}"),
        })?;
        if let Some(stranger) = functions(&plain).find(|name| !FUNCTIONS.contains(&name.as_str())) {
            return Err(format!("{stranger}() is no function; there are {}", FUNCTIONS.join(", ")));
        }
        Ok(expression)
    }

    /// The names of the values that stand in it as `${…}`.
    pub(crate) fn variables(&self) -> Vec<String> {
        variables(&self.text)
    }

    /// With literals in place of `${…}`.
    pub(crate) fn filled<E: From<String>>(
        &self,
        value: &mut dyn FnMut(&str) -> Result<Document, E>,
    ) -> Result<String, E> {
        let mut out = String::with_capacity(self.text.len());
        for part in parts(&self.text)? {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Variable(inner) => {
                    if is_quoted(&out) {
                        return Err(E::from(format!(
                            "write ${{{inner}}} without quotes around it: it is a whole value"
                        )));
                    }
                    // A backtick ends a literal; JSON can write it otherwise.
                    out.push('`');
                    out.push_str(&value(inner)?.to_string().replace('`', "\\u0060"));
                    out.push('`');
                }
            }
        }
        Ok(out)
    }
}

/// Whether an expression ends within quotes.
fn is_quoted(expression: &str) -> bool {
    let mut quote = None;
    let mut characters = expression.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(_), '\\') => {
                characters.next();
            }
            (Some(open), character) if open == character => quote = None,
            (None, '\'' | '"' | '`') => quote = Some(character),
            _ => {}
        }
    }
    quote.is_some()
}

/// Evaluates an expression whose `${…}` have been filled in.
pub(crate) fn evaluate(expression: &str, over: &Document) -> Result<Document, String> {
    let compiled = RUNTIME.compile(expression).map_err(|error| error.reason.to_string())?;
    let found = compiled.search(over).map_err(|error| error.reason.to_string())?;
    let mut left = MOST_VALUES;
    document(&found, &mut left).ok_or_else(|| format!("the answer has more than {MOST_VALUES} values"))
}

fn document(value: &Variable, left: &mut usize) -> Option<Document> {
    *left = left.checked_sub(1)?;
    Some(match value {
        Variable::Null | Variable::Expref(_) => Document::Null,
        Variable::String(text) => text.as_str().into(),
        Variable::Bool(value) => (*value).into(),
        Variable::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => whole.into(),
            // Arithmetic of JMESPath is in floats: whole ones are written whole.
            #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
            (None, Some(float)) if float.fract() == 0.0 && float.abs() < 9e15 => (float as i64).into(),
            (None, Some(float)) => Document::Number(Number::Float(float)),
            (None, None) => Document::Null,
        },
        Variable::Array(elements) => {
            let elements: Option<Vec<Document>> = elements.iter().map(|it| document(it, left)).collect();
            Document::Array(elements?)
        }
        Variable::Object(members) => {
            let mut object = Document::object();
            for (name, value) in members {
                object.set(name.as_str(), document(value, left)?);
            }
            object
        }
    })
}

/// A text in parts.
pub(crate) enum Part<'a> {
    Text(&'a str),
    Variable(&'a str),
}

/// Splits at `${…}`; `$${` is a `${` that stays.
pub(crate) fn parts(text: &str) -> Result<Vec<Part<'_>>, String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, after) = rest.split_at(at);
        if let Some(kept) = before.strip_suffix('$') {
            parts.push(Part::Text(kept));
            parts.push(Part::Text("${"));
            rest = after.get(2..).unwrap_or_default();
            continue;
        }
        parts.push(Part::Text(before));
        let inner = after.get(2..).unwrap_or_default();
        let end = inner.find('}').ok_or_else(|| format!("{text:?} has a ${{ without its }}"))?;
        let (name, tail) = inner.split_at(end);
        if head(name).is_empty() {
            return Err(format!("${{{name}}} names nothing; write ${{name}} or ${{name.member}}"));
        }
        parts.push(Part::Variable(name));
        rest = tail.get(1..).unwrap_or_default();
    }
    parts.push(Part::Text(rest));
    Ok(parts)
}

/// The name that a `${…}` begins with.
pub(crate) fn head(inner: &str) -> &str {
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inner.len());
    inner.get(..end).unwrap_or_default()
}

/// The names that a text's `${…}` begin with.
pub(crate) fn variables(text: &str) -> Vec<String> {
    let parts = parts(text).unwrap_or_default();
    parts
        .into_iter()
        .filter_map(|part| match part {
            Part::Variable(inner) => Some(head(inner).to_owned()),
            Part::Text(_) => None,
        })
        .collect()
}

/// The names of functions that an expression calls.
fn functions(expression: &str) -> impl Iterator<Item = String> {
    let mut found = Vec::new();
    let mut quote = None;
    let mut word = String::new();
    for character in expression.chars() {
        match (quote, character) {
            (Some(open), character) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(character),
            (None, '(') if !word.is_empty() => found.push(std::mem::take(&mut word)),
            (None, character) if character.is_ascii_alphanumeric() || character == '_' => {
                word.push(character);
                continue;
            }
            _ => {}
        }
        word.clear();
    }
    found.into_iter()
}

fn fails(context: &Context<'_>, reason: String) -> JmespathError {
    JmespathError::from_ctx(context, ErrorReason::Parse(reason))
}

fn runtime() -> Runtime {
    let mut runtime = Runtime::new();
    runtime.register_builtin_functions();
    let any = || ArgumentType::Any;
    let text = || ArgumentType::String;
    let mut add = |name: &str,
                   inputs: Vec<ArgumentType>,
                   f: fn(&[Rcvar], &mut Context<'_>) -> jmespath_result::Found| {
        let function = CustomFunction::new(Signature::new(inputs, None), Box::new(f));
        runtime.register_function(name, Box::new(function));
    };
    add("from_json", vec![any()], |arguments, _| Ok(first(arguments, from_json)));
    add("url_decode", vec![any()], |arguments, _| {
        Ok(first(arguments, |text| {
            Some(percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned().into())
        }))
    });
    add("lower", vec![text()], |arguments, _| Ok(first(arguments, |text| Some(text.to_lowercase().into()))));
    add("split", vec![text(), text()], |arguments, _| {
        let at = arguments.get(1).and_then(|at| at.as_string().cloned()).unwrap_or_default();
        Ok(first(arguments, |text| Some(text.split(at.as_str()).collect::<Vec<&str>>().into())))
    });
    add("matches", vec![any(), text()], |arguments, context| {
        let pattern = arguments.get(1).and_then(|pattern| pattern.as_string().cloned()).unwrap_or_default();
        let pattern = regex(&pattern).map_err(|reason| fails(context, reason))?;
        let text = arguments.first().and_then(|text| text.as_string());
        Ok(Rcvar::new(Variable::Bool(text.is_some_and(|text| pattern.is_match(text)))))
    });
    add("epoch", vec![any()], |arguments, _| {
        Ok(first(arguments, |text| {
            let moment = names::Timestamp::parse_iso(text).ok()?;
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of this millennium fit")]
            Some(Document::Number(Number::Float(moment.millis() as f64 / 1000.0)))
        }))
    });
    add("unique", vec![ArgumentType::Array], |arguments, _| {
        let mut seen: Vec<Rcvar> = Vec::new();
        for element in arguments.first().and_then(|list| list.as_array()).into_iter().flatten() {
            if !seen.contains(element) {
                seen.push(Arc::clone(element));
            }
        }
        Ok(Rcvar::new(Variable::Array(seen)))
    });
    // [{"key","value"}…] to an object: outputs and tags by name.
    add("from_entries", vec![ArgumentType::Array], |arguments, _| {
        let entries = arguments.first().and_then(|list| list.as_array()).into_iter().flatten();
        let members = entries.filter_map(|entry| {
            Some((entry.get_field("key").as_string()?.clone(), entry.get_field("value")))
        });
        Ok(Rcvar::new(Variable::Object(members.collect())))
    });
    runtime
}

mod jmespath_result {
    pub(super) type Found = Result<jmespath::Rcvar, jmespath::JmespathError>;
}

/// What a function of a text gives; null for what is no text.
fn first(arguments: &[Rcvar], f: impl FnOnce(&str) -> Option<Document>) -> Rcvar {
    let found = arguments.first().and_then(|text| text.as_string()).and_then(|text| f(text));
    Rcvar::new(found.and_then(|found| Variable::from_serializable(found).ok()).unwrap_or(Variable::Null))
}

/// JSON text to its value; what is URL-encoded, as IAM's policies are, is decoded before.
fn from_json(text: &str) -> Option<Document> {
    if text.starts_with("%7B") || text.starts_with("%5B") {
        return Document::parse(&percent_encoding::percent_decode_str(text).decode_utf8_lossy()).ok();
    }
    Document::parse(text).ok()
}

/// A pattern, matched in linear time.
pub(crate) fn regex(pattern: &str) -> Result<regex::Regex, String> {
    regex::RegexBuilder::new(pattern)
        .size_limit(1 << 20)
        .build()
        .map_err(|error| format!("{pattern:?} is not a regular expression: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(expression: &str, json: &str) -> String {
        evaluate(expression, &Document::parse(json).unwrap()).unwrap().to_string()
    }

    #[test]
    fn jmespath_and_functions_of_our_own() {
        assert_eq!(over("a[?p > `80`].p", r#"{"a":[{"p":80},{"p":443}]}"#), "[443]");
        assert_eq!(
            over(
                "from_json(d).Statement[0].Effect",
                r#"{"d":"%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%7D%5D%7D"}"#
            ),
            "\"Allow\""
        );
        assert_eq!(over("from_json(d)", r#"{"d":"not json"}"#), "null");
        assert_eq!(over("unique(@)", "[1,1,2]"), "[1,2]");
        assert_eq!(
            over("from_entries(o[].{key: k, value: v}).b", r#"{"o":[{"k":"a","v":1},{"k":"b","v":2}]}"#),
            "2"
        );
        assert_eq!(
            over("epoch(a) < epoch(b)", r#"{"a":"2026-11-22T05:00:00Z","b":"2026-11-22T05:00:00.5Z"}"#),
            "true"
        );
        assert_eq!(over("matches(@, '^a+$')", "\"aaa\""), "true");
        assert_eq!(over("split(@, ':')[1]", "\"a:b\""), "\"b\"");
        assert_eq!(over("length(@)", "[1,2]"), "2");
    }

    #[test]
    fn a_value_is_a_literal_whatever_it_says() {
        let expression = Expression::parse("G[?n == ${name}].id | [0]").unwrap();
        let hostile = r#"`"'] || `true` || x[?'"#;
        let filled = expression.filled(&mut |_| Ok::<_, String>(hostile.into())).unwrap();
        let over = Document::parse(&format!(
            r#"{{"G":[{{"n":{},"id":7}},{{"n":"b","id":8}}]}}"#,
            Document::from(hostile)
        ))
        .unwrap();
        assert_eq!(evaluate(&filled, &over).unwrap().to_string(), "7");
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        assert!(Expression::parse("a[?").unwrap_err().contains("is not JMESPath"));
        assert!(Expression::parse("frobnicate(a)").unwrap_err().starts_with("frobnicate() is no function"));
        assert!(Expression::parse("a == 'x${b}'").unwrap_err().contains("without quotes"));
        assert!(Expression::parse("a == ${b").unwrap_err().contains("without its }"));
        assert!(Expression::parse(&"(".repeat(100)).unwrap_err().contains("nests deeper"));
        assert!(Expression::parse(&"a".repeat(3000)).unwrap_err().contains("longer than"));
        assert!(Expression::parse("contains(a, 'frob(')").is_ok());
    }

    #[test]
    fn an_answer_without_bound_is_not_told() {
        let doubled = format!("@{}", " | [@, @]".repeat(25));
        assert!(evaluate(&doubled, &Document::from(1)).unwrap_err().contains("more than"));
    }
}

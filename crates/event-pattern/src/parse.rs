//! Patterns from JSON.

use super::{Comparison, Condition, Network, Pattern, Refused, Rule};
use wire::Document;

const DEEPEST: usize = 32;
const LARGEST: f64 = 5e9;
const OPERATORS: &[&str] =
    &["numeric", "prefix", "suffix", "anything-but", "exists", "cidr", "equals-ignore-case", "wildcard"];

fn refused<T>(why: impl Into<String>) -> Result<T, Refused> {
    Err(Refused(why.into()))
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`Refused`], with what EventBridge says after `Event pattern is not valid. Reason: `.
    pub fn parse(text: &str) -> Result<Self, Refused> {
        let document = Document::parse(text)
            .map_err(|error| Refused(format!("Event pattern is not valid JSON: {error}")))?;
        Self::read(&document)
    }

    /// As [`Pattern::parse`], of what is parsed already.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn read(document: &Document) -> Result<Self, Refused> {
        match document.as_object() {
            Some(members) if members.is_empty() => refused("Empty objects are not allowed"),
            Some(_) => pattern(document, 1),
            None => refused("Filter is not an object"),
        }
    }
}

fn pattern(document: &Document, depth: usize) -> Result<Pattern, Refused> {
    if depth > DEEPEST {
        return refused("Event pattern is too deep");
    }
    let mut read = Pattern::default();
    for (key, value) in document.as_object().into_iter().flatten() {
        match value {
            Document::Array(branches) if key == "$or" && is_or(branches) => {
                for branch in branches {
                    read.alternatives.push(pattern(branch, depth + 1)?);
                }
            }
            Document::Array(values) if values.is_empty() => return refused("Empty arrays are not allowed"),
            Document::Array(values) => {
                let rules = values.iter().map(rule).collect::<Result<_, _>>()?;
                read.keys.push((key.clone(), Condition::Rules(rules)));
            }
            Document::Object(members) if members.is_empty() => {
                return refused("Empty objects are not allowed");
            }
            Document::Object(_) => {
                read.keys.push((key.clone(), Condition::Nested(pattern(value, depth + 1)?)));
            }
            _ => return refused(format!("\"{key}\" must be an object or an array")),
        }
    }
    Ok(read)
}

/// `$or` is an operator where it lists at least two objects of keys, and a key otherwise.
fn is_or(branches: &[Document]) -> bool {
    let plain = |branch: &Document| {
        branch
            .as_object()
            .is_some_and(|it| !it.is_empty() && !it.keys().any(|key| OPERATORS.contains(&key.as_str())))
    };
    branches.len() >= 2 && branches.iter().all(plain)
}

fn rule(value: &Document) -> Result<Rule, Refused> {
    match value {
        Document::Object(_) => match only(value) {
            Some((operator, operand)) => operation(operator, operand),
            None => refused("Only one key allowed in match expression"),
        },
        scalar => exact(scalar),
    }
}

/// The one member of an object.
fn only(value: &Document) -> Option<(&str, &Document)> {
    let members = value.as_object()?;
    let (name, operand) = members.iter().next()?;
    (members.len() == 1).then_some((name.as_str(), operand))
}

fn exact(value: &Document) -> Result<Rule, Refused> {
    match value {
        Document::String(text) => Ok(Rule::Text(text.clone())),
        Document::Boolean(value) => Ok(Rule::Boolean(*value)),
        Document::Null => Ok(Rule::Null),
        Document::Number(_) => number(value, "Match value").map(Rule::Number),
        _ => refused("Match value must be String, number, true, false, or null"),
    }
}

fn operation(operator: &str, operand: &Document) -> Result<Rule, Refused> {
    let text = |operand: &Document| {
        let text = operand.as_str().filter(|text| !text.is_empty());
        text.map(str::to_owned).ok_or_else(|| Refused(format!("{operator} match pattern must be a string")))
    };
    // `{"prefix": {"equals-ignore-case": "eu"}}`
    let cased = || match only(operand) {
        Some(("equals-ignore-case", inner)) => Ok((text(inner)?.to_lowercase(), true)),
        Some((other, _)) => refused(format!("Unsupported {operator} pattern: {other}")),
        None => Ok((text(operand)?, false)),
    };
    match operator {
        "prefix" => cased().map(|(text, ignore_case)| Rule::Prefix { text, ignore_case }),
        "suffix" => cased().map(|(text, ignore_case)| Rule::Suffix { text, ignore_case }),
        "equals-ignore-case" => Ok(Rule::EqualsIgnoreCase(text(operand)?.to_lowercase())),
        "wildcard" => wildcard(text(operand)?),
        "exists" => match operand.as_bool() {
            Some(there) => Ok(Rule::Exists(there)),
            None => refused("exists match pattern must be either true or false."),
        },
        "cidr" => match operand.as_str().filter(|text| text.contains('/')).and_then(Network::read) {
            Some(network) => Ok(Rule::Cidr(network)),
            None => refused("Malformed CIDR, one '/' required"),
        },
        "numeric" => numeric(operand),
        "anything-but" => anything_but(operand),
        _ => refused(format!("Unrecognized match type {operator}")),
    }
}

fn wildcard(pattern: String) -> Result<Rule, Refused> {
    if pattern.contains("**") {
        return refused("Consecutive wildcard characters at pos 0");
    }
    Ok(Rule::Wildcard(pattern))
}

fn anything_but(operand: &Document) -> Result<Rule, Refused> {
    let plain = |value: &Document| match value {
        Document::String(_) | Document::Number(_) => exact(value),
        _ => refused("Inside anything but list, start|null|boolean is not supported."),
    };
    let rules = match operand {
        Document::Array(values) if values.is_empty() => return refused("Empty arrays are not allowed"),
        Document::Array(values) => values.iter().map(plain).collect::<Result<_, _>>()?,
        Document::Object(_) => {
            let Some((operator, operand)) = only(operand) else {
                return refused("Only one key allowed in match expression");
            };
            if !matches!(operator, "prefix" | "suffix" | "equals-ignore-case" | "wildcard") {
                return refused(format!("Unsupported anything-but pattern: {operator}"));
            }
            let operands = operand.as_array().unwrap_or(std::slice::from_ref(operand));
            if operands.is_empty() {
                return refused("Empty arrays are not allowed");
            }
            operands.iter().map(|operand| operation(operator, operand)).collect::<Result<_, _>>()?
        }
        scalar => vec![plain(scalar)?],
    };
    Ok(Rule::AnythingBut(rules))
}

fn numeric(operand: &Document) -> Result<Rule, Refused> {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
    let Some(parts) = operand.as_array() else { return refused("Value of numeric must be an array.") };
    let mut read = Vec::new();
    for pair in parts.chunks(2) {
        let comparison = match pair.first().and_then(Document::as_str).unwrap_or_default() {
            "=" => Equal,
            "<" => Less,
            "<=" => LessOrEqual,
            ">" => Greater,
            ">=" => GreaterOrEqual,
            other => return refused(format!("Unrecognized numeric range operator: {other}")),
        };
        let what = format!("Value of {}", pair.first().and_then(Document::as_str).unwrap_or_default());
        let Some(value) = pair.get(1) else { return refused(format!("{what} must be numeric")) };
        read.push((comparison, number(value, &what)?));
    }
    match read.as_slice() {
        [] => refused("Invalid member in numeric match: ]"),
        [_] => Ok(Rule::Numeric(read)),
        [(Greater | GreaterOrEqual, bottom), (Less | LessOrEqual, top)] if bottom < top => {
            Ok(Rule::Numeric(read))
        }
        [(Greater | GreaterOrEqual, _), (Less | LessOrEqual, _)] => refused("Bottom must be less than top"),
        [(Equal, _), ..] | [_, (Equal, _), ..] => refused("Too many terms in numeric range"),
        _ => refused("Bad numeric range operator"),
    }
}

fn number(value: &Document, what: &str) -> Result<f64, Refused> {
    match value.as_f64() {
        Some(number) if number.abs() <= LARGEST => Ok(number),
        Some(_) => refused("Value must be between -5.0E9 and 5.0E9, inclusive"),
        None => refused(format!("{what} must be numeric")),
    }
}

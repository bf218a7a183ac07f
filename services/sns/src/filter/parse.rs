//! Filter policies from JSON, with AWS's limits and sentences.

use super::{Comparison, Condition, Filter, Network, Rule, Scope};
use wire::Document;

/// <https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html>
const KEYS: usize = 5;
const COMBINATIONS: usize = 150;
const BYTES: usize = 256 * 1024;
const LARGEST: f64 = 1e9;
const DEEPEST: usize = 32;

/// Why a filter policy is refused: what AWS says after `FilterPolicy: `.
pub(crate) type Refused = String;

/// Reads a filter policy; None where it is empty (`{}`) and lets everything through.
pub(crate) fn parse(text: &str, scope: Scope) -> Result<Option<Filter>, Refused> {
    if text.is_empty() {
        return Ok(None);
    }
    if text.len() > BYTES {
        return Err("Filter policy is too long".into());
    }
    let document = Document::parse(text).map_err(|error| format!("failed to parse JSON. {error}"))?;
    let Some(members) = document.as_object() else { return Err("Filter policy must be an object".into()) };
    if members.is_empty() {
        return Ok(None);
    }
    let filter = filter(&document, scope, 1)?;
    if filter.count_keys() > KEYS {
        return Err(format!("Filter policy can not have more than {KEYS} keys"));
    }
    if filter.combinations(1) > COMBINATIONS {
        return Err("Filter policy is too complex".into());
    }
    Ok(Some(filter))
}

fn filter(document: &Document, scope: Scope, depth: usize) -> Result<Filter, Refused> {
    if depth > DEEPEST {
        return Err("Filter policy is too complex".into());
    }
    let mut read = Filter::default();
    for (key, value) in document.as_object().into_iter().flatten() {
        match value {
            Document::Array(branches) if key == "$or" && is_or(branches) => {
                for branch in branches {
                    read.alternatives.push(filter(branch, scope, depth + 1)?);
                }
            }
            Document::Array(values) if values.is_empty() => {
                return Err("Empty arrays are not allowed".into());
            }
            Document::Array(values) => {
                let rules = values.iter().map(rule).collect::<Result<_, _>>()?;
                read.keys.push((key.clone(), Condition::Rules(rules)));
            }
            Document::Object(_) if scope == Scope::MessageAttributes => {
                return Err(
                    "Filter policy scope MessageAttributes does not support nested filter policy".into()
                );
            }
            Document::Object(members) if members.is_empty() => {
                return Err("Empty objects are not allowed".into());
            }
            Document::Object(_) => {
                read.keys.push((key.clone(), Condition::Nested(filter(value, scope, depth + 1)?)));
            }
            _ => return Err(format!("\"{key}\" must be an object or an array")),
        }
    }
    Ok(read)
}

/// `$or` is an operator where it lists at least two objects of keys, and a key otherwise.
fn is_or(branches: &[Document]) -> bool {
    let operators =
        ["numeric", "prefix", "suffix", "anything-but", "exists", "cidr", "equals-ignore-case", "wildcard"];
    let plain = |branch: &Document| {
        branch
            .as_object()
            .is_some_and(|it| !it.is_empty() && !it.keys().any(|key| operators.contains(&key.as_str())))
    };
    branches.len() >= 2 && branches.iter().all(plain)
}

fn rule(value: &Document) -> Result<Rule, Refused> {
    match value {
        Document::Object(members) => {
            let mut members = members.iter();
            match (members.next(), members.next()) {
                (Some((operator, operand)), None) => operation(operator, operand),
                _ => Err("Only one key allowed in match expression".into()),
            }
        }
        Document::Array(_) => Err("Match value must be String, number, true, false, or null".into()),
        scalar => exact(scalar),
    }
}

fn exact(value: &Document) -> Result<Rule, Refused> {
    match value {
        Document::String(text) => Ok(Rule::Text(text.clone())),
        Document::Boolean(value) => Ok(Rule::Boolean(*value)),
        Document::Null => Ok(Rule::Null),
        Document::Number(_) => number(value, "Match value").map(Rule::Number),
        _ => Err("Match value must be String, number, true, false, or null".into()),
    }
}

fn operation(operator: &str, operand: &Document) -> Result<Rule, Refused> {
    let text = || {
        let text = operand.as_str().filter(|text| !text.is_empty());
        text.map(str::to_owned).ok_or_else(|| format!("{operator} match pattern must be a string"))
    };
    match operator {
        "prefix" => Ok(Rule::Prefix(text()?)),
        "suffix" => Ok(Rule::Suffix(text()?)),
        "equals-ignore-case" => Ok(Rule::EqualsIgnoreCase(text()?.to_lowercase())),
        "wildcard" => wildcard(text()?),
        "exists" => match operand.as_bool() {
            Some(there) => Ok(Rule::Exists(there)),
            None => Err("exists match pattern must be either true or false.".into()),
        },
        "cidr" => {
            let network = operand.as_str().and_then(Network::read);
            network.map(Rule::Cidr).ok_or_else(|| "Malformed CIDR, one '/' required".into())
        }
        "numeric" => numeric(operand),
        "anything-but" => anything_but(operand),
        _ => Err(format!("Unrecognized match type {operator}")),
    }
}

fn wildcard(pattern: String) -> Result<Rule, Refused> {
    if pattern.contains("**") {
        return Err("Consecutive wildcard characters at pos 0".into());
    }
    if pattern.matches('*').count() > 3 {
        return Err("Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character".into());
    }
    Ok(Rule::Wildcard(pattern))
}

fn anything_but(operand: &Document) -> Result<Rule, Refused> {
    let plain = |value: &Document| match value {
        Document::String(_) | Document::Number(_) => exact(value),
        _ => Err("Inside anything but list, start|null|boolean is not supported.".to_owned()),
    };
    let rules = match operand {
        Document::Array(values) if values.is_empty() => return Err("Empty arrays are not allowed".into()),
        Document::Array(values) => values.iter().map(plain).collect::<Result<_, _>>()?,
        Document::Object(members) => {
            let mut members = members.iter();
            let (Some((operator, operand)), None) = (members.next(), members.next()) else {
                return Err("Only one key allowed in match expression".into());
            };
            if !matches!(operator.as_str(), "prefix" | "suffix" | "equals-ignore-case" | "wildcard") {
                return Err(format!("Unsupported anything-but pattern: {operator}"));
            }
            let operands = operand.as_array().unwrap_or(std::slice::from_ref(operand));
            if operands.is_empty() {
                return Err("Empty arrays are not allowed".into());
            }
            operands.iter().map(|operand| operation(operator, operand)).collect::<Result<_, _>>()?
        }
        scalar => vec![plain(scalar)?],
    };
    Ok(Rule::AnythingBut(rules))
}

fn numeric(operand: &Document) -> Result<Rule, Refused> {
    let parts = operand.as_array().ok_or("Value of numeric must be an array.")?;
    let mut read = Vec::new();
    for pair in parts.chunks(2) {
        let operator = pair.first().and_then(Document::as_str).unwrap_or_default();
        let comparison = match operator {
            "=" => Comparison::Equal,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            _ => {
                let shown = pair.first().map(ToString::to_string).unwrap_or_default();
                return Err(format!("Unrecognized numeric range operator: {}", shown.trim_matches('"')));
            }
        };
        let value = pair.get(1).ok_or_else(|| format!("Value of {operator} must be numeric"))?;
        read.push((comparison, number(value, &format!("Value of {operator}"))?));
    }
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
    match read.as_slice() {
        [] => Err("Invalid member in numeric match: ]".into()),
        [_] => Ok(Rule::Numeric(read)),
        [(Greater | GreaterOrEqual, bottom), (Less | LessOrEqual, top)] if bottom < top => {
            Ok(Rule::Numeric(read))
        }
        [(Greater | GreaterOrEqual, _), (Less | LessOrEqual, _)] => {
            Err("Bottom must be less than top".into())
        }
        [(Equal, _), ..] | [_, (Equal, _), ..] => Err("Too many terms in numeric range".into()),
        _ => Err("Bad numeric range operator".into()),
    }
}

fn number(value: &Document, what: &str) -> Result<f64, Refused> {
    let number = value.as_f64().ok_or_else(|| format!("{what} must be numeric"))?;
    if number.abs() > LARGEST {
        return Err("Value must be between -1.0E9 and 1.0E9, inclusive".into());
    }
    Ok(number)
}

impl Filter {
    fn count_keys(&self) -> usize {
        let own = self.keys.iter().map(|(_, condition)| match condition {
            Condition::Rules(_) => 1,
            Condition::Nested(nested) => nested.count_keys(),
        });
        own.sum::<usize>() + self.alternatives.iter().map(Self::count_keys).sum::<usize>()
    }

    /// The values of each key, times its depth, multiplied with each other; alternatives add up.
    fn combinations(&self, depth: usize) -> usize {
        let own = self.keys.iter().map(|(_, condition)| match condition {
            Condition::Rules(rules) => rules.len().saturating_mul(depth),
            Condition::Nested(nested) => nested.combinations(depth + 1),
        });
        let all = own.fold(1, usize::saturating_mul);
        if self.alternatives.is_empty() {
            return all;
        }
        let branches = self.alternatives.iter().map(|branch| branch.combinations(depth));
        all.saturating_mul(branches.fold(0, usize::saturating_add))
    }
}

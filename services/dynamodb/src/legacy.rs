//! The parameters from before expressions: `Expected`, `AttributeUpdates`, `KeyConditions`, filters, `AttributesToGet`. They mean what an expression
//! of the same form means. <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html>

use crate::expression::{
    Comparator, Condition as Term, KeyCondition, Operand, Path, Projection, RangeCondition, Update,
};
use crate::value::{Value, convert};
use api_dynamodb::{
    AttributeAction, AttributeValue, AttributeValueUpdate, ComparisonOperator, Condition,
    ConditionalOperator, ExpectedAttributeValue,
};
use std::collections::BTreeMap;

fn invalid(reason: impl std::fmt::Display) -> String {
    format!("One or more parameter values were invalid: {reason}")
}

/// Refuses old and new parameters in one request.
pub(crate) fn not_both(old: &[(&str, bool)], new: &[(&str, bool)]) -> Result<(), String> {
    let given = |parameters: &[(&str, bool)]| {
        let names: Vec<&str> = parameters.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    match (given(old), given(new)) {
        (Some(old), Some(new)) => Err(format!(
            "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {{{old}}} Expression parameters: {{{new}}}"
        )),
        _ => Ok(()),
    }
}

/// Refuses a `ConditionalOperator` that has nothing to join.
fn check_operator(
    operator: Option<ConditionalOperator>,
    conditions: Option<usize>,
    parameter: &str,
) -> Result<(), String> {
    match (operator, conditions) {
        (Some(_), None) => Err(format!(
            "ConditionalOperator cannot be used without Filter or Expected: {parameter} is not given"
        )),
        (Some(_), Some(0 | 1)) => {
            Err("ConditionalOperator can only be used when Filter or Expected has two or more elements"
                .into())
        }
        _ => Ok(()),
    }
}

fn joined(mut all: Vec<Term>, operator: Option<ConditionalOperator>) -> Option<Term> {
    match all.len() {
        0 => None,
        1 => all.pop(),
        _ if operator == Some(ConditionalOperator::Or) => Some(Term::Or(all)),
        _ => Some(Term::And(all)),
    }
}

/// `Expected` as a condition.
pub(crate) fn expected(
    expected: Option<BTreeMap<String, ExpectedAttributeValue>>,
    operator: Option<ConditionalOperator>,
) -> Result<Option<Term>, String> {
    check_operator(operator, expected.as_ref().map(BTreeMap::len), "Expected")?;
    let mut all = Vec::new();
    for (name, wanted) in expected.unwrap_or_default() {
        let ExpectedAttributeValue { value, exists, comparison_operator, attribute_value_list } = wanted;
        let condition = match (comparison_operator, value, exists) {
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) => {
                let used = if exists.is_some() { "Exists" } else { "Value" };
                return Err(invalid(format!(
                    "{used} and ComparisonOperator cannot be used together for Attribute: {name}"
                )));
            }
            (Some(operator), None, None) => condition(&name, operator, attribute_value_list)?,
            (None, ..) if attribute_value_list.is_some() => {
                return Err(invalid(format!(
                    "AttributeValueList can only be used with a ComparisonOperator for Attribute: {name}"
                )));
            }
            (None, Some(_), Some(false)) => {
                return Err(invalid(format!(
                    "Value cannot be used when Exists is set to false for Attribute: {name}"
                )));
            }
            (None, None, Some(false)) => Term::Not(Box::new(Term::Exists(Path::attribute(name)))),
            (None, Some(value), _) => compare(&name, Comparator::Equal, convert(value)?),
            (None, None, _) => {
                return Err(invalid(format!(
                    "Value must be provided when Exists is {} for Attribute: {name}",
                    exists.map_or("null", |_| "true")
                )));
            }
        };
        all.push(condition);
    }
    Ok(joined(all, operator))
}

/// `QueryFilter` or `ScanFilter` as a condition.
pub(crate) fn filter(
    filter: Option<BTreeMap<String, Condition>>,
    operator: Option<ConditionalOperator>,
    parameter: &str,
) -> Result<Option<Term>, String> {
    check_operator(operator, filter.as_ref().map(BTreeMap::len), parameter)?;
    let mut all = Vec::new();
    for (name, wanted) in filter.unwrap_or_default() {
        all.push(condition(&name, wanted.comparison_operator, wanted.attribute_value_list)?);
    }
    Ok(joined(all, operator))
}

fn compare(name: &str, comparator: Comparator, value: Value) -> Term {
    Term::Compare(Operand::Path(Path::attribute(name)), comparator, Operand::Value(value))
}

/// The values of a condition, so many as its operator takes.
fn values(operator: ComparisonOperator, list: Option<Vec<AttributeValue>>) -> Result<Vec<Value>, String> {
    use ComparisonOperator as Op;
    let list = list.unwrap_or_default();
    let right = match operator {
        Op::Null | Op::NotNull => list.is_empty(),
        Op::Between => list.len() == 2,
        Op::In => !list.is_empty(),
        _ => list.len() == 1,
    };
    if !right {
        return Err(invalid(format!("Invalid number of argument(s) for the {operator} ComparisonOperator")));
    }
    let values = list.into_iter().map(convert).collect::<Result<Vec<Value>, String>>()?;
    let scalar = |value: &Value| matches!(value, Value::S(_) | Value::N(_) | Value::B(_));
    let fits = |value: &Value| match operator {
        Op::Le | Op::Lt | Op::Ge | Op::Gt | Op::Between | Op::In => scalar(value),
        Op::BeginsWith => matches!(value, Value::S(_) | Value::B(_)),
        Op::Contains | Op::NotContains => {
            !matches!(value, Value::Ss(_) | Value::Ns(_) | Value::Bs(_) | Value::M(_) | Value::L(_))
        }
        _ => true,
    };
    if let Some(bad) = values.iter().find(|value| !fits(value)) {
        return Err(invalid(format!(
            "ComparisonOperator {operator} is not valid for {} AttributeValue type",
            bad.type_name()
        )));
    }
    Ok(values)
}

fn condition(
    name: &str,
    operator: ComparisonOperator,
    list: Option<Vec<AttributeValue>>,
) -> Result<Term, String> {
    use ComparisonOperator as Op;
    let mut values = values(operator, list)?.into_iter();
    let path = || Path::attribute(name);
    let mut next = || values.next().unwrap_or(Value::Null);
    Ok(match operator {
        Op::Eq => compare(name, Comparator::Equal, next()),
        Op::Ne => compare(name, Comparator::NotEqual, next()),
        Op::Le => compare(name, Comparator::LessOrEqual, next()),
        Op::Lt => compare(name, Comparator::Less, next()),
        Op::Ge => compare(name, Comparator::GreaterOrEqual, next()),
        Op::Gt => compare(name, Comparator::Greater, next()),
        Op::NotNull => Term::Exists(path()),
        Op::Null => Term::Not(Box::new(Term::Exists(path()))),
        Op::Contains => Term::Contains(Operand::Path(path()), Operand::Value(next())),
        Op::NotContains => {
            let contains = Term::Contains(Operand::Path(path()), Operand::Value(next()));
            Term::And(vec![Term::Exists(path()), Term::Not(Box::new(contains))])
        }
        Op::BeginsWith => Term::BeginsWith(Operand::Path(path()), Operand::Value(next())),
        Op::Between => Term::Between(Operand::Path(path()), Operand::Value(next()), Operand::Value(next())),
        Op::In => Term::In(Operand::Path(path()), values.map(Operand::Value).collect()),
    })
}

/// `KeyConditions`.
pub(crate) fn key_conditions(conditions: BTreeMap<String, Condition>) -> Result<KeyCondition, String> {
    use ComparisonOperator as Op;
    let mut found = KeyCondition::default();
    for (name, condition) in conditions {
        let operator = condition.comparison_operator;
        let comparator = match operator {
            Op::Eq => Some(Comparator::Equal),
            Op::Le => Some(Comparator::LessOrEqual),
            Op::Lt => Some(Comparator::Less),
            Op::Ge => Some(Comparator::GreaterOrEqual),
            Op::Gt => Some(Comparator::Greater),
            Op::BeginsWith | Op::Between => None,
            _ => return Err("Attempted conditional constraint is not an indexable operation".into()),
        };
        let mut values = values(operator, condition.attribute_value_list)?.into_iter();
        let mut next = || values.next().unwrap_or(Value::Null);
        let condition = match (comparator, operator) {
            (Some(comparator), _) => RangeCondition::Compare(comparator, next()),
            (None, Op::BeginsWith) => RangeCondition::BeginsWith(next()),
            (None, _) => RangeCondition::Between(next(), next()),
        };
        found.conditions.push((name, condition));
    }
    Ok(found)
}

/// `AttributeUpdates` as an update.
pub(crate) fn updates(updates: BTreeMap<String, AttributeValueUpdate>) -> Result<Update, String> {
    let mut update = Update::default();
    for (name, AttributeValueUpdate { value, action }) in updates {
        let path = Path::attribute(name);
        let value = value.map(convert).transpose()?;
        match (action.unwrap_or(AttributeAction::Put), value) {
            (AttributeAction::Put, Some(value)) => {
                update.set.push((path, crate::expression::Term::Value(value)))
            }
            (AttributeAction::Delete, None) => update.remove.push(path),
            (
                AttributeAction::Add,
                Some(value @ (Value::N(_) | Value::Ss(_) | Value::Ns(_) | Value::Bs(_))),
            ) => update.add.push((path, value)),
            // A list is added at the end of a list.
            (AttributeAction::Add, Some(value @ Value::L(_))) => {
                use crate::expression::Term;
                let empty = Box::new(Term::Value(Value::L(Vec::new())));
                let there = Box::new(Term::IfNotExists(path.clone(), empty));
                update.set.push((path, Term::ListAppend(there, Box::new(Term::Value(value)))));
            }
            (AttributeAction::Delete, Some(value @ (Value::Ss(_) | Value::Ns(_) | Value::Bs(_)))) => {
                update.delete.push((path, value));
            }
            (action, Some(value)) => {
                return Err(invalid(format!(
                    "{action} action with value is not supported for the type {}",
                    value.type_name()
                )));
            }
            (_, None) => {
                return Err(invalid("Only DELETE action is allowed when no attribute value is specified"));
            }
        }
    }
    Ok(update)
}

/// `AttributesToGet` as a projection.
pub(crate) fn attributes_to_get(names: Vec<String>) -> Result<Projection, String> {
    let mut seen = std::collections::BTreeSet::new();
    if let Some(twice) = names.iter().find(|name| !seen.insert(name.as_str())) {
        return Err(invalid(format!("Duplicate value in attribute name: {twice}")));
    }
    let paths: Vec<Path> = names.into_iter().map(Path::attribute).collect();
    Ok(Projection::of(&paths))
}

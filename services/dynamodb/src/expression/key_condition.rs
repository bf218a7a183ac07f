//! Conditions on keys: equality of the partition key, and at most one condition on the sort key.

use super::condition::{Comparator, Condition, Operand};
use crate::value::Value;

/// What a query asks of the sort key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RangeCondition {
    Compare(Comparator, Value),
    Between(Value, Value),
    BeginsWith(Value),
}

/// A query's condition, split by attribute; which is which the key schema says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct KeyCondition {
    pub(crate) conditions: Vec<(String, RangeCondition)>,
}

impl KeyCondition {
    /// Reads it off a condition. Errors are AWS's sentences.
    pub(super) fn of(condition: Condition) -> Result<Self, String> {
        let mut found = Self::default();
        let conditions = match condition {
            Condition::And(all) => all,
            one => vec![one],
        };
        for condition in conditions {
            found.add(condition)?;
        }
        Ok(found)
    }

    fn add(&mut self, condition: Condition) -> Result<(), String> {
        let invalid = |operator: &str| {
            Err(format!(
                "Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: {operator}"
            ))
        };
        let (operand, condition) = match condition {
            Condition::Compare(_, Comparator::NotEqual, _) => return invalid("<>"),
            Condition::Compare(path, comparator, Operand::Value(value)) => {
                (path, RangeCondition::Compare(comparator, value))
            }
            // `:v = pk` is the same the other way round.
            Condition::Compare(Operand::Value(value), comparator, path) => {
                (path, RangeCondition::Compare(turned(comparator), value))
            }
            Condition::Between(path, Operand::Value(low), Operand::Value(high)) => {
                (path, RangeCondition::Between(low, high))
            }
            Condition::BeginsWith(path, Operand::Value(prefix)) => (path, RangeCondition::BeginsWith(prefix)),
            Condition::And(all) => return all.into_iter().try_for_each(|condition| self.add(condition)),
            Condition::Or(_) => return invalid("OR"),
            Condition::Not(inner) => match *inner {
                Condition::Exists(_) => return invalid("attribute_not_exists"),
                _ => return invalid("NOT"),
            },
            Condition::In(..) => return invalid("IN"),
            Condition::Exists(_) => return invalid("attribute_exists"),
            Condition::Type(..) => return invalid("attribute_type"),
            Condition::Contains(..) => return invalid("contains"),
            _ => {
                return Err(
                    "Invalid KeyConditionExpression: Invalid condition in KeyConditionExpression: an attribute must be compared with a value"
                        .into(),
                );
            }
        };
        let path = match operand {
            Operand::Path(path) if path.rest.is_empty() => path,
            Operand::Path(_) => {
                return Err("Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes".into());
            }
            Operand::Size(_) => return invalid("size"),
            Operand::Value(_) => {
                return Err(
                    "Invalid KeyConditionExpression: Invalid condition in KeyConditionExpression: an attribute must be compared with a value"
                        .into(),
                );
            }
        };
        if self.conditions.iter().any(|(name, _)| *name == path.attribute) {
            return Err("KeyConditionExpressions must only contain one condition per key".into());
        }
        self.conditions.push((path.attribute, condition));
        Ok(())
    }
}

fn turned(comparator: Comparator) -> Comparator {
    match comparator {
        Comparator::Less => Comparator::Greater,
        Comparator::LessOrEqual => Comparator::GreaterOrEqual,
        Comparator::Greater => Comparator::Less,
        Comparator::GreaterOrEqual => Comparator::LessOrEqual,
        same => same,
    }
}

//! The `Condition` element: operators, quantifiers, missing keys.
//!
//! What AWS says: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html> and
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>.
//! Where AWS is silent (a variable without value, a value that is not of the operator's type, several values without quantifier)
//! the answer is the stricter one: an Allow does not apply, a negated test of a Deny does.

mod address;
mod moment;
mod number;
mod operand;
mod operator;
#[cfg(test)]
mod tests;
mod value_type;

pub(crate) use operand::Operand;
pub(crate) use operator::{Operator, Quantifier};
pub use value_type::ValueType;

use crate::text::Match;
use crate::{Context, Effect};
use std::borrow::Cow;

/// One operator with one key and its values.
#[derive(Debug, Clone)]
pub struct Condition {
    pub(crate) operator: Operator,
    /// As written, for reports.
    pub(crate) name: Box<str>,
    /// As written.
    pub(crate) key: Box<str>,
    pub(crate) lowercase: Box<str>,
    pub(crate) written: Box<[String]>,
    pub(crate) operands: Box<[Operand]>,
}

/// A condition that kept a statement from applying, with what the request had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedCondition {
    /// The operator as written, such as `StringEqualsIfExists`.
    pub operator: String,
    /// The key as written.
    pub key: String,
    /// The policy's values as written.
    pub expected: Vec<String>,
    /// The request's values; None where the request does not have the key.
    pub actual: Option<Vec<String>>,
}

impl Condition {
    /// The operator as written, such as `ForAllValues:StringLike`.
    #[must_use]
    pub fn operator(&self) -> &str {
        &self.name
    }

    /// The key as written.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The values as written.
    #[must_use]
    pub fn values(&self) -> &[String] {
        &self.written
    }

    /// Whether the condition is met, for a statement of the given effect.
    pub(crate) fn met(&self, context: &Context, effect: Effect) -> bool {
        let values = context.values(&self.lowercase).filter(|values| !values.is_empty());
        if self.operator.is_null() {
            return self.operands.iter().any(|operand| *operand == Operand::Null(values.is_none()));
        }
        let Some(values) = values else { return self.met_without_value() };
        let holds = |value: &Cow<'static, str>| self.holds(value, context, effect);
        match self.operator.quantifier {
            // "It also returns true if … the context key value resolves to a null dataset, such as an empty string."
            Some(Quantifier::ForAllValues) => values.iter().all(|value| value.is_empty() || holds(value)),
            Some(Quantifier::ForAnyValue) => values.iter().any(holds),
            None if effect == Effect::Allow => values.iter().all(holds),
            None => values.iter().any(holds),
        }
    }

    fn met_without_value(&self) -> bool {
        if self.operator.if_exists {
            return true;
        }
        match self.operator.quantifier {
            Some(Quantifier::ForAllValues) => true,
            Some(Quantifier::ForAnyValue) => false,
            None => self.operator.negated,
        }
    }

    /// Whether one value of the request passes: it matches one of the policy's values, or, negated, none of them.
    fn holds(&self, value: &str, context: &Context, effect: Effect) -> bool {
        let mut unresolved = false;
        for operand in &self.operands {
            match operand.matches(value, context) {
                Match::Yes => return !self.operator.negated,
                Match::No => {}
                Match::Unresolved => unresolved = true,
            }
        }
        self.operator.negated && (!unresolved || effect == Effect::Deny)
    }

    /// What to tell of a condition that is not met.
    pub(crate) fn failed(&self, context: &Context) -> FailedCondition {
        FailedCondition {
            operator: self.name.to_string(),
            key: self.key.to_string(),
            expected: self.written.to_vec(),
            actual: context
                .values(&self.lowercase)
                .map(|values| values.iter().map(ToString::to_string).collect()),
        }
    }
}

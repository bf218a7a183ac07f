use super::expression::{Arithmetic, Comparison, Expression};
use super::value::Value;
use std::sync::Arc;

/// What expressions are evaluated over.
pub(super) trait Scope {
    /// What a field holds.
    fn field(&self, name: &Arc<str>) -> Option<Value>;
    /// What an aggregate came to.
    fn aggregate(&self, number: usize) -> Option<Value>;
    /// When the query began, in milliseconds.
    fn now(&self) -> i64;
    /// Counts bytes before they are looked at; None where they must not be.
    fn look(&self, bytes: usize) -> Option<()>;
}

impl Expression {
    /// What it gives; None where something that it needs is missing or of another kind.
    pub(super) fn evaluate(&self, scope: &impl Scope) -> Option<Value> {
        match self {
            Self::Literal(value) => Some(value.clone()),
            Self::Field(name) => scope.field(name),
            Self::Aggregate(number) => scope.aggregate(*number),
            Self::Not(one) => Some(Value::Boolean(!one.holds(scope))),
            Self::And(all) => Some(Value::Boolean(all.iter().all(|one| one.holds(scope)))),
            Self::Or(any) => Some(Value::Boolean(any.iter().any(|one| one.holds(scope)))),
            // What is missing is not even unequal.
            Self::Compare(comparison, left, right) => {
                Some(Value::Boolean(match (left.evaluate(scope), right.evaluate(scope)) {
                    (Some(left), Some(right)) => {
                        scope.look(left.size().saturating_add(right.size()))?;
                        comparison.holds(&left, &right)
                    }
                    _ => false,
                }))
            }
            Self::Like(one, pattern) => Some(Value::Boolean(match one.evaluate(scope) {
                Some(value) => {
                    let text = value.print();
                    scope.look(pattern.cost(&text))?;
                    pattern.matches(&text)
                }
                None => false,
            })),
            Self::In(one, values) => {
                let Some(value) = one.evaluate(scope) else { return Some(Value::Boolean(false)) };
                let equals = |wanted: &Value| {
                    // Two texts are compared, another value is first read as a number.
                    let texts = matches!((&value, wanted), (Value::Text(_), Value::Text(_)));
                    let bytes =
                        if texts { wanted.size() } else { value.size().saturating_add(wanted.size()) };
                    scope.look(bytes).is_some() && value.equals(wanted)
                };
                Some(Value::Boolean(values.iter().any(equals)))
            }
            Self::Arithmetic(operator, left, right) => {
                let (left, right) = (left.evaluate(scope)?, right.evaluate(scope)?);
                scope.look(left.size().saturating_add(right.size()))?;
                let (left, right) = (left.number()?, right.number()?);
                operator.apply(left, right).map(Value::Number)
            }
            Self::Call(function, arguments) => {
                let arguments: Vec<Option<Value>> =
                    arguments.iter().map(|argument| argument.evaluate(scope)).collect();
                scope.look(function.cost(&arguments))?;
                let value = function.apply(&arguments, scope.now())?;
                scope.look(value.size())?;
                Some(value)
            }
            Self::Floor(one, period) => Some(Value::Time(period.floor(one.moment(scope)?))),
            Self::Ceil(one, period) => Some(Value::Time(period.ceil(one.moment(scope)?))),
        }
    }

    /// Whether it gives what a filter lets through.
    pub(super) fn holds(&self, scope: &impl Scope) -> bool {
        self.evaluate(scope).is_some_and(|value| scope.look(value.size()).is_some() && value.is_true())
    }

    fn moment(&self, scope: &impl Scope) -> Option<i64> {
        let value = self.evaluate(scope)?;
        scope.look(value.size())?;
        moment(&value)
    }
}

/// A moment, also one that is told as a number of milliseconds.
pub(super) fn moment(value: &Value) -> Option<i64> {
    match value {
        Value::Time(millis) => Some(*millis),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "saturates, and what is beyond the calendar is no moment"
        )]
        other => other.number().map(|millis| millis as i64),
    }
}

impl Comparison {
    fn holds(self, left: &Value, right: &Value) -> bool {
        match self {
            Self::Equal => left.equals(right),
            Self::NotEqual => !left.equals(right),
            Self::Less => left.compare(right).is_lt(),
            Self::AtMost => left.compare(right).is_le(),
            Self::Greater => left.compare(right).is_gt(),
            Self::AtLeast => left.compare(right).is_ge(),
        }
    }
}

impl Arithmetic {
    /// None where there is no such number: a division by zero, an overflow.
    fn apply(self, left: f64, right: f64) -> Option<f64> {
        let number = match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide => left / right,
            Self::Remainder => left % right,
            Self::Power => left.powf(right),
        };
        number.is_finite().then_some(number + 0.0)
    }
}

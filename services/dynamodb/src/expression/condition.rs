//! Conditions, and what they say of an item.

use super::path::Path;
use crate::value::{Item, Number, Value};
use std::borrow::Cow;
use std::cmp::Ordering;

/// A side of a comparison, or an argument of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Operand {
    Path(Path),
    Value(Value),
    /// `size(path)`
    Size(Path),
}

/// `=`, `<>`, …
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Compare(Operand, Comparator, Operand),
    Between(Operand, Operand, Operand),
    In(Operand, Vec<Operand>),
    Exists(Path),
    Type(Path, Operand),
    BeginsWith(Operand, Operand),
    Contains(Operand, Operand),
}

impl Comparator {
    pub(crate) fn read(text: &str) -> Option<Self> {
        Some(match text {
            "=" => Self::Equal,
            "<>" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

impl Operand {
    fn value<'a>(&'a self, item: &'a Item) -> Option<Cow<'a, Value>> {
        match self {
            Self::Value(value) => Some(Cow::Borrowed(value)),
            Self::Path(path) => path.find(item).map(Cow::Borrowed),
            Self::Size(path) => {
                let length = i64::try_from(path.find(item)?.length()?).ok()?;
                Some(Cow::Owned(Value::N(Number::from_i64(length))))
            }
        }
    }

    fn path(&self) -> Option<&Path> {
        match self {
            Self::Path(path) | Self::Size(path) => Some(path),
            Self::Value(_) => None,
        }
    }
}

impl Condition {
    /// Whether it holds for an item; what is not there is an empty item.
    pub(crate) fn holds(&self, item: &Item) -> bool {
        match self {
            Self::And(all) => all.iter().all(|condition| condition.holds(item)),
            Self::Or(any) => any.iter().any(|condition| condition.holds(item)),
            Self::Not(condition) => !condition.holds(item),
            Self::Compare(left, comparator, right) => {
                compare(left.value(item).as_deref(), *comparator, right.value(item).as_deref())
            }
            Self::Between(value, low, high) => {
                let value = value.value(item);
                compare(value.as_deref(), Comparator::GreaterOrEqual, low.value(item).as_deref())
                    && compare(value.as_deref(), Comparator::LessOrEqual, high.value(item).as_deref())
            }
            Self::In(value, any) => value.value(item).is_some_and(|value| {
                any.iter().any(|other| other.value(item).is_some_and(|other| value == other))
            }),
            Self::Exists(path) => path.find(item).is_some(),
            Self::Type(path, name) => match name.value(item).as_deref() {
                Some(Value::S(name)) => path.find(item).is_some_and(|value| value.type_name() == name),
                _ => false,
            },
            Self::BeginsWith(value, prefix) => {
                match (value.value(item).as_deref(), prefix.value(item).as_deref()) {
                    (Some(Value::S(text)), Some(Value::S(prefix))) => text.starts_with(prefix.as_str()),
                    (Some(Value::B(bytes)), Some(Value::B(prefix))) => bytes.starts_with(prefix),
                    _ => false,
                }
            }
            Self::Contains(value, wanted) => match (value.value(item), wanted.value(item)) {
                (Some(value), Some(wanted)) => contains(&value, &wanted),
                _ => false,
            },
        }
    }

    /// Calls `each` with every path in it.
    pub(crate) fn each_path<'a>(&'a self, each: &mut dyn FnMut(&'a Path)) {
        match self {
            Self::And(all) | Self::Or(all) => all.iter().for_each(|condition| condition.each_path(each)),
            Self::Not(condition) => condition.each_path(each),
            Self::Compare(left, _, right) | Self::BeginsWith(left, right) | Self::Contains(left, right) => {
                [left, right].into_iter().filter_map(Operand::path).for_each(each);
            }
            Self::Between(value, low, high) => {
                [value, low, high].into_iter().filter_map(Operand::path).for_each(each)
            }
            Self::In(value, any) => {
                std::iter::once(value).chain(any).filter_map(Operand::path).for_each(each)
            }
            Self::Exists(path) => each(path),
            Self::Type(path, name) => {
                each(path);
                name.path().into_iter().for_each(each);
            }
        }
    }
}

/// What is not there differs from everything, and else compares with nothing.
fn compare(left: Option<&Value>, comparator: Comparator, right: Option<&Value>) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return comparator == Comparator::NotEqual };
    match comparator {
        Comparator::Equal => left == right,
        Comparator::NotEqual => left != right,
        _ => left.order(right).is_some_and(|order| comparator.holds(order)),
    }
}

fn contains(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::S(text), Value::S(part)) => text.contains(part.as_str()),
        (Value::B(bytes), Value::B(part)) => {
            part.is_empty() || bytes.windows(part.len()).any(|window| window == part.as_ref())
        }
        (Value::Ss(set), Value::S(text)) => set.contains(text),
        (Value::Ns(set), Value::N(number)) => set.contains(number),
        (Value::Bs(set), Value::B(bytes)) => set.contains(bytes),
        (Value::L(elements), wanted) => elements.contains(wanted),
        _ => false,
    }
}

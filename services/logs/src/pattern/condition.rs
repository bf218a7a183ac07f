use super::InvalidPattern;
use super::scanner::Scanner;

/// The deepest nesting of parentheses.
const DEEPEST: usize = 64;

/// Leaves joined by `&&`, `||` and parentheses; `&&` binds closer.
#[derive(Debug, Clone)]
pub(super) enum Condition<L> {
    Leaf(L),
    All(Vec<Condition<L>>),
    Any(Vec<Condition<L>>),
}

impl<L> Condition<L> {
    pub(super) fn parse<F>(scanner: &mut Scanner<'_>, leaf: &mut F) -> Result<Self, InvalidPattern>
    where
        F: FnMut(&mut Scanner<'_>) -> Result<L, InvalidPattern>,
    {
        let mut any = vec![Self::all(scanner, leaf)?];
        while scanner.eat("||") {
            any.push(Self::all(scanner, leaf)?);
        }
        Ok(joined(any, Self::Any))
    }

    fn all<F>(scanner: &mut Scanner<'_>, leaf: &mut F) -> Result<Self, InvalidPattern>
    where
        F: FnMut(&mut Scanner<'_>) -> Result<L, InvalidPattern>,
    {
        let mut all = vec![Self::one(scanner, leaf)?];
        while scanner.eat("&&") {
            all.push(Self::one(scanner, leaf)?);
        }
        Ok(joined(all, Self::All))
    }

    fn one<F>(scanner: &mut Scanner<'_>, leaf: &mut F) -> Result<Self, InvalidPattern>
    where
        F: FnMut(&mut Scanner<'_>) -> Result<L, InvalidPattern>,
    {
        scanner.skip_spaces();
        let condition = if scanner.eat("(") {
            scanner.depth += 1;
            if scanner.depth > DEEPEST {
                return Err(InvalidPattern::Syntax);
            }
            let inner = Self::parse(scanner, leaf)?;
            if !scanner.eat(")") {
                return Err(InvalidPattern::Syntax);
            }
            scanner.depth -= 1;
            inner
        } else {
            Self::Leaf(leaf(scanner)?)
        };
        scanner.skip_spaces();
        Ok(condition)
    }

    pub(super) fn holds(&self, leaf: &impl Fn(&L) -> bool) -> bool {
        match self {
            Self::Leaf(one) => leaf(one),
            Self::All(conditions) => conditions.iter().all(|condition| condition.holds(leaf)),
            Self::Any(conditions) => conditions.iter().any(|condition| condition.holds(leaf)),
        }
    }

    /// Shows `each` all leaves, from left to right.
    pub(super) fn leaves<'c>(&'c self, each: &mut impl FnMut(&'c L)) {
        match self {
            Self::Leaf(leaf) => each(leaf),
            Self::All(conditions) | Self::Any(conditions) => {
                for condition in conditions {
                    condition.leaves(each);
                }
            }
        }
    }
}

fn joined<L>(mut conditions: Vec<Condition<L>>, join: fn(Vec<Condition<L>>) -> Condition<L>) -> Condition<L> {
    match conditions.pop() {
        Some(only) if conditions.is_empty() => only,
        last => {
            conditions.extend(last);
            join(conditions)
        }
    }
}

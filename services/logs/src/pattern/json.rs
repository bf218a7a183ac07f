use super::InvalidPattern;
use super::comparison::{Comparison, Decimal, Value};
use super::condition::Condition;
use super::scanner::Scanner;
use super::selector::Selector;
use wire::Document;
use wire::document::Number;

/// The most wildcards in the selectors of one pattern.
const MOST_WILDCARDS: usize = 3;

/// A pattern for events that are JSON objects: `{ $.code = 4* && $.user NOT EXISTS }`.
#[derive(Debug, Clone)]
pub(super) struct Json(Condition<(Selector, Test)>);

#[derive(Debug, Clone)]
enum Test {
    Compare(Comparison),
    Is(Literal),
    NotExists,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Literal {
    Null,
    True,
    False,
}

impl Json {
    pub(super) fn parse(scanner: &mut Scanner<'_>) -> Result<Self, InvalidPattern> {
        let mut wildcards = 0;
        if !scanner.eat("{") {
            return Err(InvalidPattern::Syntax);
        }
        let condition = Condition::parse(scanner, &mut |scanner| {
            let selector = Selector::parse(scanner)?;
            wildcards += selector.wildcards();
            scanner.skip_spaces();
            Ok((selector, Test::parse(scanner)?))
        })?;
        if !scanner.eat("}") || wildcards > MOST_WILDCARDS {
            return Err(InvalidPattern::Syntax);
        }
        Ok(Self(condition))
    }

    pub(super) fn matches(&self, event: &Document) -> bool {
        self.0.holds(&|(selector, test)| test.holds(selector, event))
    }
}

impl Test {
    fn parse(scanner: &mut Scanner<'_>) -> Result<Self, InvalidPattern> {
        if let Some(comparison) = Comparison::parse(scanner)? {
            return Ok(Self::Compare(comparison));
        }
        if scanner.eat_word("NOT") {
            scanner.skip_spaces();
            return if scanner.eat_word("EXISTS") {
                Ok(Self::NotExists)
            } else {
                Err(InvalidPattern::Syntax)
            };
        }
        // AWS has neither `IS NOT` nor `EXISTS`.
        if scanner.eat_word("IS") {
            scanner.skip_spaces();
            let literals = [("NULL", Literal::Null), ("TRUE", Literal::True), ("FALSE", Literal::False)];
            let literal = literals.into_iter().find(|(word, _)| scanner.eat_word(word));
            return literal.map(|(_, literal)| Self::Is(literal)).ok_or(InvalidPattern::Syntax);
        }
        Err(match scanner.peek() {
            Some(character) if !character.is_alphanumeric() && !"})&|".contains(character) => {
                scanner.unexpected()
            }
            _ => InvalidPattern::Syntax,
        })
    }

    fn holds(&self, selector: &Selector, event: &Document) -> bool {
        match self {
            Self::NotExists => !selector.any(event, &|_| true),
            Self::Is(literal) => selector.any(event, &|value| match literal {
                Literal::Null => value.is_null(),
                Literal::True => value.as_bool() == Some(true),
                Literal::False => value.as_bool() == Some(false),
            }),
            // Only texts and numbers are compared: a property that is missing, a list or an object is not even unequal.
            Self::Compare(comparison) => selector.any(event, &|value| match value {
                Document::String(text) => comparison.holds(Value::Text(text)),
                Document::Number(number) => {
                    let decimal = match number {
                        Number::Integer(whole) => Decimal::Whole(*whole),
                        Number::Float(fraction) => Decimal::Fraction(*fraction),
                    };
                    comparison.holds(Value::Number(decimal, &value.to_string()))
                }
                _ => false,
            }),
        }
    }
}

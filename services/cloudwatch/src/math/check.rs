//! What an expression's value is, before it is reckoned: whether all that it names is there, and is of the right type.

use super::expression::Expression;
use super::functions::Function;
use super::value::Type;

/// The type of an expression's value. `queries` tells of what type a query is.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn type_of(
    expression: &Expression,
    queries: &dyn Fn(&str) -> Result<Type, String>,
) -> Result<Type, String> {
    match expression {
        Expression::Number(_) => Ok(Type::Scalar),
        Expression::Query(id) => queries(id),
        Expression::Text(text) => Err(format!("Unexpected text \"{text}\"")),
        Expression::Word(word) => Err(format!("Unexpected '{word}'")),
        Expression::Negative(inner) => type_of(inner, queries),
        Expression::Array(elements) => {
            for element in elements {
                if type_of(element, queries)? == Type::Scalar {
                    return Err("An array holds time series only".into());
                }
            }
            Ok(Type::Array)
        }
        Expression::Binary(_, left, right) => match (type_of(left, queries)?, type_of(right, queries)?) {
            (Type::Array, Type::Array) => {
                Err("There are no operators between two arrays of time series".into())
            }
            (Type::Array, _) | (_, Type::Array) => Ok(Type::Array),
            (Type::Series, _) | (_, Type::Series) => Ok(Type::Series),
            (Type::Scalar, Type::Scalar) => Ok(Type::Scalar),
        },
        Expression::Call(function, arguments) => {
            let is_constant =
                |argument: &Expression| matches!(argument, Expression::Text(_) | Expression::Word(_));
            let types = arguments
                .iter()
                .map(
                    |argument| {
                        if is_constant(argument) { Ok(None) } else { type_of(argument, queries).map(Some) }
                    },
                )
                .collect::<Result<Vec<_>, String>>()?;
            function.value_type(arguments, &types)
        }
    }
}

/// The queries that an expression names.
pub(crate) fn names(expression: &Expression) -> Vec<&str> {
    let mut found = Vec::new();
    each(expression, &mut |part| {
        if let Expression::Query(id) = part {
            found.push(id.as_str());
        }
    });
    found
}

/// Each call of a function in an expression, with its arguments.
pub(crate) fn calls(expression: &Expression) -> Vec<(Function, &[Expression])> {
    let mut found = Vec::new();
    each(expression, &mut |part| {
        if let Expression::Call(function, arguments) = part {
            found.push((*function, arguments.as_slice()));
        }
    });
    found
}

/// Calls `look` with an expression and all of its parts, each once, in the order in which they are written.
fn each<'a>(expression: &'a Expression, look: &mut impl FnMut(&'a Expression)) {
    look(expression);
    match expression {
        Expression::Query(_) | Expression::Number(_) | Expression::Text(_) | Expression::Word(_) => {}
        Expression::Negative(inner) => each(inner, look),
        Expression::Array(all) | Expression::Call(_, all) => all.iter().for_each(|part| each(part, look)),
        Expression::Binary(_, left, right) => {
            each(left, look);
            each(right, look);
        }
    }
}

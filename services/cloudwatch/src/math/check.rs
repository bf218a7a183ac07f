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
    match expression {
        Expression::Query(id) => vec![id],
        Expression::Number(_) | Expression::Text(_) | Expression::Word(_) => Vec::new(),
        Expression::Negative(inner) => names(inner),
        Expression::Array(all) | Expression::Call(_, all) => all.iter().flat_map(names).collect(),
        Expression::Binary(_, left, right) => [names(left), names(right)].concat(),
    }
}

/// Each call of a function in an expression, with its arguments.
pub(crate) fn calls(expression: &Expression) -> Vec<(Function, &[Expression])> {
    match expression {
        Expression::Call(function, arguments) => {
            let mut all = vec![(*function, arguments.as_slice())];
            all.extend(arguments.iter().flat_map(calls));
            all
        }
        Expression::Array(all) => all.iter().flat_map(calls).collect(),
        Expression::Negative(inner) => calls(inner),
        Expression::Binary(_, left, right) => [calls(left), calls(right)].concat(),
        _ => Vec::new(),
    }
}

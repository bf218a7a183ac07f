//! The functions that are true or false: those of `Conditions` and `Rules`.

use super::{Evaluation, function, wrong_arguments};
use crate::template::error::TemplateError;
use crate::template::scope::Scope;
use wire::Document;

/// Does it hold?
pub(crate) fn test(definition: &Document, scope: &dyn Scope) -> Result<bool, TemplateError> {
    let evaluation = Evaluation::new(scope);
    let (name, argument) = function(definition).ok_or_else(not_a_test)?;
    let wrong = || wrong_arguments(name);
    let list = argument.as_array().unwrap_or_default();
    match (name, list) {
        ("Condition", _) => {
            let named = argument.as_str().ok_or_else(wrong)?;
            scope.condition(named).ok_or_else(|| {
                TemplateError::template(format!("unresolved condition dependency {named} in Condition"))
            })
        }
        // Every argument is looked at, so that a mistake does not wait for the day on which it is reached.
        ("Fn::And", _) if (2..=10).contains(&list.len()) => {
            all(list, scope).map(|tests| tests.into_iter().all(|holds| holds))
        }
        ("Fn::Or", _) if (2..=10).contains(&list.len()) => {
            all(list, scope).map(|tests| tests.into_iter().any(|holds| holds))
        }
        ("Fn::Not", [negated]) => test(negated, scope).map(|holds| !holds),
        ("Fn::Equals", [left, right]) => {
            let left = evaluation.text(left)?.ok_or_else(wrong)?;
            Ok(left == evaluation.text(right)?.ok_or_else(wrong)?)
        }
        ("Fn::If", [condition, then, otherwise]) => {
            let condition = condition.as_str().ok_or_else(wrong)?;
            let holds = scope.condition(condition).ok_or_else(|| {
                TemplateError::template(format!("unresolved condition dependency {condition} in Fn::If"))
            })?;
            test(if holds { then } else { otherwise }, scope)
        }
        ("Fn::Contains", [values, value]) => {
            let value = evaluation.text(value)?.ok_or_else(wrong)?;
            Ok(texts(&evaluation, values, name)?.contains(&value))
        }
        ("Fn::EachMemberEquals", [values, value]) => {
            let value = evaluation.text(value)?.ok_or_else(wrong)?;
            Ok(texts(&evaluation, values, name)?.iter().all(|one| *one == value))
        }
        ("Fn::EachMemberIn", [values, of]) => {
            let of = texts(&evaluation, of, name)?;
            Ok(texts(&evaluation, values, name)?.iter().all(|one| of.contains(one)))
        }
        (
            "Fn::And"
            | "Fn::Or"
            | "Fn::Not"
            | "Fn::Equals"
            | "Fn::Contains"
            | "Fn::EachMemberEquals"
            | "Fn::EachMemberIn",
            _,
        ) => Err(wrong()),
        _ => Err(not_a_test()),
    }
}

fn all(list: &[Document], scope: &dyn Scope) -> Result<Vec<bool>, TemplateError> {
    list.iter().map(|one| test(one, scope)).collect()
}

/// A list of texts; `Fn::RefAll` gives the values of all parameters of a type.
fn texts(evaluation: &Evaluation<'_>, document: &Document, of: &str) -> Result<Vec<String>, TemplateError> {
    match function(document) {
        Some(("Fn::RefAll", type_name)) => {
            let type_name = evaluation.text(type_name)?.ok_or_else(|| wrong_arguments("Fn::RefAll"))?;
            let values = evaluation.scope.parameters_of_type(&type_name);
            Ok(values
                .into_iter()
                .flat_map(|value| match value {
                    Document::Array(elements) => elements,
                    single => vec![single],
                })
                .filter_map(|value| crate::template::sections::text_of(&value))
                .collect())
        }
        Some((name @ ("Fn::ValueOf" | "Fn::ValueOfAll"), _)) => Err(TemplateError::not_built(
            format!("Rule function {name}"),
            "Compare parameters by Ref and Fn::RefAll instead.",
        )),
        _ => evaluation.texts(document)?.ok_or_else(|| wrong_arguments(of)),
    }
}

fn not_a_test() -> TemplateError {
    TemplateError::format("Conditions can only be boolean operations on parameters and other conditions")
}

//! Whether a value is what is expected, and what to say where it is not.

use crate::environment::{Environment, Miss, shown};
use crate::expression::regex;
use crate::format::{Assertion, Comparison, Rule};
use futures::future::BoxFuture;
use wire::Document;

/// A judgement.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    pub(crate) passed: bool,
    pub(crate) found: String,
    /// What the lab says to it.
    pub(crate) why: Option<String>,
    /// What was expected, in general words.
    pub(crate) expected: Option<String>,
}

impl Verdict {
    pub(crate) fn missed(miss: Miss) -> Self {
        Self { passed: false, found: miss.found, why: miss.why, expected: None }
    }
}

/// Whether all hold: the first that does not is told.
pub(crate) async fn judge_all(
    assertions: &[Assertion],
    over: &Document,
    environment: &mut Environment<'_>,
) -> Verdict {
    let mut verdict = Verdict { passed: true, found: shown(over), why: None, expected: None };
    for (index, assertion) in assertions.iter().enumerate() {
        let one = judge(assertion, over, environment).await;
        if !one.passed {
            return one;
        }
        if index == 0 {
            verdict.found = one.found;
        }
    }
    verdict
}

/// Whether one holds.
pub(crate) fn judge<'a>(
    assertion: &'a Assertion,
    over: &'a Document,
    environment: &'a mut Environment<'_>,
) -> BoxFuture<'a, Verdict> {
    Box::pin(async move {
        let mut verdict = match &assertion.rule {
            Rule::All(inner) => judge_all(inner, over, environment).await,
            Rule::Any(inner) => {
                let mut last = None;
                for assertion in inner {
                    let verdict = judge(assertion, over, environment).await;
                    let passed = verdict.passed;
                    last = Some(verdict);
                    if passed {
                        break;
                    }
                }
                last.unwrap_or_else(|| Verdict::missed(Miss::from("nothing".to_owned())))
            }
            Rule::Not(inner) => {
                let verdict = judge(inner, over, environment).await;
                Verdict { passed: !verdict.passed, why: None, expected: None, ..verdict }
            }
            Rule::Compare { find, comparison } => match environment.find(&find.text, over).await {
                Err(miss) => Verdict::missed(miss),
                Ok(found) => compare(&found, comparison, environment).await,
            },
        };
        if !verdict.passed && assertion.otherwise.is_some() {
            verdict.why.clone_from(&assertion.otherwise);
        }
        verdict
    })
}

async fn compare(found: &Document, comparison: &Comparison, environment: &mut Environment<'_>) -> Verdict {
    let judged = match comparison {
        Comparison::Exists(wanted) => {
            let expected = if *wanted { "something was expected" } else { "nothing was expected" };
            Ok((found.is_null() != *wanted, expected.to_owned()))
        }
        Comparison::Count { at_least, at_most } => {
            let count = count(found);
            let enough =
                |count: u64| at_least.is_none_or(|it| count >= it) && at_most.is_none_or(|it| count <= it);
            let expected = match (at_least, at_most) {
                (Some(least), Some(most)) if least == most => format!("{least} expected"),
                (Some(least), Some(most)) => format!("{least} to {most} expected"),
                (Some(least), None) => format!("at least {least} expected"),
                (_, most) => format!("at most {} expected", most.unwrap_or_default()),
            };
            Ok((count.is_some_and(enough), expected))
        }
        Comparison::InOrder(predicates) => in_order(found, predicates, environment).await,
        Comparison::Equals(wanted)
        | Comparison::In(wanted)
        | Comparison::Contains(wanted)
        | Comparison::ContainsAll(wanted)
        | Comparison::Set(wanted)
        | Comparison::AtLeast(wanted)
        | Comparison::AtMost(wanted)
        | Comparison::Matches(wanted) => match environment.resolve(wanted).await {
            Err(miss) => return Verdict::missed(miss),
            Ok(wanted) => with(found, comparison, &wanted),
        },
    };
    match judged {
        Ok((passed, expected)) => {
            Verdict { passed, found: shown(found), why: None, expected: (!passed).then_some(expected) }
        }
        Err(reason) => Verdict { passed: false, found: shown(found), why: Some(reason), expected: None },
    }
}

/// The comparison with a value, and what was expected in words.
fn with(found: &Document, comparison: &Comparison, wanted: &Document) -> Result<(bool, String), String> {
    let told = shown(wanted);
    let elements = || wanted.as_array().unwrap_or_default();
    Ok(match comparison {
        Comparison::In(_) => {
            (elements().iter().any(|it| same(it, found)), format!("one of {told} was expected"))
        }
        Comparison::Contains(_) => (contains(found, wanted), format!("{told} was expected in it")),
        Comparison::ContainsAll(_) => {
            (elements().iter().all(|it| contains(found, it)), format!("all of {told} were expected in it"))
        }
        Comparison::Set(_) => (same_set(found, elements()), format!("{told} was expected, in any order")),
        Comparison::AtLeast(_) => (
            found.as_f64().zip(wanted.as_f64()).is_some_and(|(found, wanted)| found >= wanted),
            format!("at least {told} was expected"),
        ),
        Comparison::AtMost(_) => (
            found.as_f64().zip(wanted.as_f64()).is_some_and(|(found, wanted)| found <= wanted),
            format!("at most {told} was expected"),
        ),
        Comparison::Matches(_) => {
            let pattern = regex(wanted.as_str().unwrap_or_default())?;
            (
                found.as_str().is_some_and(|text| pattern.is_match(text)),
                format!("text like {told} was expected"),
            )
        }
        _ => (same(found, wanted), format!("{told} was expected")),
    })
}

/// Numbers are equal by their value, objects in any order of their members.
pub(crate) fn same(one: &Document, two: &Document) -> bool {
    match (one, two) {
        (Document::Number(_), Document::Number(_)) => one.as_f64() == two.as_f64(),
        (Document::Array(one), Document::Array(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(one, two))
        }
        (Document::Object(one), Document::Object(two)) => {
            one.len() == two.len()
                && one.iter().all(|(name, value)| two.get(name).is_some_and(|other| same(value, other)))
        }
        _ => one == two,
    }
}

fn same_set(found: &Document, wanted: &[Document]) -> bool {
    let Some(found) = found.as_array() else { return false };
    let within =
        |some: &[Document], all: &[Document]| some.iter().all(|it| all.iter().any(|other| same(it, other)));
    within(found, wanted) && within(wanted, found)
}

fn contains(found: &Document, wanted: &Document) -> bool {
    match found {
        Document::Array(elements) => elements.iter().any(|element| same(element, wanted)),
        Document::String(text) => wanted.as_str().is_some_and(|wanted| text.contains(wanted)),
        Document::Object(members) => wanted.as_str().is_some_and(|wanted| members.contains_key(wanted)),
        _ => false,
    }
}

fn count(found: &Document) -> Option<u64> {
    let count = match found {
        Document::Array(elements) => elements.len(),
        Document::Object(members) => members.len(),
        Document::String(text) => text.chars().count(),
        _ => return None,
    };
    u64::try_from(count).ok()
}

/// Whether there are elements, one after another, of which the predicates hold in turn.
async fn in_order(
    found: &Document,
    predicates: &[crate::expression::Expression],
    environment: &mut Environment<'_>,
) -> Result<(bool, String), String> {
    let mut elements = found.as_array().unwrap_or_default().iter();
    for predicate in predicates {
        let mut held = false;
        for element in elements.by_ref() {
            let found = environment.find(&predicate.text, element).await.map_err(|miss| miss.found)?;
            if !matches!(found, Document::Null | Document::Boolean(false)) {
                held = true;
                break;
            }
        }
        if !held {
            return Ok((false, format!("in this order, {} was expected and did not come", predicate.text)));
        }
    }
    Ok((true, String::new()))
}

/// Whether an expression without `${…}` holds of a value.
#[cfg(test)]
pub(crate) fn holds(expression: &str, over: &Document) -> bool {
    crate::expression::evaluate(expression, over).is_ok_and(|found| found == Document::Boolean(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(found: &str, comparison: Comparison, wanted: &str) -> bool {
        let parse = |text: &str| Document::parse(text).unwrap();
        with(&parse(found), &comparison, &parse(wanted)).unwrap().0
    }

    #[test]
    fn comparisons_hold_and_do_not() {
        let nothing = || Document::Null;
        for (found, comparison, wanted, passes) in [
            ("80", Comparison::Equals(nothing()), "80.0", true),
            ("\"80\"", Comparison::Equals(nothing()), "80", false),
            ("{\"a\":1,\"b\":[2]}", Comparison::Equals(nothing()), "{\"b\":[2],\"a\":1}", true),
            ("null", Comparison::Equals(nothing()), "0", false),
            ("\"b\"", Comparison::In(nothing()), "[\"a\",\"b\"]", true),
            ("\"c\"", Comparison::In(nothing()), "[\"a\",\"b\"]", false),
            ("[1,2]", Comparison::Contains(nothing()), "2", true),
            ("\"revoking for sg-1\"", Comparison::Contains(nothing()), "\"sg-1\"", true),
            ("null", Comparison::Contains(nothing()), "1", false),
            ("[3,2,1]", Comparison::ContainsAll(nothing()), "[1,2]", true),
            ("[1]", Comparison::ContainsAll(nothing()), "[1,2]", false),
            ("[2,1,1]", Comparison::Set(nothing()), "[1,2]", true),
            ("[1,2,3]", Comparison::Set(nothing()), "[1,2]", false),
            ("null", Comparison::Set(nothing()), "[]", false),
            ("3", Comparison::AtLeast(nothing()), "3", true),
            ("2", Comparison::AtLeast(nothing()), "3", false),
            ("\"3\"", Comparison::AtMost(nothing()), "3", false),
            ("\"sg-0a\"", Comparison::Matches(nothing()), "\"^sg-[0-9a-f]+$\"", true),
        ] {
            assert_eq!(
                compared(found, comparison.clone(), wanted),
                passes,
                "{found} {comparison:?} {wanted}"
            );
        }
        assert_eq!(count(&Document::Null), None, "what is not there is not an empty list");
        assert!(holds("a == `1`", &Document::object().with("a", 1)));
    }
}

//! What EventBridge refuses of patterns that are well formed: too many combinations of `$or`, and wildcards that it cannot match fast.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>

use wire::Document;

/// Combinations that the alternatives of a pattern may make.
const COMBINATIONS: usize = 1000;
/// Wildcards in one text. AWS measures how many states its matcher would have, and does not publish the measure.
const WILDCARDS: usize = 30;

pub(super) fn check(pattern: &Document) -> Result<(), String> {
    wildcards(pattern)?;
    match combinations(pattern) {
        Some(count) if count <= COMBINATIONS => Ok(()),
        _ => Err("Rule is too complex - try using fewer combinations of $or".to_owned()),
    }
}

/// One, or with `$or` the product of the values of all keys.
fn combinations(pattern: &Document) -> Option<usize> {
    if has_or(pattern) { product(pattern) } else { Some(1) }
}

fn has_or(pattern: &Document) -> bool {
    pattern.as_object().is_some_and(|members| {
        members.iter().any(|(key, value)| key == "$or" && value.as_array().is_some() || has_or(value))
    })
}

fn product(pattern: &Document) -> Option<usize> {
    let mut combinations = 1_usize;
    for (key, value) in pattern.as_object().into_iter().flatten() {
        let factor = match value {
            Document::Array(branches) if key == "$or" => {
                branches.iter().map(product).try_fold(0_usize, |sum, count| sum.checked_add(count?))?
            }
            Document::Array(values) => values.len(),
            nested => product(nested)?,
        };
        combinations = combinations.checked_mul(factor)?;
    }
    Some(combinations)
}

fn wildcards(value: &Document) -> Result<(), String> {
    match value {
        Document::Array(elements) => elements.iter().try_for_each(wildcards),
        Document::Object(members) => members.iter().try_for_each(|(key, value)| match value {
            Document::String(text) if key == "wildcard" => wildcard(text),
            Document::Array(texts) if key == "wildcard" => {
                texts.iter().filter_map(Document::as_str).try_for_each(wildcard)
            }
            value => wildcards(value),
        }),
        _ => Ok(()),
    }
}

fn wildcard(text: &str) -> Result<(), String> {
    let (mut count, mut last) = (0_usize, None);
    let mut characters = text.chars().enumerate();
    while let Some((position, character)) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some((_, '*' | '\\')) => {}
                _ => return Err(format!("Invalid escape character at pos {position}")),
            },
            '*' => {
                if last.is_some_and(|last| last + 1 == position) {
                    return Err(format!("Consecutive wildcard characters at pos {}", position - 1));
                }
                last = Some(position);
                count += 1;
            }
            _ => {}
        }
    }
    if count > WILDCARDS {
        return Err("Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character".to_owned());
    }
    Ok(())
}

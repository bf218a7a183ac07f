//! The expression language of DynamoDB: conditions, updates, projections and key conditions; pure.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html>

mod apply;
mod condition;
mod condition_parser;
mod key_condition;
mod parser;
mod path;
mod placeholders;
mod projection;
mod reserved;
#[cfg(test)]
mod tests;
mod token;
mod update;

pub(crate) use condition::{Comparator, Condition, Operand};
pub(crate) use key_condition::{KeyCondition, RangeCondition};
pub(crate) use path::Path;
pub(crate) use placeholders::Placeholders;
pub(crate) use projection::Projection;
pub(crate) use update::{Term, Update};

use std::collections::BTreeMap;

/// The attributes that an expression names, for the condition key `dynamodb:Attributes`. An expression that cannot be read names none here: it is
/// refused before it is carried out. No keyword is an attribute's bare name: the parser refuses them all, so that none hides here.
pub(crate) fn attributes_named(text: &str, names: Option<&BTreeMap<String, String>>) -> Vec<String> {
    const KEYWORDS: &[&str] = &["AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"];
    let tokens = token::tokens(text).unwrap_or_default();
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let nested =
            at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|token| token.text == ".");
        if nested {
            continue;
        }
        match token.kind {
            token::Kind::Word => {
                let function = tokens.get(at + 1).is_some_and(|next| next.text == "(");
                let keyword = KEYWORDS.iter().any(|word| token.text.eq_ignore_ascii_case(word));
                if !function && !keyword {
                    found.push(token.text.to_owned());
                }
            }
            token::Kind::NamePlaceholder => {
                found.extend(names.and_then(|names| names.get(token.text)).cloned());
            }
            _ => {}
        }
    }
    found
}

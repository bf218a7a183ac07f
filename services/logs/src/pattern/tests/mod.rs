//! The examples of AWS's page on filter patterns, in other words, and what is no pattern.

mod any_text;
mod fields;
mod json;
mod terms;

use super::{InvalidPattern, Pattern};

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn selects(text: &str, message: &str) -> bool {
    pattern(text).matches(message)
}

fn selected<'m>(text: &str, messages: &[&'m str]) -> Vec<&'m str> {
    let pattern = pattern(text);
    messages.iter().copied().filter(|message| pattern.matches(message)).collect()
}

fn invalid(text: &str) -> InvalidPattern {
    Pattern::parse(text).err().unwrap_or_else(|| panic!("{text} is a pattern"))
}

fn characters(text: &str) -> InvalidPattern {
    InvalidPattern::Characters(text.into())
}

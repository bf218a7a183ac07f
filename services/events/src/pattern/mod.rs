//! Event patterns as rules have them: the language of [`event_pattern`] with EventBridge's own limits and sentence.

mod limits;
#[cfg(test)]
mod tests;

use api_events::{Error, InvalidEventPatternException};
use event_pattern::Pattern;
use wire::Document;

/// Reads a rule's pattern.
///
/// # Errors
/// `InvalidEventPatternException`
pub(crate) fn read(text: &str) -> Result<Pattern, Error> {
    checked(text).map_err(|reason| {
        InvalidEventPatternException::new(format!("Event pattern is not valid. Reason: {reason}")).into()
    })
}

fn checked(text: &str) -> Result<Pattern, String> {
    let document = Document::parse(text).map_err(|_| "Invalid JSON".to_owned())?;
    limits::check(&document)?;
    Pattern::read(&document).map_err(|refused| refused.0)
}

/// The values that a pattern wants of a key, as they are written: for condition keys.
pub(crate) fn wanted(text: Option<&str>, path: &[&str]) -> Vec<String> {
    let Some(document) = text.and_then(|text| Document::parse(text).ok()) else { return Vec::new() };
    let values = document.at(path).and_then(Document::as_array).unwrap_or_default();
    values.iter().filter_map(Document::as_str).map(str::to_owned).collect()
}

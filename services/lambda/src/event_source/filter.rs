//! Filter criteria.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html>

use crate::error::invalid;
use api_lambda::{Error, FilterCriteria};
use event_pattern::Pattern;
use wire::Document;

/// On AWS the quota is five, and ten after a request.
const MOST: usize = 10;

/// Patterns; none at all lets everything through. One that cannot be read any more takes nothing, so that it never opens what it was to close.
pub(crate) struct Filters(Vec<Option<Pattern>>);

impl Filters {
    /// Checks what was given, and answers it as it is kept.
    pub(crate) fn check(given: &FilterCriteria) -> Result<Vec<String>, Error> {
        let filters = given.filters.iter().flatten();
        let patterns: Vec<String> = filters.filter_map(|filter| filter.pattern.clone()).collect();
        if patterns.len() > MOST {
            return Err(invalid(format!("FilterCriteria can have at most {MOST} filters.")));
        }
        for pattern in &patterns {
            if let Err(error) = Pattern::parse(pattern) {
                tracing::debug!(%error, "a filter pattern is refused");
                return Err(invalid("Invalid filter pattern definition."));
            }
        }
        Ok(patterns)
    }

    /// What was checked before.
    pub(crate) fn of(patterns: &[String]) -> Self {
        Self(patterns.iter().map(|pattern| Pattern::parse(pattern).ok()).collect())
    }

    /// Whether a record whose data are under a key is taken. Data that are text are looked at as JSON where they are an object.
    pub(crate) fn take_text(&self, record: &Document, key: &str) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let parsed = record.get(key).and_then(Document::as_str).and_then(|text| Document::parse(text).ok());
        let parsed = parsed.filter(|parsed| parsed.as_object().is_some());
        let is_object = parsed.is_some();
        let looked_at = parsed.map_or_else(|| record.clone(), |parsed| record.clone().with(key, parsed));
        self.0
            .iter()
            .flatten()
            .any(|pattern| (is_object || !pattern.wants_object(key)) && pattern.matches(&looked_at))
    }

    /// Whether a record is taken.
    pub(crate) fn take(&self, record: &Document) -> bool {
        self.0.is_empty() || self.0.iter().flatten().any(|pattern| pattern.matches(record))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(pattern: &str, body: &str) -> bool {
        let record = Document::object().with("body", body).with("messageId", "m");
        Filters::of(&[pattern.to_owned()]).take_text(&record, "body")
    }

    #[test]
    fn a_pattern_that_cannot_be_read_takes_nothing() {
        assert!(!takes("{", "anything"));
        let filters = Filters::of(&["{".to_owned()]);
        assert!(!filters.take(&Document::object().with("messageId", "m")));
    }

    #[test]
    fn a_body_is_json_to_json_patterns_and_text_to_text_patterns() {
        assert!(takes(r#"{"body":{"city":["Seattle"]}}"#, r#"{"city":"Seattle","n":1}"#));
        assert!(!takes(r#"{"body":{"city":["Seattle"]}}"#, r#"{"city":"Berlin"}"#));
        assert!(!takes(r#"{"body":{"city":["Seattle"]}}"#, "Seattle"));
        assert!(!takes(r#"{"body":{"city":[{"exists":false}]}}"#, "plain"));
        assert!(takes(r#"{"body":["plain"]}"#, "plain"));
        assert!(!takes(r#"{"body":["plain"]}"#, r#"{"plain":1}"#));
        assert!(takes(r#"{"messageId":["m"]}"#, "anything"));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        let filter = |pattern: &str| FilterCriteria {
            filters: Some(vec![api_lambda::Filter { pattern: Some(pattern.into()) }]),
        };
        assert_eq!(Filters::check(&filter(r#"{"body":["x"]}"#)).unwrap().len(), 1);
        for bad in ["{", r#"{"body":"x"}"#, r#"{"body":[{"like":"x"}]}"#] {
            let error = wire::ServiceError::into_response(Filters::check(&filter(bad)).unwrap_err());
            assert_eq!(error.message, "Invalid filter pattern definition.");
        }
    }
}

//! What a target is sent of an event.

use super::Delivery;
use super::failure::Failure;
use crate::transform::{Filled, Path, Template};
use wire::Document;

/// The event as it is, its part, the constant, or the filled template.
///
/// # Errors
/// Where the filled template is too long for any target.
pub(super) fn of(delivery: &Delivery) -> Result<String, Failure> {
    let target = &delivery.target;
    if let Some(constant) = &target.input {
        return Ok(constant.clone());
    }
    let event = delivery.event.document();
    if let Some(path) = &target.input_path {
        let found = Path::read(path).and_then(|path| path.find(&event));
        return Ok(found.unwrap_or_default().to_string());
    }
    let Some(transformer) = &target.transformer else { return Ok(event.to_string()) };
    let mut values = Filled::new();
    for (name, path) in transformer.paths.iter().flatten() {
        if let Some(value) = Path::read(path).and_then(|path| path.find(&event)) {
            values.insert(name.clone(), value);
        }
    }
    let ingested = delivery.event.received.iso_seconds();
    for (name, value) in [
        ("rule-arn", Document::from(delivery.rule.to_string())),
        ("rule-name", delivery.rule_name.as_str().into()),
        ("event.ingestion-time", ingested.into()),
        ("event", delivery.event.envelope()),
        ("event.json", event),
    ] {
        values.insert(format!("aws.events.{name}"), value);
    }
    let filled = Template::read(&transformer.template).fill(&values);
    filled.ok_or_else(|| Failure::last("INVALID_PARAMETER", "The transformed input is too long."))
}

//! TestEventPattern.

use crate::refusal::invalid;
use crate::{Events, pattern};
use api_events::{Error, TestEventPattern, TestEventPatternOutput};
use contract::{Access, Call, Transact};
use store::{Tx, View};
use wire::Document;

/// What an event must have to be tested.
const REQUIRED: &[&str] = &["id", "account", "source", "time", "region", "resources", "detail-type"];

impl Transact<TestEventPattern> for Events {
    fn access(_: &TestEventPattern, _: &Call, _: &View) -> Access {
        Access::to("events:TestEventPattern")
    }

    fn run(input: TestEventPattern, _: &Call, _: &mut Tx) -> Result<TestEventPatternOutput, Error> {
        let pattern = pattern::read(&input.event_pattern)?;
        let event = Document::parse(&input.event).ok().filter(|event| event.as_object().is_some());
        let event = event.ok_or_else(|| invalid("Parameter Event is not valid."))?;
        if let Some(missing) = REQUIRED.iter().find(|name| event.get(name).is_none()) {
            return Err(invalid(format!(
                "Parameter Event is not valid. Reason: {missing} is a required field of an event."
            )));
        }
        Ok(TestEventPatternOutput { result: Some(pattern.matches(&event)) })
    }
}

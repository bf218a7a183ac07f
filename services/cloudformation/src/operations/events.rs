//! What happened to a stack, newest first.

use super::pages::{page, read};
use super::{CloudFormation, invalid, named_stack, on_stack};
use crate::state::event::StackEvent;
use api_cloudformation::{DescribeStackEvents, DescribeStackEventsOutput, Error};
use contract::{Access, Call, Transact};
use store::{Tx, View};

const PAGE: usize = 100;

impl Transact<DescribeStackEvents> for CloudFormation {
    fn access(input: &DescribeStackEvents, call: &Call, view: &View) -> Access {
        on_stack("DescribeStackEvents", &input.stack_name, call, view)
    }

    fn run(input: DescribeStackEvents, call: &Call, tx: &mut Tx) -> Result<DescribeStackEventsOutput, Error> {
        let stack = named_stack(tx, call, &input.stack_name)?;
        let mut newest_first =
            tx.scan::<StackEvent>(stack.scope, (stack.id.as_str(),)).reverse().limit(PAGE + 1);
        if let Some(token) = &input.next_token {
            let last: u64 =
                read(token)?.parse().map_err(|_| invalid("The specified NextToken is invalid."))?;
            newest_first = newest_first.before((&stack.id, last));
        }
        let key = |event: &StackEvent| event.number.to_string();
        let (events, next_token) = page(newest_first.rows()?, None, PAGE, key, |_, _| true)?;
        let shown = |event: StackEvent| api_cloudformation::StackEvent {
            stack_id: event.stack_id,
            event_id: event.id,
            stack_name: event.stack_name,
            logical_resource_id: Some(event.logical_id),
            physical_resource_id: Some(event.physical_id.unwrap_or_default()),
            resource_type: Some(event.resource_type),
            timestamp: event.at,
            resource_status: event.status.parse().ok(),
            resource_status_reason: event.reason,
            resource_properties: event.properties,
            client_request_token: event.token,
            ..Default::default()
        };
        Ok(DescribeStackEventsOutput {
            stack_events: Some(events.into_iter().map(shown).collect()),
            next_token,
        })
    }
}

//! Single log events with all their fields, and the fields that a group's events have.

use super::events::unmasked;
use super::{group, identify, identify_or_own, on_any_group, on_group};
use crate::Logs;
use crate::pointer::{self, Pointer};
use crate::state::event::LogEvent;
use api_logs::{
    Error, GetLogGroupFields, GetLogGroupFieldsOutput, GetLogRecord, GetLogRecordOutput,
    InvalidParameterException, LogGroupField, ResourceNotFoundException,
};
use contract::{Access, Call, Transact};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use store::{Tx, View};

const MINUTE: i64 = 60 * 1000;
/// What is looked at for the fields of a group.
const MOST_EVENTS: usize = 10_000;
const MOST_BYTES: usize = 8 * 1024 * 1024;

impl Transact<GetLogRecord> for Logs {
    /// On the group of the event.
    fn access(input: &GetLogRecord, call: &Call, view: &View) -> Access {
        match Pointer::read(&input.log_record_pointer) {
            Some(pointer) => {
                let access = on_group("GetLogRecord", view, call.scope(), &pointer.group);
                unmasked(access, input.unmask, call.scope(), &pointer.group)
            }
            None => on_any_group("GetLogRecord", call),
        }
    }

    fn run(input: GetLogRecord, call: &Call, tx: &mut Tx) -> Result<GetLogRecordOutput, Error> {
        let scope = call.scope();
        let Some(pointer) = Pointer::read(&input.log_record_pointer) else {
            return Err(InvalidParameterException::new("The specified log record pointer is invalid.").into());
        };
        let group = group(tx, scope, &pointer.group)?;
        let key = (pointer.group.as_str(), pointer.stream.as_str(), pointer.at, pointer.number);
        let event = tx.get::<LogEvent>(scope, key)?.filter(|event| event.at >= group.horizon(call.now));
        let event = event
            .ok_or_else(|| ResourceNotFoundException::new("The specified log record does not exist."))?;
        Ok(GetLogRecordOutput { log_record: Some(pointer::record(&event, scope).fields()) })
    }
}

impl Transact<GetLogGroupFields> for Logs {
    fn access(input: &GetLogGroupFields, call: &Call, view: &View) -> Access {
        let (name, identifier) = (input.log_group_name.as_deref(), input.log_group_identifier.as_deref());
        let (scope, name) = identify_or_own(call, name, identifier);
        on_group("GetLogGroupFields", view, scope, &name)
    }

    fn run(input: GetLogGroupFields, call: &Call, tx: &mut Tx) -> Result<GetLogGroupFieldsOutput, Error> {
        let (scope, name) =
            identify(call, input.log_group_name.as_deref(), input.log_group_identifier.as_deref())?;
        let group = group(tx, scope, &name)?;
        // AWS looks eight minutes to both sides of a moment, or at the last fifteen.
        let (start, end) = match input.time.map(|seconds| seconds.saturating_mul(1000)) {
            Some(middle) => (middle.saturating_sub(8 * MINUTE), middle.saturating_add(8 * MINUTE)),
            None => (call.now.millis() - 15 * MINUTE, call.now.millis()),
        };
        let start = start.max(group.horizon(call.now));
        let (mut counts, mut events, mut bytes) = (BTreeMap::<String, i32>::new(), 0_i32, 0_usize);
        let scan = tx.scan_index::<LogEvent>(scope, LogEvent::BY_TIME, group.name.as_str()).reverse();
        scan.after(&LogEvent::place(scope, &group.name, end.saturating_add(1))).limit(MOST_EVENTS).each(
            |event| {
                if event.at < start || bytes > MOST_BYTES {
                    return ControlFlow::Break(());
                }
                events += 1;
                bytes += event.size();
                for name in pointer::record(&event, scope).fields().into_keys().filter(|name| name != "@ptr")
                {
                    *counts.entry(name).or_default() += 1;
                }
                ControlFlow::Continue(())
            },
        )?;
        let field = |(name, count): (String, i32)| LogGroupField {
            name: Some(name),
            percent: count.checked_mul(100).and_then(|all| all.checked_div(events)),
        };
        Ok(GetLogGroupFieldsOutput { log_group_fields: Some(counts.into_iter().map(field).collect()) })
    }
}

//! Retention of a group's events.
//!
//! What is older is no more when it is read ([`LogGroup::horizon`]); its rows are removed in steps as others are written.

use super::{group, on_group};
use crate::Logs;
use crate::state::event::LogEvent;
use crate::state::group::LogGroup;
use crate::state::stream::LogStream;
use api_logs::{
    DeleteRetentionPolicy, DeleteRetentionPolicyOutput, Error, InvalidParameterException, LogGroupClass,
    PutRetentionPolicy, PutRetentionPolicyOutput,
};
use contract::{Access, Call, Transact};
use names::Timestamp;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use store::{Tx, View};

/// The days that AWS takes: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>
const DAYS: [i32; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

impl Transact<PutRetentionPolicy> for Logs {
    fn access(input: &PutRetentionPolicy, call: &Call, view: &View) -> Access {
        on_group("PutRetentionPolicy", view, call.scope(), &input.log_group_name)
    }

    fn run(input: PutRetentionPolicy, call: &Call, tx: &mut Tx) -> Result<PutRetentionPolicyOutput, Error> {
        let days = input.retention_in_days;
        if !DAYS.contains(&days) {
            let known: Vec<String> = DAYS.iter().map(ToString::to_string).collect();
            return Err(InvalidParameterException::new(format!(
                "1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [{}]",
                known.join(", ")
            ))
            .into());
        }
        let group = changeable(tx, call, &input.log_group_name)?;
        tx.update(LogGroup { retention: Some(days), ..group })?;
        Ok(PutRetentionPolicyOutput {})
    }
}

impl Transact<DeleteRetentionPolicy> for Logs {
    fn access(input: &DeleteRetentionPolicy, call: &Call, view: &View) -> Access {
        on_group("DeleteRetentionPolicy", view, call.scope(), &input.log_group_name)
    }

    fn run(
        input: DeleteRetentionPolicy,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteRetentionPolicyOutput, Error> {
        let group = changeable(tx, call, &input.log_group_name)?;
        tx.update(LogGroup { retention: None, ..group })?;
        Ok(DeleteRetentionPolicyOutput {})
    }
}

/// A group whose retention may be set.
fn changeable(view: &View, call: &Call, name: &str) -> Result<LogGroup, Error> {
    let group = group(view, call.scope(), name)?;
    if group.class == LogGroupClass::Delivery.as_str() {
        return Err(InvalidParameterException::new(
            "The retention of log groups of the class DELIVERY is fixed and cannot be changed.",
        )
        .into());
    }
    Ok(group)
}

/// Removes events that the group's retention no longer keeps, oldest first, at most so many.
pub(super) fn remove_expired(
    tx: &mut Tx,
    group: &LogGroup,
    now: Timestamp,
    most: usize,
) -> Result<(), Error> {
    if group.retention.is_none() {
        return Ok(());
    }
    let (scope, name, horizon) = (group.scope, group.name.as_str(), group.horizon(now));
    let mut gone: BTreeMap<String, Vec<(i64, u64, usize)>> = BTreeMap::new();
    tx.scan_index::<LogEvent>(scope, LogEvent::BY_TIME, name).limit(most).each(|event| {
        if event.at >= horizon {
            return ControlFlow::Break(());
        }
        let size = event.size();
        gone.entry(event.stream).or_default().push((event.at, event.number, size));
        ControlFlow::Continue(())
    })?;
    for (stream, events) in gone {
        let mut bytes = 0;
        for (at, number, size) in events {
            tx.remove::<LogEvent>(scope, (name, stream.as_str(), at, number))?;
            bytes += i64::try_from(size).unwrap_or_default();
        }
        if let Some(stream) = tx.get::<LogStream>(scope, (name, stream.as_str()))? {
            tx.update(LogStream { bytes: stream.bytes.saturating_sub(bytes), ..stream })?;
        }
    }
    Ok(())
}

//! Log events of one stream: put and read.

use super::tokens::{Position, Turn};
use super::{
    entity, group, identify, identify_or_own, limit, metric_filters, on_stream, on_written, retention, stream,
};
use crate::state::event::{self, LogEvent};
use crate::state::group::LogGroup;
use crate::{Logs, delivery, metrics};
use api_logs::{
    Error, GetLogEvents, GetLogEventsOutput, InputLogEvent, InvalidParameterException, OutputLogEvent,
    PutLogEvents, PutLogEventsOutput, RejectedLogEventsInfo,
};
use contract::{Access, Call, Transact};
use names::{Scope, Timestamp};
use std::ops::ControlFlow;
use store::{Tx, View};

const HOUR: i64 = 60 * 60 * 1000;
/// The bytes of a batch that is put, and of a page that is read.
pub(super) const MOST_BYTES: usize = 1_048_576;
/// The events of a page.
pub(super) const MOST_EVENTS: usize = 10_000;
/// Expired events that go with each batch, beside two for each event of the batch.
const EXPIRED_STEP: usize = 100;

impl Transact<PutLogEvents> for Logs {
    fn access(input: &PutLogEvents, call: &Call, view: &View) -> Access {
        on_written("PutLogEvents", view, call.scope(), &input.log_group_name, &input.log_stream_name)
    }

    fn run(input: PutLogEvents, call: &Call, tx: &mut Tx) -> Result<PutLogEventsOutput, Error> {
        let (scope, now) = (call.scope(), call.now.millis());
        let mut events = input.log_events;
        check_batch(&events)?;
        let group = group(tx, scope, &input.log_group_name)?;
        let found = stream(tx, scope, &group.name, &input.log_stream_name)?;
        let accepted = Accepted::of(&events, &group, call.now);
        events.truncate(accepted.end);
        let events = events.split_off(accepted.start.min(accepted.end));
        if let (Some(first), Some(last)) = (events.first(), events.last())
            && last.timestamp.saturating_sub(first.timestamp) > 24 * HOUR
        {
            return Err(InvalidParameterException::new(
                "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
            )
            .into());
        }
        let most = events.len().saturating_mul(2).saturating_add(EXPIRED_STEP);
        retention::remove_expired(tx, &group, call.now, most)?;
        let mut stream = stream(tx, scope, &group.name, &found.name)?;
        metrics::incoming(tx, &group, &events, call.now);
        metric_filters::measure(tx, &group, &events)?;
        delivery::select(tx, call, &group, &stream, &events)?;
        for InputLogEvent { timestamp: at, message } in events {
            stream.bytes = stream
                .bytes
                .saturating_add_unsigned(u64::try_from(event::size(&message)).unwrap_or(u64::MAX));
            stream.first_event = Some(stream.first_event.map_or(at, |first| first.min(at)));
            stream.last_event = Some(stream.last_event.map_or(at, |last| last.max(at)));
            stream.last_ingestion = Some(now);
            tx.insert(LogEvent {
                scope,
                group: group.name.clone(),
                stream: stream.name.clone(),
                at,
                number: stream.next,
                message,
                ingested: now,
            })?;
            stream.next += 1;
        }
        let next_sequence_token = Some(stream.sequence_token());
        tx.update(stream)?;
        Ok(PutLogEventsOutput {
            next_sequence_token,
            rejected_log_events_info: accepted.rejected,
            rejected_entity_info: entity::rejected(input.entity.as_ref(), &group.class),
        })
    }
}

/// What must be so of all events, whether they are accepted or not.
fn check_batch(events: &[InputLogEvent]) -> Result<(), Error> {
    let bytes: usize = events.iter().map(|event| event::size(&event.message)).sum();
    if bytes > MOST_BYTES {
        let message = format!("Upload too large: {bytes} bytes exceeds limit of {MOST_BYTES}");
        return Err(InvalidParameterException::new(message).into());
    }
    if !events.is_sorted_by_key(|event| event.timestamp) {
        return Err(InvalidParameterException::new(
            "Log events in a single PutLogEvents request must be in chronological order.",
        )
        .into());
    }
    Ok(())
}

/// Which events of a sorted batch are neither too old nor too new.
struct Accepted {
    start: usize,
    end: usize,
    rejected: Option<RejectedLogEventsInfo>,
}

impl Accepted {
    fn of(events: &[InputLogEvent], group: &LogGroup, now: Timestamp) -> Self {
        let before = |moment: i64| events.partition_point(|event| event.timestamp < moment);
        let too_old = before(now.millis() - 14 * 24 * HOUR);
        let expired = before(group.horizon(now));
        let too_new = events.partition_point(|event| event.timestamp <= now.millis() + 2 * HOUR);
        let index = |index: usize| i32::try_from(index).ok();
        let rejected = RejectedLogEventsInfo {
            too_new_log_event_start_index: index(too_new).filter(|_| too_new < events.len()),
            too_old_log_event_end_index: index(too_old).filter(|_| too_old > 0),
            expired_log_event_end_index: index(expired).filter(|_| expired > 0),
        };
        let rejected = (rejected != RejectedLogEventsInfo::default()).then_some(rejected);
        Self { start: too_old.max(expired), end: too_new, rejected }
    }
}

impl Transact<GetLogEvents> for Logs {
    fn access(input: &GetLogEvents, call: &Call, _: &View) -> Access {
        let (name, identifier) = (input.log_group_name.as_deref(), input.log_group_identifier.as_deref());
        let (scope, group) = identify_or_own(call, name, identifier);
        let access = on_stream("GetLogEvents", scope, &group, &input.log_stream_name);
        unmasked(access, input.unmask, scope, &group)
    }

    fn run(input: GetLogEvents, call: &Call, tx: &mut Tx) -> Result<GetLogEventsOutput, Error> {
        let (scope, name) =
            identify(call, input.log_group_name.as_deref(), input.log_group_identifier.as_deref())?;
        let group = group(tx, scope, &name)?;
        let stream = stream(tx, scope, &name, &input.log_stream_name)?;
        let start =
            Position { at: input.start_time.unwrap_or(0).max(group.horizon(call.now)).max(0), number: 0 };
        let end = input.end_time.map(|at| Position { at, number: 0 });
        let given = input.next_token.as_deref().map(|token| Turn::read(token, call.now)).transpose()?;
        let (forward, from, until) = match given {
            Some(Turn::Forward(position)) => (true, start.max(position), end),
            Some(Turn::Backward(position)) => {
                (false, start, Some(end.map_or(position, |end| end.min(position))))
            }
            None => (input.start_from_head == Some(true), start, end),
        };
        let key = |position: Position| (name.as_str(), stream.name.as_str(), position.at, position.number);
        let mut scan = tx.scan::<LogEvent>(scope, (name.as_str(), stream.name.as_str())).from(key(from));
        if let Some(until) = until {
            scan = scan.before(key(until));
        }
        if !forward {
            scan = scan.reverse();
        }
        let mut page = Page::new(limit(input.limit, MOST_EVENTS));
        scan.each(|event| if page.take(event) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })?;
        let mut events = page.events;
        if !forward {
            events.reverse();
        }
        // Where nothing was found in a direction, its token stays the same: the sign of an end.
        let here = match given {
            Some(Turn::Forward(position) | Turn::Backward(position)) => position,
            None => start,
        };
        let first = events.first().map_or(here, |event| Position { at: event.at, number: event.number });
        let last = events.last().map_or(here, |event| Position { at: event.at, number: event.number + 1 });
        let same =
            |direction: bool| input.next_token.clone().filter(|_| events.is_empty() && forward == direction);
        Ok(GetLogEventsOutput {
            next_forward_token: Some(same(true).unwrap_or_else(|| Turn::Forward(last).issue(call.now))),
            next_backward_token: Some(same(false).unwrap_or_else(|| Turn::Backward(first).issue(call.now))),
            events: Some(events.into_iter().map(output).collect()),
        })
    }
}

/// `unmask` needs a permission of its own, on the group. Nothing is masked: data protection policies are not built.
pub(super) fn unmasked(mut access: Access, unmask: Option<bool>, scope: Scope, group: &str) -> Access {
    if unmask == Some(true) {
        access.checks.extend(on_stream("Unmask", scope, group, "").checks);
    }
    access
}

fn output(event: LogEvent) -> OutputLogEvent {
    OutputLogEvent {
        timestamp: Some(event.at),
        message: Some(event.message),
        ingestion_time: Some(event.ingested),
    }
}

/// Events up to a number and 1 MB.
pub(super) struct Page {
    pub(super) events: Vec<LogEvent>,
    most: usize,
    bytes: usize,
}

impl Page {
    pub(super) fn new(most: usize) -> Self {
        Self { events: Vec::new(), most, bytes: 0 }
    }

    /// Takes an event; false where there is no room for it. The first one always has room.
    pub(super) fn take(&mut self, event: LogEvent) -> bool {
        let bytes = self.bytes.saturating_add(event.size());
        if self.events.len() >= self.most || (bytes > MOST_BYTES && !self.events.is_empty()) {
            return false;
        }
        self.bytes = bytes;
        self.events.push(event);
        true
    }
}

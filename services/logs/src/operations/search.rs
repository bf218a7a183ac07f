//! Log events of a group: searched.

use super::events::{MOST_EVENTS, Page, unmasked};
use super::tokens::{self, Listing};
use super::{group, identify, identify_or_own, limit, on_group, stream};
use crate::Logs;
use crate::pattern::Pattern;
use crate::state::event::LogEvent;
use api_logs::{Error, FilterLogEvents, FilterLogEventsOutput, FilteredLogEvent, InvalidParameterException};
use contract::{Access, Call, Transact};
use names::Scope;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use store::{Tx, View};

/// What is looked at for one page; then the page ends, and its token reads on.
const MOST_SCANNED_EVENTS: usize = 50_000;
const MOST_SCANNED_BYTES: usize = 64 * 1024 * 1024;
/// The same where each event is matched with regular expressions.
const MOST_REGEX_BYTES: usize = 8 * 1024 * 1024;

impl Transact<FilterLogEvents> for Logs {
    fn access(input: &FilterLogEvents, call: &Call, view: &View) -> Access {
        let (name, identifier) = (input.log_group_name.as_deref(), input.log_group_identifier.as_deref());
        let (scope, name) = identify_or_own(call, name, identifier);
        unmasked(on_group("FilterLogEvents", view, scope, &name), input.unmask, scope, &name)
    }

    /// `interleaved` is read and, as on AWS since 2019, taken for true whatever it says.
    fn run(input: FilterLogEvents, call: &Call, tx: &mut Tx) -> Result<FilterLogEventsOutput, Error> {
        let (scope, name) =
            identify(call, input.log_group_name.as_deref(), input.log_group_identifier.as_deref())?;
        if input.log_stream_names.is_some() && input.log_stream_name_prefix.is_some() {
            return Err(InvalidParameterException::new(
                "logStreamNames and logStreamNamePrefix are mutually exclusive parameters.",
            )
            .into());
        }
        let pattern = Pattern::parse(input.filter_pattern.as_deref().unwrap_or_default())
            .map_err(|invalid| InvalidParameterException::new(invalid.to_string()))?;
        let group = group(tx, scope, &name)?;
        let streams: Option<BTreeSet<String>> =
            input.log_stream_names.map(|names| names.into_iter().collect());
        for name in streams.iter().flatten() {
            stream(tx, scope, &group.name, name)?;
        }
        let start = input.start_time.unwrap_or(0).max(group.horizon(call.now));
        let mut search = Search {
            end: input.end_time.unwrap_or(i64::MAX),
            prefix: input.log_stream_name_prefix.unwrap_or_default(),
            streams,
            pattern,
            page: Page::new(limit(input.limit, MOST_EVENTS)),
            place: Place::before(scope, &group.name, start),
            scanned_events: 0,
            scanned_bytes: 0,
            more: false,
        };
        if let Some(position) = tokens::read(Listing::Matches, input.next_token.as_deref(), call.now)? {
            search.place.advance(&position)?;
        }
        search.run(tx)?;
        let next_token =
            search.more.then(|| tokens::issue(Listing::Matches, &search.place.position(), call.now));
        Ok(FilterLogEventsOutput {
            events: Some(search.page.events.into_iter().map(output).collect()),
            // AWS answers an empty list since 2020.
            searched_log_streams: Some(Vec::new()),
            next_token,
        })
    }
}

fn output(event: LogEvent) -> FilteredLogEvent {
    FilteredLogEvent {
        event_id: Some(event.id()),
        timestamp: Some(event.at),
        ingestion_time: Some(event.ingested),
        log_stream_name: Some(event.stream),
        message: Some(event.message),
    }
}

/// One page of a search: one event after the other, in the order of their time.
struct Search {
    end: i64,
    prefix: String,
    streams: Option<BTreeSet<String>>,
    pattern: Pattern,
    page: Page,
    place: Place,
    scanned_events: usize,
    scanned_bytes: usize,
    more: bool,
}

impl Search {
    fn run(&mut self, view: &View) -> Result<(), Error> {
        let after = self.place.0.clone();
        let only =
            self.streams.as_ref().filter(|streams| streams.len() == 1).and_then(BTreeSet::first).cloned();
        match only {
            // One stream has its events in order by themselves.
            Some(stream) => {
                let scan = view.scan::<LogEvent>(after.scope, (after.group.as_str(), stream.as_str()));
                let key = (after.group.as_str(), stream.as_str(), after.at, after.number);
                // A place that is in no stream is before the first event of its time.
                let scan = if after.stream.is_empty() { scan.from(key) } else { scan.after(key) };
                scan.each(|event| self.look_at(event))?;
            }
            None => {
                let scan = view.scan_index::<LogEvent>(after.scope, LogEvent::BY_TIME, after.group.as_str());
                scan.after(&after).each(|event| self.look_at(event))?;
            }
        }
        Ok(())
    }

    fn look_at(&mut self, event: LogEvent) -> ControlFlow<()> {
        if event.at > self.end {
            return ControlFlow::Break(());
        }
        let most_bytes = if self.pattern.has_regexes() { MOST_REGEX_BYTES } else { MOST_SCANNED_BYTES };
        if self.scanned_events >= MOST_SCANNED_EVENTS || self.scanned_bytes >= most_bytes {
            self.more = true;
            return ControlFlow::Break(());
        }
        self.scanned_events += 1;
        self.scanned_bytes += event.size();
        let place = Place::of(&event);
        let named = self.streams.as_ref().is_none_or(|streams| streams.contains(&event.stream));
        let selected =
            named && event.stream.starts_with(&self.prefix) && self.pattern.matches(&event.message);
        if selected && !self.page.take(event) {
            self.more = true;
            return ControlFlow::Break(());
        }
        self.place = place;
        ControlFlow::Continue(())
    }
}

/// Up to where a group has been searched: an event without its message.
#[derive(Debug, Clone)]
struct Place(LogEvent);

impl Place {
    /// Before all events of a moment.
    fn before(scope: Scope, group: &str, at: i64) -> Self {
        Self(LogEvent::place(scope, group, at))
    }

    /// After an event.
    fn of(event: &LogEvent) -> Self {
        Self(LogEvent {
            scope: event.scope,
            group: event.group.clone(),
            stream: event.stream.clone(),
            at: event.at,
            number: event.number,
            message: String::new(),
            ingested: event.ingested,
        })
    }

    fn position(&self) -> String {
        let LogEvent { at, ingested, number, stream, .. } = &self.0;
        format!("{at}:{ingested}:{number}:{stream}")
    }

    /// Moves on to a position that a token holds; never back before the start that is asked for.
    fn advance(&mut self, position: &str) -> Result<(), Error> {
        let mut parts = position.splitn(4, ':');
        let mut next = || parts.next().ok_or_else(tokens::invalid);
        let at: i64 = next()?.parse().map_err(|_| tokens::invalid())?;
        let ingested = next()?.parse().map_err(|_| tokens::invalid())?;
        let number = next()?.parse().map_err(|_| tokens::invalid())?;
        let stream = next()?.to_owned();
        if at >= self.0.at {
            (self.0.at, self.0.ingested, self.0.number, self.0.stream) = (at, ingested, number, stream);
        }
        Ok(())
    }
}

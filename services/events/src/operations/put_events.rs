//! PutEvents: one durable delivery per matching rule and target, in the transaction of the call.

use crate::access::on_bus;
use crate::delivery;
use crate::forward::Forwarded;
use crate::reference::BusReference;
use crate::refusal::{invalid, not_built};
use crate::state::{DEFAULT, Event, EventBus, Rule};
use crate::{Events, metrics, pattern};
use api_events::{Error, PutEvents, PutEventsOutput, PutEventsRequestEntry, PutEventsResultEntry};
use contract::{Access, Call, Chain, Principal, Transact};
use event_pattern::Pattern;
use std::collections::{BTreeMap, BTreeSet};
use store::{Tx, View};
use wire::Document;

/// All entries together (1 MiB since 2026).
const BYTES: usize = 1_048_576;

impl Transact<PutEvents> for Events {
    /// One check for each bus, source and detail type, so that conditions hold of each entry.
    fn access(input: &PutEvents, call: &Call, view: &View) -> Access {
        let mut access = Access::default();
        let mut seen = BTreeSet::new();
        for entry in &input.entries {
            let told =
                (entry.event_bus_name.as_deref(), entry.source.as_deref(), entry.detail_type.as_deref());
            if !seen.insert(told) {
                continue;
            }
            let bus = BusReference::read(entry.event_bus_name.as_deref(), call);
            let bus = bus.unwrap_or_else(|_| BusReference::own(DEFAULT, call));
            let mut one = on_bus("PutEvents", &bus, view);
            for (key, value) in [("events:source", &entry.source), ("events:detail-type", &entry.detail_type)]
            {
                if let Some(value) = value {
                    one = one.with(key, [value.as_str()]);
                }
            }
            let forwarded = if Forwarded::is(call) { "true" } else { "false" };
            let one = one.with("events:eventBusInvocation", [forwarded]);
            if one.checks.is_empty() {
                return Access::default();
            }
            access.checks.extend(one.checks);
        }
        access
    }

    fn run(input: PutEvents, call: &Call, tx: &mut Tx) -> Result<PutEventsOutput, Error> {
        if input.endpoint_id.is_some() {
            metrics::put_events_refused(call.scope(), call.now, tx);
            return Err(not_built("EndpointId", "global endpoints are"));
        }
        let bytes: usize = input.entries.iter().map(size).sum();
        if bytes > BYTES {
            metrics::put_events_refused(call.scope(), call.now, tx);
            return Err(invalid("Total size of the entries in the request is over the limit."));
        }
        let mut rules = Rules::default();
        let mut entries = Vec::new();
        for entry in input.entries {
            let trace = entry.trace_header.clone().filter(|_| !Forwarded::is(call));
            entries.push(match Accepted::read(entry, call) {
                Ok(Accepted { bus, event }) => {
                    let chain =
                        Chain { trace: trace.or_else(|| call.chain.trace.clone()), ..call.chain.clone() };
                    rules.receive(&bus, &event, &chain, tx)?;
                    PutEventsResultEntry { event_id: Some(event.id), ..Default::default() }
                }
                Err((code, message)) => PutEventsResultEntry {
                    event_id: None,
                    error_code: Some(code.to_owned()),
                    error_message: Some(message),
                },
            });
        }
        let failed = entries.iter().filter(|entry| entry.error_code.is_some()).count();
        metrics::put_events(call.scope(), (entries.len(), failed, bytes), call.now, tx);
        Ok(PutEventsOutput { failed_entry_count: i32::try_from(failed).ok(), entries: Some(entries) })
    }
}

/// As AWS counts: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-calculating-event-entry-size>
fn size(entry: &PutEventsRequestEntry) -> usize {
    let texts = [&entry.source, &entry.detail_type, &entry.detail];
    let texts: usize = texts.into_iter().flatten().map(String::len).sum();
    let resources: usize = entry.resources.iter().flatten().map(String::len).sum();
    texts + resources + if entry.time.is_some() { 14 } else { 0 }
}

/// An entry that is an event.
struct Accepted {
    bus: BusReference,
    event: Event,
}

impl Accepted {
    /// Reads an entry; where it is refused, code and message are its answer and the others go on.
    fn read(entry: PutEventsRequestEntry, call: &Call) -> Result<Self, (&'static str, String)> {
        let required = |name: &str, value: Option<String>| {
            value.filter(|text| !text.is_empty()).ok_or_else(|| {
                let why = format!("Parameter {name} is not valid. Reason: {name} is a required argument.");
                ("InvalidArgument", why)
            })
        };
        let source = required("Source", entry.source)?;
        let detail_type = required("DetailType", entry.detail_type)?;
        let detail = required("Detail", entry.detail)?;
        let forwarded = Forwarded::is(call);
        if source.starts_with("aws.") && !forwarded && !matches!(call.principal, Principal::Service(_)) {
            return Err(("NotAuthorizedForSourceException", "Not authorized for the source.".into()));
        }
        let detail = Document::parse(&detail).ok().filter(|detail| detail.as_object().is_some());
        let detail = detail.ok_or_else(|| ("MalformedDetail", "Detail is malformed.".to_owned()))?;
        let bus = BusReference::read_here(entry.event_bus_name.as_deref(), call)
            .map_err(|error| ("InvalidArgument", wire::ServiceError::into_response(error).message))?;
        let kept = entry.trace_header.as_deref().filter(|_| forwarded).and_then(Forwarded::read);
        let (id, origin) = match kept {
            Some(kept) => (kept.id, kept.origin),
            None => (call.entropy.uuid(), call.scope()),
        };
        let event = Event {
            id,
            detail_type,
            source,
            origin,
            time: entry.time.unwrap_or(call.now),
            resources: entry.resources.unwrap_or_default(),
            detail,
            received: call.now,
            forwarded,
        };
        Ok(Self { bus, event })
    }
}

/// The enabled rules of the buses of a call, each read once.
#[derive(Default)]
struct Rules(BTreeMap<String, Vec<(Rule, Pattern)>>);

impl Rules {
    /// What a bus does with an event. One for a bus that is not there is accepted, as on AWS, and goes nowhere.
    fn receive(
        &mut self,
        bus: &BusReference,
        event: &Event,
        chain: &Chain,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        let arn = bus.arn().to_string();
        if !self.0.contains_key(&arn) {
            self.0.insert(arn.clone(), Self::of(bus, tx)?);
        }
        let document = event.document();
        let rules = self.0.get(&arn).into_iter().flatten();
        let rules = rules.filter(|(rule, pattern)| sees(rule, event) && pattern.matches(&document));
        let matching: Vec<&Rule> = rules.map(|(rule, _)| rule).collect();
        metrics::matched(bus.scope, &bus.name, matching.iter().copied(), event.received, tx);
        for rule in matching {
            delivery::enqueue(rule, event, event.received, chain, tx)?;
        }
        Ok(())
    }

    fn of(bus: &BusReference, view: &View) -> Result<Vec<(Rule, Pattern)>, Error> {
        let mut rules = Vec::new();
        if EventBus::get(view, bus.scope, &bus.name)?.is_none() {
            return Ok(rules);
        }
        for rule in Rule::of_bus(view, bus.scope, &bus.name)?.into_iter().filter(Rule::is_enabled) {
            let Some(text) = &rule.pattern else { continue };
            // What was stored could be read then. One that cannot matches nothing.
            match pattern::read(text) {
                Ok(pattern) => rules.push((rule, pattern)),
                Err(error) => {
                    tracing::error!(rule = %rule.arn(), %error, "a stored event pattern cannot be read: its rule gets nothing");
                }
            }
        }
        Ok(rules)
    }
}

/// Calls that only read are seen by rules that ask for all management events
/// (<https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html>).
fn sees(rule: &Rule, event: &Event) -> bool {
    let reads = event.detail_type == "AWS API Call via CloudTrail"
        && event.source.starts_with("aws.")
        && event.detail.get("readOnly").and_then(Document::as_bool) == Some(true)
        && event.detail.get("managementEvent").and_then(Document::as_bool) != Some(false);
    !reads || rule.state == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
}

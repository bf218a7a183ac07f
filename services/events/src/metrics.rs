//! The metrics of buses and rules, as CloudWatch has them in `AWS/Events` (<https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html>).
//!
//! A delivery is measured in the transaction that ends its try, so once. No rule is throttled, so there is no `ThrottledRules`.

use crate::state::{DEFAULT, Rule};
use contract::Effect;
use names::{Arn, Scope, Timestamp};
use store::{Measurement, Tx, whole};

const NAMESPACE: &str = "AWS/Events";

/// Of what a metric is kept: the page's column of dimensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// Everything in the account and region.
    None,
    EventBusName,
    /// With the bus's name, where that is not the default one.
    RuleName,
}

/// A metric: its name, its unit, and by what it is kept.
#[derive(Debug, Clone, Copy)]
struct Metric(&'static str, &'static str, &'static [By]);

const EACH: &[By] = &[By::None, By::EventBusName, By::RuleName];
const MATCHED_EVENTS: Metric = Metric("MatchedEvents", "Count", &[By::RuleName]);
const TRIGGERED_RULES: Metric = Metric("TriggeredRules", "Count", EACH);
const INVOCATIONS_CREATED: Metric = Metric("InvocationsCreated", "Count", &[By::None]);
const INVOCATION_ATTEMPTS: Metric = Metric("InvocationAttempts", "Count", EACH);
const RETRY_ATTEMPTS: Metric = Metric("RetryInvocationAttempts", "Count", EACH);
const SUCCESSFUL_ATTEMPTS: Metric = Metric("SuccessfulInvocationAttempts", "Count", EACH);
const INVOCATIONS: Metric = Metric("Invocations", "Count", &[By::None, By::RuleName]);
const FAILED_INVOCATIONS: Metric = Metric("FailedInvocations", "Count", &[By::RuleName]);
const SENT_TO_DLQ: Metric = Metric("InvocationsSentToDlq", "Count", &[By::RuleName]);
const NOT_SENT_TO_DLQ: Metric = Metric("InvocationsFailedToBeSentToDlq", "Count", &[By::RuleName]);
const START_LATENCY: Metric = Metric("IngestionToInvocationStartLatency", "Milliseconds", EACH);
const COMPLETE_LATENCY: Metric = Metric("IngestionToInvocationCompleteLatency", "Milliseconds", EACH);
const SUCCESS_LATENCY: Metric = Metric("IngestionToInvocationSuccessLatency", "Milliseconds", EACH);

/// The rule that something is measured of.
#[derive(Debug, Clone)]
struct Whose {
    scope: Scope,
    bus: String,
    rule: String,
}

impl Whose {
    fn of(rule: &Rule) -> Self {
        Self { scope: rule.scope, bus: rule.bus.clone(), rule: rule.name.clone() }
    }

    fn of_arn(scope: Scope, rule: &Arn) -> Self {
        let (bus, rule) = Rule::place(&rule.resource).unwrap_or((DEFAULT, &rule.resource));
        Self { scope, bus: bus.to_owned(), rule: rule.to_owned() }
    }

    fn measure(&self, metric: Metric, value: f64, at: Timestamp, tx: &mut Tx) {
        let Metric(name, unit, by) = metric;
        for by in by {
            tx.measure(|| {
                let measurement = Measurement::new(self.scope, at, NAMESPACE, name, value).unit(unit);
                match by {
                    By::None => measurement,
                    By::EventBusName => measurement.dimension("EventBusName", &*self.bus),
                    By::RuleName if self.bus == DEFAULT => measurement.dimension("RuleName", &*self.rule),
                    By::RuleName => {
                        measurement.dimension("RuleName", &*self.rule).dimension("EventBusName", &*self.bus)
                    }
                }
            });
        }
    }
}

/// An event that matched rules of a bus: by pattern, or since their time has come.
pub(crate) fn matched<'a>(
    scope: Scope,
    bus: &str,
    rules: impl Iterator<Item = &'a Rule>,
    now: Timestamp,
    tx: &mut Tx,
) {
    if !tx.is_measured() {
        return;
    }
    let mut any = false;
    for rule in rules {
        any = true;
        let whose = Whose::of(rule);
        whose.measure(MATCHED_EVENTS, 1.0, now, tx);
        whose.measure(TRIGGERED_RULES, 1.0, now, tx);
        for _ in &rule.targets {
            whose.measure(INVOCATIONS_CREATED, 1.0, now, tx);
        }
    }
    if any {
        // Of a bus it is the events that count, however many rules they match.
        let Metric(name, unit, _) = MATCHED_EVENTS;
        tx.measure(|| {
            Measurement::new(scope, now, NAMESPACE, name, 1.0).unit(unit).dimension("EventBusName", bus)
        });
    }
}

/// What came of a try to invoke a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tried {
    Succeeded,
    /// It will be tried again.
    Again,
    /// For good.
    Failed,
}

/// One try to invoke a target.
#[derive(Debug, Clone)]
pub(crate) struct Try {
    whose: Whose,
    is_first: bool,
    received: Timestamp,
    begun: Timestamp,
    ended: Timestamp,
}

impl Try {
    /// A try that begins now, after so many others.
    pub(crate) fn begin(scope: Scope, rule: &Arn, others: u32, received: Timestamp, now: Timestamp) -> Self {
        Self { whose: Whose::of_arn(scope, rule), is_first: others == 0, received, begun: now, ended: now }
    }

    /// It ended.
    pub(crate) fn end(&mut self, now: Timestamp) {
        self.ended = now;
    }

    /// Measures it.
    pub(crate) fn measure(&self, what: Tried, tx: &mut Tx) {
        let latency = |until: Timestamp| whole(until.since(self.received).as_millis());
        let mut measure = |metric, value| self.whose.measure(metric, value, self.ended, tx);
        measure(INVOCATION_ATTEMPTS, 1.0);
        if self.is_first {
            measure(START_LATENCY, latency(self.begun));
            measure(COMPLETE_LATENCY, latency(self.ended));
        } else {
            measure(RETRY_ATTEMPTS, 1.0);
        }
        match what {
            Tried::Succeeded => {
                measure(SUCCESSFUL_ATTEMPTS, 1.0);
                measure(SUCCESS_LATENCY, latency(self.ended));
                measure(INVOCATIONS, 1.0);
            }
            Tried::Again => {}
            Tried::Failed => {
                measure(INVOCATIONS, 1.0);
                measure(FAILED_INVOCATIONS, 1.0);
            }
        }
    }

    /// The effect that measures it.
    pub(crate) fn effect(self, what: Tried) -> Effect {
        Box::new(move |_, tx| {
            self.measure(what, tx);
            Ok(())
        })
    }
}

/// The effect that counts an event that was given up: whether its dead-letter queue has it.
pub(crate) fn given_up(scope: Scope, rule: &Arn, is_there: bool) -> Effect {
    let whose = Whose::of_arn(scope, rule);
    let metric = if is_there { SENT_TO_DLQ } else { NOT_SENT_TO_DLQ };
    Box::new(move |call, tx| {
        whose.measure(metric, 1.0, call.now, tx);
        Ok(())
    })
}

/// A call of PutEvents: its entries, those of them that are no events, and its size in bytes.
pub(crate) fn put_events(
    scope: Scope,
    (entries, failed, bytes): (usize, usize, usize),
    now: Timestamp,
    tx: &mut Tx,
) {
    for (name, unit, value) in [
        ("PutEventsApproximateCallCount", "Count", 1.0),
        ("PutEventsApproximateSuccessCount", "Count", 1.0),
        ("PutEventsEntriesCount", "Count", whole(entries)),
        ("PutEventsFailedEntriesCount", "Count", whole(failed)),
        ("PutEventsRequestSize", "Bytes", whole(bytes)),
    ] {
        tx.measure(|| Measurement::new(scope, now, NAMESPACE, name, value).unit(unit));
    }
}

/// A call of PutEvents that is refused as a whole.
pub(crate) fn put_events_refused(scope: Scope, now: Timestamp, tx: &mut Tx) {
    for name in ["PutEventsApproximateCallCount", "PutEventsApproximateFailedCount"] {
        tx.measure_refusal(|| Measurement::new(scope, now, NAMESPACE, name, 1.0).unit("Count"));
    }
}

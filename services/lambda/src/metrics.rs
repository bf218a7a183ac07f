//! The metrics of functions, as CloudWatch has them in `AWS/Lambda` (<https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html>;
//! by what they are kept: <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html>).
//!
//! Each is kept of all functions, of the function, and of what was asked for (`Resource`: the function's name, with the qualifier where one was
//! given); what an alias runs also of the version that it chose (`ExecutedVersion`). As on AWS an invocation that went well measures zero errors and
//! throttles, so that the average of `Errors` is the error rate.

use crate::execution::Work;
use crate::reference::{FunctionReference, LATEST};
use names::{Scope, Timestamp};
use std::time::Duration;
use store::{Measurement, Store, Tx, whole};

const COUNT: &str = "Count";
const MILLISECONDS: &str = "Milliseconds";

fn measured(scope: Scope, at: Timestamp, name: &'static str, unit: &'static str, value: f64) -> Measurement {
    Measurement::new(scope, at, "AWS/Lambda", name, value).unit(unit)
}

/// The function that something is measured of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Measured {
    scope: Scope,
    function: String,
    /// `NAME` or `NAME:QUALIFIER`; None where it is not known by what name the function was asked for.
    resource: Option<String>,
    /// The version that an alias chose.
    executed_version: Option<String>,
}

impl Measured {
    /// A function, however it was asked for.
    pub(crate) fn function(scope: Scope, name: &str) -> Self {
        Self { scope, function: name.to_owned(), resource: None, executed_version: None }
    }

    /// What a caller named.
    pub(crate) fn reference(reference: &FunctionReference) -> Self {
        let FunctionReference { name, qualifier, .. } = reference;
        let resource =
            qualifier.as_ref().map_or_else(|| name.clone(), |qualifier| format!("{name}:{qualifier}"));
        Self { resource: Some(resource), ..Self::function(reference.scope, name) }
    }

    /// What a piece of work runs.
    pub(crate) fn work(work: &Work) -> Self {
        let resource = work.invoked_arn.split_once(":function:").map(|(_, resource)| resource);
        let qualifier =
            resource.and_then(|resource| resource.split_once(':')).map(|(_, qualifier)| qualifier);
        let is_alias =
            qualifier.is_some_and(|it| it != LATEST && !it.bytes().all(|byte| byte.is_ascii_digit()));
        Self {
            resource: resource.map(str::to_owned),
            executed_version: is_alias.then(|| work.version.clone()),
            ..Self::function(work.function.scope, &work.function.name)
        }
    }

    /// A value of each of its series.
    fn each(&self, name: &'static str, unit: &'static str, value: f64, at: Timestamp) -> Vec<Measurement> {
        let all = measured(self.scope, at, name, unit, value);
        let own = all.clone().dimension("FunctionName", &*self.function);
        let asked = self.resource.as_ref().map(|resource| own.clone().dimension("Resource", &**resource));
        let chosen = asked.clone().zip(self.executed_version.as_ref());
        let chosen = chosen.map(|(asked, version)| asked.dimension("ExecutedVersion", &**version));
        [Some(all), Some(own), asked, chosen].into_iter().flatten().collect()
    }

    fn measure(&self, name: &'static str, unit: &'static str, value: f64, at: Timestamp, store: &Store) {
        if store.is_measured() {
            self.each(name, unit, value, at).into_iter().for_each(|measurement| store.measure(measurement));
        }
    }

    /// An invocation that began at a moment, and what came of it.
    pub(crate) fn invoked(&self, outcome: &sandbox::Outcome, began: Timestamp, store: &Store) {
        let failed = outcome.result.error_type().is_some();
        self.measure("Invocations", COUNT, 1.0, began, store);
        self.measure("Errors", COUNT, if failed { 1.0 } else { 0.0 }, began, store);
        self.measure("Throttles", COUNT, 0.0, began, store);
        let milliseconds = whole(outcome.duration.as_micros()) / 1000.0;
        self.measure("Duration", MILLISECONDS, milliseconds, began, store);
    }

    /// A request that concurrency did not let in.
    pub(crate) fn throttled(&self, now: Timestamp, store: &Store) {
        self.measure("Throttles", COUNT, 1.0, now, store);
    }

    /// A request that was stopped since it came through a loop.
    pub(crate) fn stopped(&self, now: Timestamp, store: &Store) {
        self.measure("RecursiveInvocationsDropped", COUNT, 1.0, now, store);
    }

    /// An event that was taken into the queue.
    pub(crate) fn event_received(&self, now: Timestamp, tx: &mut Tx) {
        self.measure_in(tx, "AsyncEventsReceived", now);
    }

    /// An event that is given up.
    pub(crate) fn event_dropped(&self, now: Timestamp, tx: &mut Tx) {
        self.measure_in(tx, "AsyncEventsDropped", now);
    }

    fn measure_in(&self, tx: &mut Tx, name: &'static str, now: Timestamp) {
        if tx.is_measured() {
            self.each(name, COUNT, 1.0, now).into_iter().for_each(|measurement| tx.measure(|| measurement));
        }
    }

    /// How long an event had waited when the function got it.
    pub(crate) fn event_age(&self, age: Duration, now: Timestamp, store: &Store) {
        self.measure("AsyncEventAge", MILLISECONDS, whole(age.as_millis()), now, store);
    }

    /// How old the last record of a batch was when the function got it.
    pub(crate) fn iterator_age(&self, age: Duration, now: Timestamp, store: &Store) {
        self.measure("IteratorAge", MILLISECONDS, whole(age.as_millis()), now, store);
    }

    /// A try to tell of an event that failed: its dead-letter queue or topic, or a destination.
    pub(crate) fn not_told(&self, is_dead_letter: bool, now: Timestamp, tx: &mut Tx) {
        let name = if is_dead_letter { "DeadLetterErrors" } else { "DestinationDeliveryFailures" };
        self.measure_in(tx, name, now);
    }
}

/// How many executions run: of a function, of its account in a region, and of those that share what is not reserved, where it is one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Running {
    pub(crate) function: i32,
    pub(crate) all: i32,
    pub(crate) unreserved: Option<i32>,
}

/// Concurrency, each time that one more execution runs.
pub(crate) fn concurrency(scope: Scope, function: &str, running: Running, now: Timestamp, store: &Store) {
    if !store.is_measured() {
        return;
    }
    let value = |name, count| measured(scope, now, name, COUNT, whole(count));
    store.measure(value("ConcurrentExecutions", running.all));
    store.measure(value("ConcurrentExecutions", running.function).dimension("FunctionName", function));
    if let Some(unreserved) = running.unreserved {
        store.measure(value("UnreservedConcurrentExecutions", unreserved));
    }
}

//! Change feed, recorder, item, rule selection, evaluation, result, compliance change, notification.

pub(crate) mod baseline;
mod canonical;
mod daily;
pub(crate) mod deletion;
pub(crate) mod deliver;
mod diff;
pub(crate) mod evaluate;
mod event;
mod event_bridge;
pub(crate) mod fan;
pub(crate) mod history;
pub(crate) mod invoke;
pub(crate) mod item;
mod judge;
pub(crate) mod notify;
mod record;
pub(crate) mod recorder;
pub(crate) mod results;
pub(crate) mod retention;
pub(crate) mod schedule;
mod select;
mod settle;
pub(crate) mod snapshot;
mod sweep;
pub(crate) mod task;

use contract::Registration;

/// Adds the engine's subscriber and tasks.
pub(crate) fn register(registration: Registration) -> Registration {
    registration
        .subscriber(recorder::FeedRecorder)
        .task(baseline::Baseline)
        .task(daily::Daily)
        .task(settle::Settle)
        .task(evaluate::Evaluate)
        .task(fan::EvaluateRule)
        .task(schedule::Schedule)
        .task(deliver::Notify)
        .task(event_bridge::Forward)
        .task(snapshot::Snapshot)
        .task(snapshot::SnapshotSchedule)
        .task(history::History)
        .task(retention::Prune)
        .task(deletion::Delete)
}

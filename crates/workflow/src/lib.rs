//! Durable work: what was enqueued in a transaction is carried out when it is due, also after `kill -9`.
//!
//! What it is: [`start`], which carries out [`contract::Task`]s, gives the change feed to [`contract::Subscriber`]s, and removes the blobs
//! that no service refers to and the changes that all have passed.
//! What it is not: it knows no kind of work, and keeps no state that a restart would miss.

mod collection;
mod subscribers;
mod tasks;

use contract::{Context, LiveBlobs, Registration, Subscriber, TaskHandler};
use std::sync::Arc;
use tokio::task::JoinSet;

/// What there is to be done beside calls.
#[derive(Clone, Default)]
pub struct Work {
    tasks: Vec<Arc<dyn TaskHandler>>,
    subscribers: Vec<Arc<dyn Subscriber>>,
    live_blobs: Vec<LiveBlobs>,
}

impl Work {
    /// The work of services: of all that share a store and its blobs, since what none of them refers to is removed.
    #[must_use]
    pub fn of(registrations: &[Registration]) -> Self {
        let mut work = Self::default();
        for registration in registrations {
            work.tasks.extend(registration.tasks.iter().cloned());
            work.subscribers.extend(registration.subscribers.iter().cloned());
            work.live_blobs.extend(registration.live_blobs);
        }
        work
    }
}

/// Running work; dropping it stops all of it between two awaits.
pub struct Running {
    #[expect(dead_code, reason = "held: dropping the set aborts its tasks")]
    running: JoinSet<()>,
}

/// Starts the work. Called before calls are served: what is removed at first is judged by what the rows are now.
#[must_use]
pub fn start(context: &Context, work: Work) -> Running {
    let Work { tasks, subscribers, live_blobs } = work;
    let mut running = JoinSet::new();
    running.spawn(collection::collect_hourly(live_blobs, context.store.view(), context.clone()));
    let names = subscribers.iter().map(|subscriber| subscriber.name()).collect();
    running.spawn(subscribers::trim_hourly(names, context.clone()));
    for subscriber in subscribers {
        running.spawn(subscribers::follow(subscriber, context.clone()));
    }
    for handler in &tasks {
        let (handler, context) = (Arc::clone(handler), context.clone());
        running.spawn(async move { handler.attend(&context).await });
    }
    running.spawn(tasks::carry_out(tasks, context.clone()));
    Running { running }
}

//! Durable work: what was enqueued in a transaction is carried out when it is due, also after `kill -9`.
//!
//! What it is: [`start`], which carries out [`contract::Task`]s and gives the change feed to [`contract::Subscriber`]s.
//! What it is not: it knows no kind of work, and keeps no state that a restart would miss.

mod subscribers;
mod tasks;

use contract::{Context, Subscriber, TaskHandler};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Running work; dropping it stops all of it between two awaits.
pub struct Running {
    #[expect(dead_code, reason = "held: dropping the set aborts its tasks")]
    running: JoinSet<()>,
}

/// Starts carrying out tasks and giving the feed to subscribers.
#[must_use]
pub fn start(
    context: &Context,
    handlers: Vec<Arc<dyn TaskHandler>>,
    subscribers: Vec<Arc<dyn Subscriber>>,
) -> Running {
    let mut running = JoinSet::new();
    for subscriber in subscribers {
        running.spawn(subscribers::follow(subscriber, context.clone()));
    }
    for handler in &handlers {
        let (handler, context) = (Arc::clone(handler), context.clone());
        running.spawn(async move { handler.attend(&context).await });
    }
    running.spawn(tasks::carry_out(handlers, context.clone()));
    Running { running }
}

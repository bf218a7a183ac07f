//! Subscribers: each follows the feed at its own pace. What all of them have passed is removed from it once an hour.

use contract::{Context, Subscriber};
use std::sync::Arc;
use std::time::Duration;

/// How often the feed is looked at although nothing woke us.
const SLOW_TIMER: Duration = Duration::from_secs(60);
/// How many changes make a batch.
const AT_ONCE: usize = 256;
/// How long a subscriber waits after a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Changes that stay although all have passed them, for a subscriber that a later version adds.
const KEPT: usize = 10_000;
const HOUR: Duration = Duration::from_secs(3600);

/// Removes what all subscribers have passed, once an hour, until it is dropped.
pub(crate) async fn trim_hourly(subscribers: Vec<&'static str>, context: Context) {
    loop {
        context.clock.sleep_until(context.clock.now().plus(HOUR)).await;
        let (store, names) = (context.store.clone(), subscribers.clone());
        let trimmed = tokio::task::spawn_blocking(move || {
            // One that has taken nothing yet has passed nothing.
            for name in names {
                store.ensure_cursor(name, false)?;
            }
            store.trim(KEPT)
        });
        match trimmed.await {
            Ok(Ok(0)) => {}
            Ok(Ok(changes)) => tracing::info!(changes, "removed changes that all subscribers have passed"),
            Ok(Err(error)) => {
                tracing::error!(%error, "the change feed cannot be trimmed; trying again in an hour");
            }
            Err(error) => {
                tracing::error!(%error, "trimming the change feed broke off; trying again in an hour");
            }
        }
    }
}

/// Gives the feed to a subscriber until it is dropped.
pub(crate) async fn follow(subscriber: Arc<dyn Subscriber>, context: Context) {
    let mut woken = context.store.subscribe_notify();
    loop {
        woken.mark_unchanged();
        let taken = context
            .store
            .apply_from_feed_async(subscriber.name(), AT_ONCE, |changes, tx| {
                subscriber.take(changes, &context, tx)
            })
            .await;
        let wait = match taken {
            // There may be more.
            Ok(taken) if taken > 0 => continue,
            Ok(_) => SLOW_TIMER,
            Err(error) => {
                tracing::error!(subscriber = subscriber.name(), %error, "a subscriber failed; it will be given the same changes again");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            _ = woken.changed() => {}
            () = context.clock.sleep_until(context.clock.now().plus(wait)) => {}
        }
    }
}

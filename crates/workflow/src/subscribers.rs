//! Subscribers: each follows the feed at its own pace.

use contract::{Context, Subscriber};
use std::sync::Arc;
use std::time::Duration;

/// How often the feed is looked at although nothing woke us.
const SLOW_TIMER: Duration = Duration::from_secs(60);
/// How many changes make a batch.
const AT_ONCE: usize = 256;
/// How long a subscriber waits after a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

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

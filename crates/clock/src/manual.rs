use crate::Clock;
use names::Timestamp;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use tokio::sync::watch;

/// A clock that stands still until a test moves it.
#[derive(Debug, Clone)]
pub struct ManualClock {
    now: watch::Sender<Timestamp>,
    start: Timestamp,
}

impl ManualClock {
    /// A clock that stands at a moment.
    #[must_use]
    pub fn at(moment: Timestamp) -> Self {
        Self { now: watch::Sender::new(moment), start: moment }
    }

    /// Moves it forward; whoever slept until a moment that is now past wakes up.
    pub fn advance(&self, by: Duration) {
        self.now.send_modify(|now| *now = now.plus(by));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    fn sleep_until(&self, moment: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let mut watcher = self.now.subscribe();
        Box::pin(async move {
            // The sender lives in `self`, which outlives this future: the wait cannot fail.
            let _ = watcher.wait_for(|now| *now >= moment).await;
        })
    }

    fn monotonic(&self) -> Duration {
        self.now().since(self.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn wakes_sleepers_when_moved() {
        let clock = ManualClock::at(Timestamp::from_seconds(100));
        let sleeper = clock.clone();
        let woken = tokio::spawn(async move {
            sleeper.sleep_until(Timestamp::from_seconds(160)).await;
            sleeper.now()
        });
        clock.advance(Duration::from_secs(59));
        tokio::task::yield_now().await;
        assert!(!woken.is_finished());
        clock.advance(Duration::from_secs(1));
        assert_eq!(woken.await.unwrap(), Timestamp::from_seconds(160));
    }
}

//! How many batches of a queue are under way at once.

use names::Timestamp;
use parking_lot::Mutex;
use std::time::Duration;

/// On AWS: five at first, then up to 300 more a minute.
const FIRST: usize = 5;
const STEP: usize = 5;
const EVERY: Duration = Duration::from_secs(1);

/// Grows while there is a backlog, shrinks when the function is throttled.
pub(super) struct Scale {
    state: Mutex<State>,
}

struct State {
    limit: usize,
    grown: Timestamp,
}

impl Scale {
    pub(super) fn new(now: Timestamp) -> Self {
        Self { state: Mutex::new(State { limit: FIRST, grown: now }) }
    }

    /// How many may be under way; `most` is what is configured.
    pub(super) fn limit(&self, most: usize) -> usize {
        self.state.lock().limit.min(most).max(1)
    }

    /// There is more to do than is allowed.
    pub(super) fn backlog(&self, now: Timestamp, most: usize) {
        let mut state = self.state.lock();
        if now >= state.grown.plus(EVERY) && state.limit < most {
            state.limit += STEP;
            state.grown = now;
        }
    }

    /// The function did not take a batch.
    pub(super) fn throttled(&self, now: Timestamp) {
        let mut state = self.state.lock();
        state.limit = (state.limit / 2).max(1);
        state.grown = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_each_second_and_halves_when_throttled() {
        let start = Timestamp::from_seconds(100);
        let scale = Scale::new(start);
        assert_eq!((scale.limit(50), scale.limit(2)), (5, 2));
        scale.backlog(start, 50);
        assert_eq!(scale.limit(50), 5);
        scale.backlog(start.plus(EVERY), 50);
        assert_eq!(scale.limit(50), 10);
        for _ in 0..5 {
            scale.throttled(start.plus(EVERY));
        }
        assert_eq!(scale.limit(50), 1);
    }
}

//! How often somebody may fail to sign in.

use names::Timestamp;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::time::Duration;

const FAILURES: usize = 10;
const WINDOW: Duration = Duration::from_secs(5 * 60);
/// As many names are remembered; of more, those are forgotten that were tried least often, and of these the one that was tried longest ago:
/// whoever guesses at one name does not make it forgotten by trying many others.
const NAMES: usize = 4096;

/// The attempts of the last five minutes that have not succeeded, by account and user. In memory: a restart takes longer than it is worth.
#[derive(Default)]
pub(super) struct Throttle(Mutex<HashMap<String, Vec<Timestamp>>>);

impl Throttle {
    /// Counts an attempt as failed until it [has succeeded](Self::succeeded), so that many at once count too. Says whether it may be made.
    pub(super) fn begins(&self, attempt: &str, now: Timestamp) -> bool {
        let mut attempts = self.0.lock();
        let is_recent = |at: &Timestamp| at.plus(WINDOW) > now;
        if !attempts.contains_key(attempt) && attempts.len() >= NAMES {
            attempts.retain(|_, times| times.last().is_some_and(is_recent));
            while attempts.len() >= NAMES {
                let oldest = attempts.iter().min_by_key(|(_, times)| (times.len(), times.last().copied()));
                let Some(oldest) = oldest.map(|(name, _)| name.clone()) else { break };
                attempts.remove(&oldest);
            }
        }
        let times = attempts.entry(attempt.to_owned()).or_default();
        times.retain(is_recent);
        let may = times.len() < FAILURES;
        if may {
            times.push(now);
        }
        may
    }

    /// It was who it said it was.
    pub(super) fn succeeded(&self, attempt: &str) {
        self.0.lock().remove(attempt);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn ten_failures_in_five_minutes() {
        let throttle = Throttle::default();
        for second in 0..10 {
            assert!(throttle.begins("ann", at(second)));
        }
        assert!(!throttle.begins("ann", at(299)));
        assert!(throttle.begins("bob", at(299)), "others are not hindered");
        assert!(throttle.begins("ann", at(300)), "the first is five minutes ago");
        assert!(!throttle.begins("ann", at(300)));
        throttle.succeeded("ann");
        assert!(throttle.begins("ann", at(300)));
    }

    #[test]
    fn names_are_bounded() {
        let throttle = Throttle::default();
        for number in 0..NAMES + 5 {
            assert!(throttle.begins(&number.to_string(), at(i64::try_from(number).unwrap() / 100)));
        }
        assert_eq!(throttle.0.lock().len(), NAMES);
    }

    #[test]
    fn who_is_throttled_is_not_forgotten_for_the_sake_of_others() {
        let throttle = Throttle::default();
        for _ in 0..FAILURES {
            assert!(throttle.begins("ann", at(0)));
        }
        for number in 0..NAMES + 10 {
            throttle.begins(&number.to_string(), at(1));
        }
        assert!(!throttle.begins("ann", at(2)));
    }
}

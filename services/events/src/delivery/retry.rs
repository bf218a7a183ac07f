//! When a delivery is tried again: by default up to 185 times in 24 hours, with exponential backoff. AWS adds a random delay; here a test
//! can tell when.

use crate::state::Retries;
use names::Timestamp;
use std::time::Duration;

const ATTEMPTS: u32 = 185;
const AGE: Duration = Duration::from_secs(24 * 60 * 60);
/// The longest time between two tries, in seconds: nine minutes spread 185 tries over 24 hours.
const LONGEST: u64 = 512;

/// When to try again after `attempt` tries before this one failed too; else the limit that was reached.
pub(super) fn next(
    policy: Option<Retries>,
    attempt: u32,
    received: Timestamp,
    now: Timestamp,
) -> Result<Timestamp, Option<&'static str>> {
    let attempts = policy.and_then(|policy| policy.attempts).and_then(|count| u32::try_from(count).ok());
    let age = policy.and_then(|policy| policy.age).and_then(|age| u64::try_from(age).ok());
    if attempt >= attempts.unwrap_or(ATTEMPTS) {
        return Err(Some("MaximumRetryAttempts"));
    }
    let delay = 1_u64.checked_shl(attempt).unwrap_or(LONGEST).clamp(1, LONGEST);
    let next = now.plus(Duration::from_secs(delay));
    if next.since(received) > age.map_or(AGE, Duration::from_secs) {
        return Err(Some("MaximumEventAgeInSeconds"));
    }
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(policy: Option<Retries>) -> (u32, i64, &'static str) {
        let begun = Timestamp::from_seconds(0);
        let (mut attempt, mut now) = (0, begun);
        loop {
            match next(policy, attempt, begun, now) {
                Ok(moment) => (attempt, now) = (attempt + 1, moment),
                Err(limit) => return (attempt, now.seconds(), limit.unwrap()),
            }
        }
    }

    #[test]
    fn tries_end_by_number_or_by_age() {
        let (attempts, seconds, limit) = count(None);
        assert!((170..=185).contains(&attempts), "{attempts}");
        assert!((80_000..=86_400).contains(&seconds), "{seconds}");
        assert_eq!(limit, "MaximumEventAgeInSeconds");
        let of = |attempts, age| count(Some(Retries { attempts, age }));
        assert_eq!(of(Some(2), None), (2, 3, "MaximumRetryAttempts"));
        assert_eq!(of(Some(0), None), (0, 0, "MaximumRetryAttempts"));
        assert_eq!(of(None, Some(60)), (5, 31, "MaximumEventAgeInSeconds"));
    }
}

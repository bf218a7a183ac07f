use super::Candidates;
use names::Timestamp;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::time::Duration;

/// A message that is put in stands at its moment or later, but its commit may come a little after that: so near to now nothing is known.
const COMMIT: Duration = Duration::from_secs(1);
/// How often all of a queue is looked at all the same, for commits that took longer and clocks that were set.
const ALL: Duration = Duration::from_secs(5);
/// Queues that are remembered; with more, all are forgotten, and looked at whole when they are next asked of.
const QUEUES: usize = 10_000;

/// How far standard queues are worked off, by mailbox. What was received leaves gaps at the front, and in a store of sorted files a gap is not
/// free: each is walked over until the files are merged. So receivers begin where the last one found the first message.
#[derive(Debug, Default)]
pub(crate) struct Worked(Mutex<HashMap<String, Until>>);

#[derive(Debug, Clone, Copy)]
struct Until {
    moment: Timestamp,
    /// When all of the queue was last looked at.
    all: Timestamp,
}

impl Worked {
    /// From where a receiver has to look.
    pub(crate) fn from(&self, mailbox: &str, now: Timestamp) -> Timestamp {
        match self.0.lock().get(mailbox) {
            Some(until) if until.all <= now && now.since(until.all) < ALL => until.moment,
            _ => Timestamp::from_millis(0),
        }
    }

    /// What a look from that moment on found.
    pub(crate) fn note(&self, mailbox: &str, from: Timestamp, now: Timestamp, found: &Candidates) {
        let certain = now.minus(COMMIT);
        let moment = found.first().map_or(certain, |first| first.min(certain));
        let mut worked = self.0.lock();
        if worked.len() >= QUEUES {
            worked.clear();
        }
        let all = if from == Timestamp::from_millis(0) {
            now
        } else {
            worked.get(mailbox).map_or(now, |it| it.all)
        };
        worked.insert(mailbox.to_owned(), Until { moment, all });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_seconds(second)
    }

    fn next(moment: Timestamp) -> Candidates {
        Candidates { next: Some(moment), ..Candidates::default() }
    }

    #[test]
    fn a_queue_is_looked_at_from_its_first_message_and_now_and_then_whole() {
        let worked = Worked::default();
        let all = Timestamp::from_millis(0);
        assert_eq!(worked.from("orders", second(100)), all);
        worked.note("orders", all, second(100), &next(second(130)));
        assert_eq!(
            worked.from("orders", second(101)),
            second(99),
            "what is being committed may stand earlier"
        );
        worked.note("orders", second(99), second(101), &next(second(98)));
        assert_eq!(worked.from("orders", second(102)), second(98), "a message that stands there already");
        assert_eq!(worked.from("letters", second(102)), all);
        assert_eq!(worked.from("orders", second(105)), all, "five seconds after the whole was looked at");
        assert_eq!(worked.from("orders", second(90)), all, "the clock was set back");
    }
}

use crate::StoreError;
use bytes::Bytes;
use std::collections::{HashSet, VecDeque};

/// Recent commits that are remembered. A transaction that is older than these is run again, and at last under the commit lock, so a
/// small number costs time and never correctness.
const COMMITS: usize = 2048;
const KEYS: usize = 32_768;

/// What a transaction has looked at.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    points: HashSet<Bytes>,
    /// From (included) and to (excluded).
    ranges: Vec<(Bytes, Bytes)>,
}

impl Reads {
    pub(crate) fn point(&mut self, key: Bytes) {
        self.points.insert(key);
    }

    pub(crate) fn range(&mut self, lower: Bytes, upper: Bytes) {
        if lower < upper && !self.ranges.iter().any(|(low, high)| *low <= lower && upper <= *high) {
            self.ranges.push((lower, upper));
        }
    }

    fn hit(&self, key: &Bytes) -> bool {
        self.points.contains(key) || self.ranges.iter().any(|(low, high)| low <= key && key < high)
    }
}

/// The keys that recent commits wrote.
#[derive(Debug)]
pub(crate) struct Recent {
    commits: VecDeque<(u64, Vec<Bytes>)>,
    keys: usize,
    /// All commits after this one are remembered.
    since: u64,
}

impl Recent {
    /// Remembers the commits after a sequence number.
    pub(crate) fn after(sequence: u64) -> Self {
        Self { commits: VecDeque::new(), keys: 0, since: sequence }
    }

    pub(crate) fn push(&mut self, sequence: u64, written: Vec<Bytes>) {
        self.keys = self.keys.saturating_add(written.len());
        self.commits.push_back((sequence, written));
        while self.commits.len() > COMMITS || (self.keys > KEYS && self.commits.len() > 1) {
            let Some((sequence, written)) = self.commits.pop_front() else { return };
            self.keys = self.keys.saturating_sub(written.len());
            self.since = sequence;
        }
    }

    /// Whether what a transaction saw at a sequence number is still so.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where a later commit wrote into it, or where that is no longer known.
    pub(crate) fn check(&self, seen_at: u64, reads: &Reads) -> Result<(), StoreError> {
        if seen_at < self.since {
            return Err(StoreError::Conflict);
        }
        let later = self.commits.iter().rev().take_while(|(sequence, _)| *sequence > seen_at);
        for (_, written) in later {
            if written.iter().any(|key| reads.hit(key)) {
                return Err(StoreError::Conflict);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Bytes {
        Bytes::copy_from_slice(text.as_bytes())
    }

    #[test]
    fn points_and_ranges_conflict_with_later_writes_only() {
        let mut recent = Recent::after(10);
        recent.push(11, vec![key("b")]);
        recent.push(12, vec![key("m")]);
        let mut reads = Reads::default();
        reads.point(key("b"));
        assert!(recent.check(11, &reads).is_ok());
        assert!(recent.check(10, &reads).is_err());
        reads.range(key("k"), key("m"));
        assert!(recent.check(11, &reads).is_ok(), "the end of a range is not in it");
        reads.range(key("k"), key("n"));
        assert!(recent.check(11, &reads).is_err());
        assert!(recent.check(12, &reads).is_ok());
        assert!(recent.check(9, &Reads::default()).is_err(), "older than what is remembered");
    }

    #[test]
    fn what_is_forgotten_conflicts() {
        let mut recent = Recent::after(0);
        for sequence in 1..=u64::try_from(COMMITS).unwrap() + 5 {
            recent.push(sequence, vec![key("x")]);
        }
        assert_eq!(recent.commits.len(), COMMITS);
        assert!(recent.check(4, &Reads::default()).is_err());
        assert!(recent.check(5, &Reads::default()).is_ok());
        recent.push(u64::MAX, vec![key("y"); KEYS + 1]);
        assert_eq!(recent.commits.len(), 1);
    }
}

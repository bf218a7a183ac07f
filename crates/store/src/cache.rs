//! What was read lately: rows by key, and the first entry of an index by its prefix, so that what every request asks for (an access key, a
//! bucket, a queue) is looked up in a map and not in a tree of files.
//!
//! An entry is what the store holds from the commit `since` on. A commit corrects the entries that it writes before it is published, so a view
//! may use an entry that is not younger than itself. A view puts in what it read only while no commit has begun after the one that it sees:
//! otherwise that commit could have passed already, and nobody would correct the entry.

use bytes::Bytes;
use parking_lot::{Mutex, RwLock};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

const SHARDS: usize = 16;
/// The most bytes of a shard; one that is full begins anew.
const SHARD_BYTES: usize = 1 << 20;
/// Larger values are not kept.
const LARGEST: usize = 8 << 10;

/// The first entry under a prefix: its key and its value.
type First = Option<(Bytes, Bytes)>;

#[derive(Debug, Clone)]
enum Known {
    /// The value under a key, or that there is none.
    Value(Option<Bytes>),
    /// The first entry of an index whose key begins so, or that there is none.
    First(First),
}

impl Known {
    fn bytes(&self) -> usize {
        match self {
            Self::Value(value) => value.as_ref().map_or(0, Bytes::len),
            Self::First(first) => {
                first.as_ref().map_or(0, |(key, value)| key.len().saturating_add(value.len()))
            }
        }
    }
}

#[derive(Debug)]
struct Entry {
    since: u64,
    known: Known,
    /// The bytes that are counted for it.
    bytes: usize,
}

impl Entry {
    fn new(since: u64, key: &Bytes, known: Known) -> Self {
        let bytes = known.bytes().saturating_add(key.len()).saturating_add(64);
        Self { since, known, bytes }
    }
}

#[derive(Debug, Default)]
struct Shard {
    entries: HashMap<Bytes, Entry>,
    bytes: usize,
}

impl Shard {
    /// Puts an entry in, in the place of one with its key. What is too large is not kept; where all together is too much, the shard begins anew.
    fn set(&mut self, key: Bytes, entry: Entry) {
        if let Some(old) = self.entries.remove(&key) {
            self.bytes = self.bytes.saturating_sub(old.bytes);
        }
        if entry.known.bytes() > LARGEST {
            return;
        }
        if self.bytes.saturating_add(entry.bytes) > SHARD_BYTES {
            *self = Self::default();
        }
        self.bytes = self.bytes.saturating_add(entry.bytes);
        self.entries.insert(key, entry);
    }
}

#[derive(Debug)]
pub(crate) struct Cache {
    shards: [Mutex<Shard>; SHARDS],
    /// Of each index that was written to, the last commit that did.
    indexes: RwLock<HashMap<Bytes, u64>>,
    /// The last commit that has begun.
    started: AtomicU64,
    hasher: RandomState,
}

impl Cache {
    pub(crate) fn new(sequence: u64) -> Self {
        Self {
            shards: Default::default(),
            indexes: RwLock::default(),
            started: AtomicU64::new(sequence),
            hasher: RandomState::new(),
        }
    }

    /// No commit after this one has begun.
    pub(crate) fn is_at(&self, sequence: u64) -> bool {
        self.started.load(Ordering::SeqCst) == sequence
    }

    /// A commit begins: before it is written.
    pub(crate) fn start(&self, sequence: u64) {
        self.started.store(sequence, Ordering::SeqCst);
    }

    /// What a commit wrote: after it is written, and before it is published.
    pub(crate) fn correct(&self, sequence: u64, batch: &[(Bytes, Option<Bytes>)]) {
        for (key, value) in batch {
            match key.first() {
                Some(b'd') => {
                    let mut shard = self.shard(key).lock();
                    // What nobody has read is not kept.
                    if shard.entries.contains_key(key) {
                        shard.set(key.clone(), Entry::new(sequence, key, Known::Value(value.clone())));
                    }
                }
                Some(b'i' | b'g') => {
                    if let Some(index) = index_of(key) {
                        self.note(index, sequence);
                    }
                }
                _ => {}
            }
        }
    }

    fn note(&self, index: &[u8], sequence: u64) {
        let mut indexes = self.indexes.write();
        match indexes.get_mut(index) {
            Some(last) => *last = sequence,
            None => {
                indexes.insert(Bytes::copy_from_slice(index), sequence);
            }
        }
    }

    /// Forgets all entries. When indexes were written to is not forgotten: a view from before may still hold an entry of one in its hands.
    pub(crate) fn clear(&self) {
        for shard in &self.shards {
            *shard.lock() = Shard::default();
        }
    }

    /// The value under a key for a view at a sequence number, where it is known.
    pub(crate) fn value(&self, at: u64, key: &[u8]) -> Option<Option<Bytes>> {
        match self.known(at, key)?.1 {
            Known::Value(value) => Some(value),
            Known::First(_) => None,
        }
    }

    /// The first entry of an index under a prefix for a view at a sequence number, where it is known.
    pub(crate) fn first(&self, at: u64, prefix: &[u8]) -> Option<First> {
        let (since, known) = self.known(at, prefix)?;
        let changed = self.indexes.read().get(index_of(prefix)?).copied().unwrap_or(0);
        match known {
            Known::First(first) if changed <= since => Some(first),
            _ => None,
        }
    }

    fn known(&self, at: u64, key: &[u8]) -> Option<(u64, Known)> {
        let shard = self.shard(key).lock();
        let entry = shard.entries.get(key)?;
        (entry.since <= at).then(|| (entry.since, entry.known.clone()))
    }

    /// Puts in what a view at a sequence number read.
    pub(crate) fn put_value(&self, at: u64, key: &Bytes, value: Option<&Bytes>) {
        if key.first() == Some(&b'd') {
            self.put(at, key.clone(), Known::Value(value.cloned()));
        }
    }

    /// As [`Cache::put_value`], of the first entry of an index under a prefix.
    pub(crate) fn put_first(&self, at: u64, prefix: &[u8], first: First) {
        self.put(at, Bytes::copy_from_slice(prefix), Known::First(first));
    }

    fn put(&self, at: u64, key: Bytes, known: Known) {
        let mut shard = self.shard(&key).lock();
        // Under the lock: a commit that begins later corrects the entry, since it has to come by here.
        if self.is_at(at) {
            let entry = Entry::new(at, &key, known);
            shard.set(key, entry);
        }
    }

    fn shard(&self, key: &[u8]) -> &Mutex<Shard> {
        let hash = usize::try_from(self.hasher.hash_one(key) % SHARDS as u64).unwrap_or(0);
        self.shards.get(hash).unwrap_or(&self.shards[0])
    }
}

/// What all keys of an index begin with: kind, table and name.
fn index_of(key: &[u8]) -> Option<&[u8]> {
    let mut ends = key.iter().enumerate().filter(|(_, byte)| **byte == 0).map(|(at, _)| at);
    let end = ends.nth(1)?;
    key.get(..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Bytes {
        Bytes::copy_from_slice(text.as_bytes())
    }

    #[test]
    fn a_view_uses_what_is_not_younger_than_itself() {
        let cache = Cache::new(5);
        let key = bytes("dtable\0key");
        assert_eq!(cache.value(5, &key), None, "nothing is known");
        cache.put_value(5, &key, Some(&bytes("old")));
        assert_eq!(cache.value(5, &key), Some(Some(bytes("old"))));
        assert_eq!(cache.value(4, &key), None);
        cache.start(6);
        assert_eq!(cache.value(5, &key), Some(Some(bytes("old"))), "the commit is not published");
        cache.correct(6, &[(key.clone(), None)]);
        assert_eq!(cache.value(5, &key), None, "an older view has to look itself");
        assert_eq!(cache.value(6, &key), Some(None));
    }

    #[test]
    fn what_was_read_before_a_commit_began_is_not_put_in() {
        let cache = Cache::new(5);
        let key = bytes("dtable\0key");
        cache.start(6);
        cache.put_value(5, &key, Some(&bytes("old")));
        cache.correct(6, &[(key.clone(), Some(bytes("new")))]);
        assert_eq!(cache.value(6, &key), None);
    }

    #[test]
    fn a_commit_into_an_index_makes_its_first_entries_unknown() {
        let cache = Cache::new(5);
        let prefix = b"gtable\0name\0photos";
        let first = Some((bytes("gtable\0name\0photos\0row"), bytes("row")));
        cache.put_first(5, prefix, first.clone());
        assert_eq!(cache.first(5, prefix), Some(first));
        cache.start(6);
        cache.correct(6, &[(bytes("gtable\0other\0photos"), Some(Bytes::new()))]);
        assert!(cache.first(6, prefix).is_some(), "another index");
        cache.start(7);
        cache.correct(7, &[(bytes("gtable\0name\0albums\0row"), Some(Bytes::new()))]);
        assert_eq!(cache.first(7, prefix), None);
    }

    #[test]
    fn a_full_shard_begins_anew() {
        let cache = Cache::new(0);
        let value = Bytes::from(vec![0; LARGEST]);
        for number in 0..SHARDS * SHARD_BYTES / LARGEST * 2 {
            cache.put_value(0, &bytes(&format!("dt\0{number}")), Some(&value));
        }
        assert!(cache.shards.iter().all(|shard| shard.lock().bytes <= SHARD_BYTES));
        cache.put_value(0, &bytes("dt\0large"), Some(&Bytes::from(vec![0; LARGEST + 1])));
        assert_eq!(cache.value(0, b"dt\0large"), None);
    }

    #[test]
    fn what_commits_put_in_the_place_of_nothing_is_counted() {
        let cache = Cache::new(0);
        let value = Bytes::from(vec![0; LARGEST]);
        // As an insert does it: the key is looked for, and then written.
        for number in 0..u64::try_from(SHARDS * SHARD_BYTES / LARGEST).unwrap() * 4 {
            let key = bytes(&format!("dt\0{number}"));
            cache.put_value(number, &key, None);
            cache.start(number + 1);
            cache.correct(number + 1, &[(key, Some(value.clone()))]);
        }
        let held = |shard: &Shard| -> usize { shard.entries.values().map(|entry| entry.known.bytes()).sum() };
        assert!(cache.shards.iter().all(|shard| held(&shard.lock()) <= SHARD_BYTES));
        for shard in &cache.shards {
            let shard = shard.lock();
            assert_eq!(shard.bytes, shard.entries.values().map(|entry| entry.bytes).sum::<usize>());
        }
    }

    #[test]
    fn a_view_from_before_a_reset_does_not_take_an_entry_for_fresh() {
        let cache = Cache::new(5);
        let prefix = b"gtable\0name\0photos";
        cache.put_first(5, prefix, None);
        cache.start(6);
        cache.correct(6, &[(bytes("gtable\0name\0photos\0row"), Some(Bytes::new()))]);
        // A view at 6 has looked the entry up, and looks now whether it is fresh, while all is removed.
        let known = cache.known(6, prefix).unwrap();
        cache.start(7);
        cache.clear();
        let changed = cache.indexes.read().get(index_of(prefix).unwrap()).copied();
        assert!(changed > Some(known.0));
    }
}

use super::{Batch, Engine, Entry, Snapshot};
use crate::StoreError;
use bytes::Bytes;
use parking_lot::{Mutex, RwLock};
use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::sync::Arc;

/// How many entries a scan copies at a time, so that it does not hold the lock while its reader works.
const CHUNK: usize = 128;

/// A map of versions: a snapshot is a number, and sees of each key the last version that is not younger. Versions that no snapshot can
/// see any more are removed as later batches are written.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Shared>);

#[derive(Default)]
struct Shared {
    map: RwLock<Map>,
    /// Open snapshots: version to how many.
    open: Mutex<BTreeMap<u64, usize>>,
}

#[derive(Default)]
struct Map {
    version: u64,
    entries: BTreeMap<Bytes, Versions>,
    /// Keys whose earlier versions are garbage once no snapshot older than the number is open.
    garbage: VecDeque<(u64, Bytes)>,
}

/// Versions of one key, oldest first; None is a removal.
type Versions = Vec<(u64, Option<Bytes>)>;

fn visible(versions: &Versions, at: u64) -> Option<&Bytes> {
    versions.iter().rev().find(|(version, _)| *version <= at).and_then(|(_, value)| value.as_ref())
}

impl Map {
    fn write(&mut self, batch: Batch) {
        self.version = self.version.saturating_add(1);
        let version = self.version;
        for (key, value) in batch {
            let versions = self.entries.entry(key.clone()).or_default();
            match versions.last_mut() {
                Some((latest, slot)) if *latest == version => *slot = value,
                _ => versions.push((version, value)),
            }
            if versions.len() > 1 || versions.iter().any(|(_, value)| value.is_none()) {
                self.garbage.push_back((version, key));
            }
        }
    }

    fn collect(&mut self, oldest: u64) {
        while self.garbage.front().is_some_and(|(version, _)| *version <= oldest) {
            let Some((_, key)) = self.garbage.pop_front() else { return };
            let Some(versions) = self.entries.get_mut(&key) else { continue };
            // All before the last version that the oldest snapshot sees.
            let keep = versions.iter().rposition(|(version, _)| *version <= oldest).unwrap_or(0);
            versions.drain(..keep);
            if versions.len() == 1
                && versions.iter().all(|(version, value)| value.is_none() && *version <= oldest)
            {
                self.entries.remove(&key);
            }
        }
    }
}

impl Engine for Memory {
    fn snapshot(&self) -> Box<dyn Snapshot> {
        // Under the map's lock: a batch that is written meanwhile must not collect what this snapshot is about to see.
        let map = self.0.map.read();
        let at = map.version;
        let mut open = self.0.open.lock();
        let count = open.entry(at).or_default();
        *count = count.saturating_add(1);
        Box::new(At { shared: Arc::clone(&self.0), version: at })
    }

    fn write(&self, batch: Batch) -> Result<(), StoreError> {
        let mut map = self.0.map.write();
        map.write(batch);
        let oldest = self.0.open.lock().first_key_value().map_or(map.version, |(version, _)| *version);
        map.collect(oldest);
        Ok(())
    }

    fn persist(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn reset(&self, batch: Batch) -> Result<(), StoreError> {
        let mut map = self.0.map.write();
        let everything: Batch = map.entries.keys().map(|key| (key.clone(), None)).chain(batch).collect();
        map.write(everything);
        let oldest = self.0.open.lock().first_key_value().map_or(map.version, |(version, _)| *version);
        map.collect(oldest);
        Ok(())
    }
}

struct At {
    shared: Arc<Shared>,
    version: u64,
}

impl Drop for At {
    fn drop(&mut self) {
        let mut open = self.shared.open.lock();
        if let Some(count) = open.get_mut(&self.version) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                open.remove(&self.version);
            }
        }
    }
}

impl Snapshot for At {
    fn get(&self, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        Ok(self
            .shared
            .map
            .read()
            .entries
            .get(key)
            .and_then(|versions| visible(versions, self.version))
            .cloned())
    }

    fn scan<'a>(
        &'a self,
        lower: &[u8],
        upper: &[u8],
        reverse: bool,
    ) -> Box<dyn Iterator<Item = Entry> + Send + 'a> {
        Box::new(Range {
            at: self,
            lower: Bound::Included(Bytes::copy_from_slice(lower)),
            upper: Bound::Excluded(Bytes::copy_from_slice(upper)),
            reverse,
            done: lower >= upper,
            chunk: VecDeque::new(),
        })
    }
}

struct Range<'a> {
    at: &'a At,
    lower: Bound<Bytes>,
    upper: Bound<Bytes>,
    reverse: bool,
    done: bool,
    chunk: VecDeque<(Bytes, Bytes)>,
}

impl Range<'_> {
    fn refill(&mut self) {
        let map = self.at.shared.map.read();
        let range = map.entries.range::<Bytes, _>((self.lower.as_ref(), self.upper.as_ref()));
        let version = self.at.version;
        let see = |(key, versions): (&Bytes, &Versions)| {
            visible(versions, version).map(|value| (key.clone(), value.clone()))
        };
        self.chunk = if self.reverse {
            range.rev().filter_map(see).take(CHUNK).collect()
        } else {
            range.filter_map(see).take(CHUNK).collect()
        };
        match self.chunk.back() {
            Some((last, _)) if self.chunk.len() == CHUNK => {
                let bound = Bound::Excluded(last.clone());
                if self.reverse {
                    self.upper = bound;
                } else {
                    self.lower = bound;
                }
                // A range whose excluded ends meet is empty, and BTreeMap refuses to be asked for it.
                self.done = matches!((&self.lower, &self.upper), (Bound::Included(low) | Bound::Excluded(low), Bound::Excluded(high)) if low >= high);
            }
            _ => self.done = true,
        }
    }
}

impl Iterator for Range<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        if self.chunk.is_empty() && !self.done {
            self.refill();
        }
        self.chunk.pop_front().map(Ok)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(key: &'static str, value: Option<&'static str>) -> (Bytes, Option<Bytes>) {
        (Bytes::from_static(key.as_bytes()), value.map(|value| Bytes::from_static(value.as_bytes())))
    }

    fn versions(memory: &Memory) -> usize {
        memory.0.map.read().entries.values().map(Vec::len).sum()
    }

    #[test]
    fn what_no_snapshot_sees_is_collected() {
        let memory = Memory::default();
        for _ in 0..100 {
            memory.write(vec![put("a", Some("x")), put("b", Some("x"))]).unwrap();
            memory.write(vec![put("b", None)]).unwrap();
        }
        assert_eq!(versions(&memory), 1);
        assert!(memory.0.map.read().garbage.is_empty());
    }

    #[test]
    fn what_a_snapshot_sees_is_kept_until_it_is_gone() {
        let memory = Memory::default();
        memory.write(vec![put("a", Some("old")), put("b", Some("old"))]).unwrap();
        let (snapshot, twin) = (memory.snapshot(), memory.snapshot());
        memory.write(vec![put("a", Some("new")), put("b", None), put("c", Some("new"))]).unwrap();
        memory.reset(vec![put("d", Some("new"))]).unwrap();
        drop(twin);
        memory.write(vec![put("d", Some("newer"))]).unwrap();
        let seen: Vec<_> = snapshot.scan(b"a", b"z", false).map(|entry| entry.unwrap().1).collect();
        assert_eq!(seen, ["old", "old"]);
        assert_eq!(snapshot.get(b"b").unwrap().as_deref(), Some(&b"old"[..]));
        drop(snapshot);
        memory.write(vec![put("e", Some("x"))]).unwrap();
        assert_eq!(versions(&memory), 2, "d and e");
        assert!(memory.0.open.lock().is_empty());
    }
}

use crate::append::Appended;
use crate::backends::{Batch, Durability};
use crate::conflict::Recent;
use crate::durable::Committed;
use crate::store::Shared;
use crate::{StoreError, Tx, encoding};
use bytes::Bytes;
use parking_lot::MutexGuard;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How long appended rows wait for company; every second time, what `Durability::Process` wrote goes to the disk.
const TICK: Duration = Duration::from_millis(50);

/// What only one commit at a time may touch.
#[derive(Debug)]
pub(crate) struct Commits {
    pub(crate) sequence: u64,
    pub(crate) recent: Recent,
    /// A write failed: what is stored is unknown.
    pub(crate) failed: Option<Arc<str>>,
}

impl Shared {
    /// Commits in turn.
    pub(crate) fn commit(&self, tx: Tx) -> Result<Committed, StoreError> {
        if tx.view.overlay.is_empty() {
            self.meter.gather(tx.measurements);
            return Ok(self.committed(tx.view.sequence));
        }
        let mut commits = self.commits.lock();
        self.commit_locked(&mut commits, tx)
    }

    /// Commits while the caller holds the lock (and, where nothing may conflict, took it before the transaction's first read).
    pub(crate) fn commit_locked(
        &self,
        commits: &mut MutexGuard<'_, Commits>,
        mut tx: Tx,
    ) -> Result<Committed, StoreError> {
        let measurements = std::mem::take(&mut tx.measurements);
        if tx.view.overlay.is_empty() {
            self.meter.gather(measurements);
            return Ok(self.committed(tx.view.sequence));
        }
        self.writable(commits)?;
        let reads = tx.view.reads.take().map(parking_lot::Mutex::into_inner).unwrap_or_default();
        commits.recent.check(tx.view.sequence, &reads)?;
        let sequence = commits.sequence.saturating_add(1);
        let mut changes = tx.changes(sequence, self.clock.now());
        self.closed.sift_changes(&mut changes);
        let mut feed = Vec::with_capacity(changes.len());
        for change in &changes {
            feed.push((change.position().key(), Some(change.encode()?)));
        }
        let overlay = std::mem::take(&mut tx.view.overlay);
        let wakes = tx.wakes || !changes.is_empty();
        let mut signals = std::mem::take(&mut tx.signals);
        let closes = std::mem::take(&mut tx.closes);
        // Old versions are of no more use to it, and the batch may make the engine clean up.
        drop(tx);
        let mut batch: Batch = overlay.into_iter().collect();
        let appended = std::mem::take(&mut self.progress.work.lock().appended);
        batch.extend(appended.entries.into_iter().map(|(key, value)| (key, Some(value))));
        signals.extend(appended.signals);
        self.write(commits, sequence, batch, feed)?;
        self.closed.add(&closes);
        if wakes {
            self.latest_change.send_replace(sequence);
        }
        self.signals.send(&signals);
        self.meter.gather(measurements);
        self.touches.publish_types(&changes);
        Ok(self.committed(sequence))
    }

    /// Writes what was appended, where no commit has taken it along.
    pub(crate) fn flush_appended(&self) -> Result<(), StoreError> {
        let mut commits = self.commits.lock();
        let Appended { entries, signals, .. } = std::mem::take(&mut self.progress.work.lock().appended);
        // First, since the committer may have met the failure with the very entries that the caller asks for.
        self.writable(&commits)?;
        if entries.is_empty() {
            return Ok(());
        }
        let sequence = commits.sequence.saturating_add(1);
        let batch = entries.into_iter().map(|(key, value)| (key, Some(value))).collect();
        self.write(&mut commits, sequence, batch, Vec::new())?;
        self.signals.send(&signals);
        Ok(())
    }

    /// Removes everything.
    pub(crate) fn reset(&self) -> Result<(), StoreError> {
        let mut commits = self.commits.lock();
        self.writable(&commits)?;
        self.progress.work.lock().appended = Appended::default();
        let sequence = commits.sequence.saturating_add(1);
        let number = Bytes::copy_from_slice(&sequence.to_be_bytes());
        self.cache.start(sequence);
        let outcome = self.engine.reset(vec![(Bytes::from_static(encoding::SEQUENCE), Some(number))]);
        self.noted(&mut commits, outcome)?;
        self.cache.clear();
        self.closed.clear();
        commits.recent = Recent::after(sequence);
        self.publish(&mut commits, sequence);
        self.latest_change.send_replace(sequence);
        self.touches.publish_all();
        Ok(())
    }

    /// Removes keys that no transaction tracks (of the feed).
    pub(crate) fn forget(&self, keys: Vec<Bytes>) -> Result<(), StoreError> {
        let mut commits = self.commits.lock();
        self.writable(&commits)?;
        let outcome = self.engine.write(keys.into_iter().map(|key| (key, None)).collect());
        self.noted(&mut commits, outcome)?;
        self.progress.written(commits.sequence, false);
        Ok(())
    }

    /// Removes rows and entries of indexes: what read one of them conflicts.
    pub(crate) fn remove(&self, keys: Vec<Bytes>) -> Result<(), StoreError> {
        if keys.is_empty() {
            return Ok(());
        }
        let mut commits = self.commits.lock();
        self.writable(&commits)?;
        let sequence = commits.sequence.saturating_add(1);
        self.write(&mut commits, sequence, keys.into_iter().map(|key| (key, None)).collect(), Vec::new())
    }

    fn write(
        &self,
        commits: &mut MutexGuard<'_, Commits>,
        sequence: u64,
        mut batch: Batch,
        feed: Batch,
    ) -> Result<(), StoreError> {
        self.closed.sift(&mut batch);
        let written = batch.iter().map(|(key, _)| key.clone()).collect();
        batch.extend(feed);
        let number = Bytes::copy_from_slice(&sequence.to_be_bytes());
        batch.push((Bytes::from_static(encoding::SEQUENCE), Some(number)));
        self.cache.start(sequence);
        let outcome = self.engine.write(batch.clone());
        self.noted(commits, outcome)?;
        self.cache.correct(sequence, &batch);
        commits.recent.push(sequence, written);
        self.publish(commits, sequence);
        self.touches.publish_tables(&batch);
        Ok(())
    }

    fn publish(&self, commits: &mut MutexGuard<'_, Commits>, sequence: u64) {
        commits.sequence = sequence;
        self.published.store(sequence, Ordering::Release);
        if let Some(durability) = self.durability {
            self.progress.written(sequence, durability == Durability::Power);
        }
    }

    fn writable(&self, commits: &Commits) -> Result<(), StoreError> {
        if let Some(reason) = &commits.failed {
            return Err(StoreError::Backend(Arc::clone(reason)));
        }
        self.progress.failure()
    }

    fn noted(&self, commits: &mut Commits, outcome: Result<(), StoreError>) -> Result<(), StoreError> {
        if let Err(error) = &outcome {
            tracing::error!(%error, "a write to the store failed; it takes no further writes until it is opened again");
            commits.failed = Some(format!("an earlier write failed ({error}); open the store again").into());
        }
        outcome
    }

    fn committed(&self, sequence: u64) -> Committed {
        let pending = (self.durability == Some(Durability::Power)).then(|| Arc::clone(&self.progress));
        Committed { sequence, pending }
    }

    /// The committer thread: writes what was appended, and brings what was written to the disk.
    pub(crate) fn run(&self) {
        let mut ticks = 0_u32;
        loop {
            let mut work = self.progress.work.lock();
            if !work.stop && !work.urgent {
                if !work.dirty && work.appended.entries.is_empty() {
                    self.progress.wake.wait(&mut work);
                }
                if !work.stop && !work.urgent {
                    self.progress.wake.wait_for(&mut work, TICK);
                }
            }
            let stop = work.stop;
            drop(work);
            if let Err(error) = self.flush_appended() {
                tracing::error!(%error, "records were lost: the store takes no writes");
            }
            ticks = ticks.wrapping_add(1);
            let mut work = self.progress.work.lock();
            let sync = work.dirty && (work.urgent || stop || ticks.is_multiple_of(2));
            let sequence = work.written;
            if sync {
                work.dirty = false;
            }
            // What was urgent is done; in memory there is nothing to bring to the disk, and so nothing stays urgent.
            work.urgent &= work.dirty || !work.appended.entries.is_empty();
            drop(work);
            if sync {
                let outcome = self.engine.persist();
                if let Err(error) = &outcome {
                    tracing::error!(%error, "fsync failed; the store takes no further writes until it is opened again");
                }
                self.progress.report(sequence, &outcome);
            }
            if stop {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests;

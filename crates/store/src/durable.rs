use crate::StoreError;
use crate::append::Appended;
use parking_lot::{Condvar, Mutex};
use std::sync::Arc;
use tokio::sync::watch;

/// What a commit answers.
#[derive(Debug, Clone)]
#[must_use = "with Durability::Power a commit survives a loss of power only once it has been waited for"]
pub struct Committed {
    pub(crate) sequence: u64,
    /// None where the commit is as durable as it gets.
    pub(crate) pending: Option<Arc<Progress>>,
}

impl Committed {
    /// The commit's place in the order of commits; of a transaction that wrote nothing, that of the last commit it saw.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Returns when the commit is as durable as the store was opened for: at once, but for [`crate::Durability::Power`].
    ///
    /// # Errors
    /// [`StoreError::Backend`] where the fsync failed.
    pub async fn wait(&self) -> Result<(), StoreError> {
        let Some(progress) = &self.pending else { return Ok(()) };
        let mut synced = progress.synced.subscribe();
        let reached = synced.wait_for(|synced| synced.reached(self.sequence)).await;
        reached.map_err(|error| StoreError::backend(&error))?.outcome()
    }

    /// As [`Committed::wait`], for threads that are not a runtime's.
    ///
    /// # Errors
    /// See [`Committed::wait`].
    pub fn wait_blocking(&self) -> Result<(), StoreError> {
        let Some(progress) = &self.pending else { return Ok(()) };
        let mut work = progress.work.lock();
        loop {
            let synced = progress.synced.borrow().clone();
            if synced.reached(self.sequence) {
                return synced.outcome();
            }
            progress.done.wait(&mut work);
        }
    }
}

/// How far the disk has got.
#[derive(Debug, Clone, Default)]
pub(crate) struct Synced {
    sequence: u64,
    failed: Option<Arc<str>>,
}

impl Synced {
    fn reached(&self, sequence: u64) -> bool {
        self.failed.is_some() || self.sequence >= sequence
    }

    fn outcome(&self) -> Result<(), StoreError> {
        self.failed.as_ref().map_or(Ok(()), |reason| Err(StoreError::Backend(Arc::clone(reason))))
    }
}

/// What the committer thread has to do.
#[derive(Debug, Default)]
pub(crate) struct Work {
    /// Rows that are written with the next commit, or soon.
    pub(crate) appended: Appended,
    /// The last commit that was written to the journal.
    pub(crate) written: u64,
    /// Somebody waits for the disk.
    pub(crate) urgent: bool,
    /// Something is not on the disk yet.
    pub(crate) dirty: bool,
    pub(crate) stop: bool,
}

/// Between those who commit and the committer thread.
#[derive(Debug)]
pub(crate) struct Progress {
    pub(crate) work: Mutex<Work>,
    /// Wakes the committer thread.
    pub(crate) wake: Condvar,
    /// Wakes those who wait on a thread of their own.
    pub(crate) done: Condvar,
    pub(crate) synced: watch::Sender<Synced>,
}

impl Progress {
    pub(crate) fn new(sequence: u64) -> Self {
        Self {
            work: Mutex::new(Work { written: sequence, ..Work::default() }),
            wake: Condvar::new(),
            done: Condvar::new(),
            synced: watch::Sender::new(Synced { sequence, failed: None }),
        }
    }

    /// Notes a commit that the disk does not have yet.
    pub(crate) fn written(&self, sequence: u64, urgent: bool) {
        let mut work = self.work.lock();
        let first = !work.dirty || (urgent && !work.urgent);
        work.written = work.written.max(sequence);
        work.dirty = true;
        work.urgent |= urgent;
        drop(work);
        if first {
            self.wake.notify_one();
        }
    }

    /// Tells those who wait how far the disk has got.
    pub(crate) fn report(&self, sequence: u64, outcome: &Result<(), StoreError>) {
        self.synced.send_modify(|synced| match outcome {
            Ok(()) => synced.sequence = synced.sequence.max(sequence),
            Err(error) => synced.failed = Some(error.to_string().into()),
        });
        // Under the lock: who has just seen that it must wait is then either before its look or in its wait.
        let work = self.work.lock();
        self.done.notify_all();
        drop(work);
    }

    /// Why an fsync failed, if one did.
    pub(crate) fn failure(&self) -> Result<(), StoreError> {
        self.synced.borrow().outcome()
    }
}

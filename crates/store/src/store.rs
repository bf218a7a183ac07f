use crate::append::{Appended, MANY, TOO_MANY};
use crate::backends::{Backend, Disk, Durability, Engine, Memory};
use crate::cache::Cache;
use crate::closed::Closed;
use crate::commit::Commits;
use crate::conflict::{Reads, Recent};
use crate::durable::{Committed, Progress};
use crate::feed::{Cause, Feed};
use crate::meter::{Measured, Measurement, Meter};
use crate::signals::{Listener, Signals};
use crate::touches::{TouchListener, Touches};
use crate::{Row, StoreError, Tx, View, encoding};
use clock::SharedClock;
use names::AccountId;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use tokio::sync::watch;

/// How often a transaction is tried before it is run while all others wait.
const ATTEMPTS: usize = 8;

/// The store. Clones are the same store; when the last one is dropped, what is still to be written is.
#[derive(Clone)]
pub struct Store {
    pub(crate) shared: Arc<Shared>,
    _committer: Arc<Committer>,
}

/// What transactions and the committer thread share.
pub(crate) struct Shared {
    pub(crate) engine: Box<dyn Engine>,
    /// None in memory.
    pub(crate) durability: Option<Durability>,
    pub(crate) clock: SharedClock,
    pub(crate) commits: Mutex<Commits>,
    /// The last commit that snapshots see.
    pub(crate) published: AtomicU64,
    pub(crate) latest_change: watch::Sender<u64>,
    pub(crate) progress: Arc<Progress>,
    pub(crate) signals: Signals,
    pub(crate) touches: Touches,
    pub(crate) meter: Meter,
    pub(crate) closed: Closed,
    pub(crate) cache: Arc<Cache>,
}

/// Stops the committer thread when the last store is gone.
struct Committer {
    progress: Arc<Progress>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Committer {
    fn drop(&mut self) {
        self.progress.work.lock().stop = true;
        self.progress.wake.notify_one();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the store's committer thread had panicked");
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("sequence", &self.shared.published).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens a store, with what an earlier process left in it.
    ///
    /// # Errors
    /// [`StoreError::Locked`] where another process has the directory, [`StoreError::Open`] where it cannot be used.
    pub fn open(backend: Backend, clock: SharedClock) -> Result<Self, StoreError> {
        let (engine, durability): (Box<dyn Engine>, _) = match backend {
            Backend::Memory => (Box::new(Memory::default()), None),
            Backend::Disk { path, durability } => (Box::new(Disk::open(&path)?), Some(durability)),
        };
        Self::over(engine, durability, clock)
    }

    pub(crate) fn over(
        engine: Box<dyn Engine>,
        durability: Option<Durability>,
        clock: SharedClock,
    ) -> Result<Self, StoreError> {
        let snapshot = engine.snapshot();
        let sequence = snapshot.get(encoding::SEQUENCE)?.map_or(0, |bytes| encoding::number(&bytes));
        let closed = Closed::stored(&*snapshot)?;
        drop(snapshot);
        let progress = Arc::new(Progress::new(sequence));
        let shared = Arc::new(Shared {
            engine,
            durability,
            clock,
            commits: Mutex::new(Commits { sequence, recent: Recent::after(sequence), failed: None }),
            published: AtomicU64::new(sequence),
            latest_change: watch::Sender::new(sequence),
            progress: Arc::clone(&progress),
            signals: Signals::default(),
            touches: Touches::default(),
            meter: Meter::default(),
            closed,
            cache: Arc::new(Cache::new(sequence)),
        });
        let run = Arc::clone(&shared);
        let thread =
            std::thread::Builder::new().name("store".into()).spawn(move || run.run()).map_err(|error| {
                StoreError::Backend(format!("cannot start the committer thread: {error}").into())
            })?;
        Ok(Self { shared, _committer: Arc::new(Committer { progress, thread: Some(thread) }) })
    }

    /// The store as it is now.
    #[must_use]
    pub fn view(&self) -> View {
        self.shared.open_view(false)
    }

    /// Begins a transaction, for a call or of the system's own. Most callers want [`Store::transact`].
    #[must_use]
    pub fn begin(&self, cause: Option<Cause>) -> Tx {
        Tx::new(Arc::clone(&self.shared), self.shared.open_view(true), cause)
    }

    /// Runs `run` in a transaction and commits it; where it conflicts with another one, again, and at last while all others wait. `run`
    /// must have no other effects, and must not use the store but through its transaction. An error from `run` writes nothing.
    ///
    /// Waits for the disk with [`Durability::Power`], and so is not for async code then: [`Store::transact_async`] is.
    ///
    /// # Errors
    /// What `run` answers, or the store's errors, of which [`StoreError::Conflict`] is not one.
    pub fn transact<T, E: From<StoreError>>(
        &self,
        cause: Option<Cause>,
        run: impl FnMut(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let (answer, committed) = self.transact_pending(cause, run)?;
        committed.wait_blocking()?;
        Ok(answer)
    }

    /// As [`Store::transact`], but waits for the disk without holding a thread. The transaction itself is over at the first await.
    ///
    /// # Errors
    /// See [`Store::transact`].
    pub async fn transact_async<T, E: From<StoreError>>(
        &self,
        cause: Option<Cause>,
        run: impl FnMut(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let (answer, committed) = self.transact_pending(cause, run)?;
        committed.wait().await?;
        Ok(answer)
    }

    /// As [`Store::transact`], but leaves the wait for the disk to the caller, who must not answer before it.
    ///
    /// # Errors
    /// See [`Store::transact`].
    pub fn transact_pending<T, E: From<StoreError>>(
        &self,
        cause: Option<Cause>,
        mut run: impl FnMut(&mut Tx) -> Result<T, E>,
    ) -> Result<(T, Committed), E> {
        for _ in 0..ATTEMPTS {
            let mut tx = self.begin(cause.clone());
            let answer = run(&mut tx).inspect_err(|_| self.refused(&mut tx))?;
            match tx.commit() {
                Ok(committed) => return Ok((answer, committed)),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let mut commits = self.shared.commits.lock();
        let mut tx = self.begin(cause);
        let answer = run(&mut tx).inspect_err(|_| self.refused(&mut tx))?;
        let committed = self.shared.commit_locked(&mut commits, tx)?;
        Ok((answer, committed))
    }

    /// Writes rows soon: within 50 ms, or with the next commit. For records that no answer waits for; a crash may lose them. Their keys must be
    /// new, and they must not be resources. When much is waiting, returns only when it is written.
    ///
    /// # Errors
    /// Where a row cannot be encoded or is a resource; [`StoreError::Backend`] where the store takes no writes any more.
    pub fn append_soon<R: Row>(&self, rows: impl IntoIterator<Item = R>) -> Result<(), StoreError> {
        let appended = Appended::of_rows(rows)?;
        if appended.entries.is_empty() {
            return Ok(());
        }
        self.shared.progress.failure()?;
        self.shared.touches.writes::<R>();
        let mut work = self.shared.progress.work.lock();
        let first = work.appended.entries.is_empty();
        work.appended.extend(appended);
        let bytes = work.appended.bytes;
        work.urgent |= bytes > MANY;
        drop(work);
        if first || bytes > MANY {
            self.shared.progress.wake.notify_one();
        }
        if bytes > TOO_MANY { self.shared.flush_appended() } else { Ok(()) }
    }

    /// Writes now what [`Store::append_soon`] was given, for who wants to read it.
    ///
    /// # Errors
    /// Where the storage engine fails.
    pub fn flush_appended(&self) -> Result<(), StoreError> {
        self.shared.flush_appended()
    }

    /// The change feed as it is now.
    #[must_use]
    pub fn feed(&self) -> Feed {
        Feed { view: self.view() }
    }

    /// Wakes when resources have changed, or rows with [`crate::Row::WAKES`] were written. The number is the sequence of the last such commit (since
    /// the store was opened); it says that there is something to read, not what.
    #[must_use]
    pub fn subscribe_notify(&self) -> watch::Receiver<u64> {
        self.shared.latest_change.subscribe()
    }

    fn refused(&self, tx: &mut Tx) {
        self.shared.meter.gather(std::mem::take(&mut tx.refusals));
    }

    /// Whether anybody collects what is measured.
    #[must_use]
    pub fn is_measured(&self) -> bool {
        self.shared.meter.is_on()
    }

    /// Gathers what was measured outside a transaction, for whoever collects it.
    pub fn measure(&self, measurement: Measurement) {
        self.shared.meter.gather(vec![measurement]);
    }

    /// What was measured since this was last called; from the first call on it is gathered. One collector owns it.
    #[must_use]
    pub fn take_measured(&self) -> Vec<Measured> {
        self.shared.meter.turn_on();
        self.shared.meter.take()
    }

    /// Waits for commits that signal a topic ([`Tx::signal`]). Listen first and read then, so that no commit falls between.
    #[must_use]
    pub fn listen(&self, topic: &str) -> Listener {
        self.shared.signals.listen(topic)
    }

    /// Waits for commits that touch an account, in any region, and is told the names of the tables and resource types they touched.
    #[must_use]
    pub fn listen_touches(&self, account: AccountId) -> TouchListener {
        self.shared.touches.listen(account)
    }

    /// Removes everything at once: rows, feed, cursors. Transactions that are under way conflict. Sequence numbers go on.
    ///
    /// # Errors
    /// Where the storage engine fails.
    pub fn reset(&self) -> Result<(), StoreError> {
        self.shared.reset()
    }

    /// Writes all index entries of a table anew, for a new version of a row type that has other indexes. Answers how many rows there are. Call
    /// it at start, before the table is used.
    ///
    /// # Errors
    /// Where a row cannot be decoded or the storage engine fails.
    pub fn reindex<R: Row>(&self) -> Result<usize, StoreError> {
        self.transact(None, |tx| tx.reindex::<R>())
    }
}

impl Shared {
    fn open_view(&self, tracked: bool) -> View {
        // The number first: the snapshot may be younger than it says (which costs a needless conflict), never older.
        let sequence = self.published.load(Ordering::Acquire);
        let still = self.cache.is_at(sequence);
        let snapshot = self.engine.snapshot();
        // Between the two looks no commit was under way, so the snapshot is what the number says.
        let cache = (still && self.cache.is_at(sequence)).then(|| Arc::clone(&self.cache));
        View {
            snapshot,
            cache,
            sequence,
            overlay: BTreeMap::new(),
            reads: tracked.then(|| Mutex::new(Reads::default())),
        }
    }
}

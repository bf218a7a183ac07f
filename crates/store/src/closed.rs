//! Accounts that are closed: what is written into one is written nowhere, and what is in it goes.
//!
//! A closed account takes no rows. A transaction that was under way when its account was closed commits as any other, but leaves nothing there: as if it had
//! committed just before, and the removal had come upon its rows. So nobody who writes has to ask whether an account is closed, one sweep over the
//! account is enough, and no call that ends late makes a row of it anew.

use crate::accounts::{account_of, next_stretch, table};
use crate::backends::{Batch, Snapshot};
use crate::encoding::{self, prefix_end};
use crate::feed::Change;
use crate::{Store, StoreError, Tx, View};
use bytes::Bytes;
use names::AccountId;
use parking_lot::RwLock;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::watch;

/// What the marks of closed accounts begin with.
const MARK: u8 = b'a';
/// How many entries one step of a removal looks at, of those that are not found by the account.
const LOOK: usize = 20_000;

/// The accounts that are closed.
#[derive(Debug, Default)]
pub(crate) struct Closed {
    accounts: RwLock<HashSet<AccountId>>,
    /// There is one, so that a cloud without any pays one load for a commit.
    any: AtomicBool,
    news: watch::Sender<()>,
}

impl Closed {
    /// Those that an earlier process closed.
    pub(crate) fn stored(snapshot: &dyn Snapshot) -> Result<Self, StoreError> {
        let mut accounts = HashSet::new();
        for entry in snapshot.scan(&[MARK], &prefix_end(&[MARK]), false) {
            let key = entry?.0;
            let account = key.get(1..).and_then(|account| std::str::from_utf8(account).ok()?.parse().ok());
            accounts.insert(account.ok_or_else(|| {
                StoreError::Corrupt(format!(
                    "the mark {} of a closed account names none",
                    encoding::readable(&key)
                ))
            })?);
        }
        let any = AtomicBool::new(!accounts.is_empty());
        Ok(Self { accounts: RwLock::new(accounts), any, news: watch::Sender::default() })
    }

    pub(crate) fn has(&self, account: AccountId) -> bool {
        self.any.load(Ordering::Acquire) && self.accounts.read().contains(&account)
    }

    /// After the commit that closes them, and before the next one.
    pub(crate) fn add(&self, closed: &[AccountId]) {
        if closed.is_empty() {
            return;
        }
        self.accounts.write().extend(closed);
        self.any.store(true, Ordering::Release);
        self.news.send_replace(());
    }

    /// All was removed, the marks too.
    pub(crate) fn clear(&self) {
        self.accounts.write().clear();
        self.any.store(false, Ordering::Release);
    }

    /// Leaves out what a commit would write into closed accounts. What it removes may go.
    pub(crate) fn sift(&self, batch: &mut Batch) {
        if !self.any.load(Ordering::Acquire) {
            return;
        }
        let accounts = self.accounts.read();
        batch.retain(|(key, value)| {
            let account = value.as_ref().and_then(|value| account_of(key, value));
            !account.is_some_and(|account| accounts.contains(&account))
        });
    }

    /// Leaves out the changes of closed accounts.
    pub(crate) fn sift_changes(&self, changes: &mut Vec<Change>) {
        if self.any.load(Ordering::Acquire) {
            let accounts = self.accounts.read();
            changes.retain(|change| !accounts.contains(&change.scope.account));
        }
    }
}

impl Tx {
    /// Closes an account, once this is committed: its rows stay until a [`Removal`] takes them, and no commit after this one writes any.
    pub fn close_account(&mut self, account: AccountId) {
        let mut key = vec![MARK];
        encoding::push_account(account, &mut key);
        self.view.overlay.insert(key.into(), Some(Bytes::new()));
        self.closes.push(account);
    }

    /// Whether an account was closed by a commit before this.
    #[must_use]
    pub fn is_account_closed(&self, account: AccountId) -> bool {
        self.shared.closed.has(account)
    }
}

impl Store {
    /// Whether an account is closed.
    #[must_use]
    pub fn is_account_closed(&self, account: AccountId) -> bool {
        self.shared.closed.has(account)
    }

    /// Returns once an account is closed.
    pub async fn account_closed(&self, account: AccountId) {
        let mut closed = self.accounts_closed();
        while !self.shared.closed.has(account) {
            closed.next().await;
        }
    }

    /// Tells each time that accounts are closed.
    #[must_use]
    pub fn accounts_closed(&self) -> AccountsClosed {
        AccountsClosed(self.shared.closed.news.subscribe())
    }

    /// Begins to remove what is in a closed account, but for the rows of the tables `keep`. Nothing of where it is is stored: one that was cut off is
    /// begun anew.
    ///
    /// # Errors
    /// [`StoreError::AccountOpen`] where the account is not closed.
    pub fn removal(&self, account: AccountId, keep: &'static [&'static str]) -> Result<Removal, StoreError> {
        if !self.is_account_closed(account) {
            return Err(StoreError::AccountOpen(account));
        }
        Ok(Removal { store: self.clone(), account, keep, kinds: b"gifd", at: b"g".to_vec() })
    }
}

/// See [`Store::accounts_closed`].
#[derive(Debug)]
pub struct AccountsClosed(watch::Receiver<()>);

impl AccountsClosed {
    /// Returns when accounts were closed since it was made or this last returned.
    pub async fn next(&mut self) {
        if self.0.changed().await.is_err() {
            // The store is gone, and nothing will be closed any more.
            std::future::pending::<()>().await;
        }
    }
}

/// A removal under way. Entries of indexes go before the rows that they lead to, so that none is ever without its row. There is no [`Change`] of what goes:
/// nobody is left who would follow it.
#[derive(Debug)]
pub struct Removal {
    store: Store,
    account: AccountId,
    keep: &'static [&'static str],
    /// What is still to be gone over, in this order: entries of global indexes and of the account's, changes in the feed, rows.
    kinds: &'static [u8],
    /// Where in the first of these.
    at: Vec<u8>,
}

impl Removal {
    /// Removes at most so many entries in one commit, and answers how many; None where nothing is left. It reads as it goes, so it is for a thread of its own.
    ///
    /// # Errors
    /// Where the storage engine fails.
    pub fn step(&mut self, most: usize) -> Result<Option<usize>, StoreError> {
        let Some(kind) = self.kinds.first().copied() else { return Ok(None) };
        let view = self.store.view();
        let (gone, at) = match kind {
            b'd' | b'i' => self.of_account(kind, most, &view)?,
            _ => self.among_all(kind, most, &view)?,
        };
        drop(view);
        match at {
            Some(at) => self.at = at,
            None => {
                self.kinds = self.kinds.get(1..).unwrap_or_default();
                self.at = self.kinds.get(..1).unwrap_or_default().to_vec();
            }
        }
        let removed = gone.len();
        self.store.shared.remove(gone)?;
        Ok(Some(removed))
    }

    /// Keys that begin with their table and the account; and where to go on.
    fn of_account(
        &self,
        kind: u8,
        most: usize,
        view: &View,
    ) -> Result<(Vec<Bytes>, Option<Vec<u8>>), StoreError> {
        let mut gone = Vec::new();
        let mut at = self.at.clone();
        while let Some(stretch) = next_stretch(&*view.snapshot, kind, self.account, at)? {
            at = stretch.end.clone();
            if self.keeps(&stretch.start) {
                continue;
            }
            for entry in view.snapshot.scan(&stretch.start, &stretch.end, false) {
                let key = entry?.0;
                if gone.len() >= most {
                    return Ok((gone, Some(key.to_vec())));
                }
                gone.push(key);
            }
        }
        Ok((gone, None))
    }

    /// Keys of which only the value says whose they are; and where to go on.
    fn among_all(
        &self,
        kind: u8,
        most: usize,
        view: &View,
    ) -> Result<(Vec<Bytes>, Option<Vec<u8>>), StoreError> {
        let mut gone = Vec::new();
        let own = self.account.as_str().as_bytes();
        let entries = view.snapshot.scan(&self.at, &prefix_end(&[kind]), false);
        for (looked, entry) in entries.enumerate() {
            let (key, value) = entry?;
            if gone.len() >= most || looked >= LOOK {
                return Ok((gone, Some(key.to_vec())));
            }
            let is_own = match kind {
                b'f' => Change::decode(&value)?.scope.account == self.account,
                _ => value.starts_with(own) && !self.keeps(&key),
            };
            if is_own {
                gone.push(key);
            }
        }
        Ok((gone, None))
    }

    fn keeps(&self, key: &[u8]) -> bool {
        self.keep.iter().any(|kept| table(key) == kept.as_bytes())
    }
}

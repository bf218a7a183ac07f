//! Durable cursors: how far a subscriber has read the feed, moved in the transaction that does its work.

use crate::encoding::prefix_end;
use crate::feed::{self, Change, Position};
use crate::{Store, StoreError, Tx, View};
use bytes::Bytes;

/// How many changes a trim removes in one batch.
const TRIM_STEP: usize = 1000;

fn key(subscriber: &str) -> Bytes {
    [b"c", subscriber.as_bytes()].concat().into()
}

impl View {
    /// How far a subscriber has read; None where it has no cursor yet.
    ///
    /// # Errors
    /// See [`View::get`].
    pub fn cursor(&self, subscriber: &str) -> Result<Option<Position>, StoreError> {
        Ok(self.raw_get(&key(subscriber))?.map(|bytes| Position::from_bytes(&bytes)))
    }

    /// The changes after a position, oldest first, at most `limit`, that were committed before this view was opened.
    ///
    /// # Errors
    /// See [`View::get`].
    pub fn changes_since(&self, position: Position, limit: usize) -> Result<Vec<Change>, StoreError> {
        feed::changes_since(self, position, limit)
    }
}

impl Tx {
    /// Moves a subscriber's cursor, with the transaction's other writes.
    ///
    /// # Errors
    /// See [`View::get`].
    pub fn set_cursor(&mut self, subscriber: &str, position: Position) -> Result<(), StoreError> {
        let key = key(subscriber);
        // Read as well, so that two who work for the same subscriber conflict.
        let value = position.to_bytes();
        if self.raw_get(&key)?.as_ref() != Some(&value) {
            self.view.overlay.insert(key, Some(value));
        }
        Ok(())
    }

    /// Removes a subscriber's cursor, so that the feed is no longer kept for it.
    ///
    /// # Errors
    /// See [`View::get`].
    pub fn remove_cursor(&mut self, subscriber: &str) -> Result<(), StoreError> {
        let key = key(subscriber);
        if self.raw_get(&key)?.is_some() {
            self.view.overlay.insert(key, None);
        }
        Ok(())
    }
}

fn apply_next<E: From<StoreError>>(
    subscriber: &str,
    limit: usize,
    tx: &mut Tx,
    apply: &mut impl FnMut(&[Change], &mut Tx) -> Result<(), E>,
) -> Result<usize, E> {
    let position = tx.cursor(subscriber)?.unwrap_or(Position::START);
    let mut changes = tx.changes_since(position, limit)?;
    let (read, last) = (changes.len(), changes.last().map(Change::position));
    if let Some(last) = last {
        tx.shared.closed.sift_changes(&mut changes);
        if !changes.is_empty() {
            apply(&changes, tx)?;
        }
        tx.set_cursor(subscriber, last)?;
    }
    Ok(read)
}

impl Store {
    /// Runs `apply` over the next changes after the subscriber's cursor (from the start of the feed where it has none), at most `limit`, and
    /// moves the cursor in the same transaction: what `apply` writes is written exactly once for each change. Answers how many
    /// changes there were; with 0 `apply` was not run. Call it until then, and again when [`Store::subscribe_notify`] wakes.
    ///
    /// # Errors
    /// What `apply` answers (then the cursor stays), or the store's errors.
    pub fn apply_from_feed<E: From<StoreError>>(
        &self,
        subscriber: &str,
        limit: usize,
        mut apply: impl FnMut(&[Change], &mut Tx) -> Result<(), E>,
    ) -> Result<usize, E> {
        self.transact(None, |tx| apply_next(subscriber, limit, tx, &mut apply))
    }

    /// As [`Store::apply_from_feed`], but waits for the disk without holding a thread ([`Store::transact_async`]).
    ///
    /// # Errors
    /// See [`Store::apply_from_feed`].
    pub async fn apply_from_feed_async<E: From<StoreError>>(
        &self,
        subscriber: &str,
        limit: usize,
        mut apply: impl FnMut(&[Change], &mut Tx) -> Result<(), E>,
    ) -> Result<usize, E> {
        self.transact_async(None, |tx| apply_next(subscriber, limit, tx, &mut apply)).await
    }

    /// Gives a subscriber a cursor where it has none: at the end of the feed, so that it reads only later changes, or at its start. From
    /// then on trimming keeps the changes that it has not read.
    ///
    /// # Errors
    /// Where the storage engine fails.
    pub fn ensure_cursor(&self, subscriber: &str, at_end: bool) -> Result<Position, StoreError> {
        self.transact(None, |tx| match tx.cursor(subscriber)? {
            Some(position) => Ok(position),
            None => {
                let position = if at_end { feed::last_position(tx)? } else { Position::START };
                tx.set_cursor(subscriber, position)?;
                Ok(position)
            }
        })
    }

    /// Removes the changes that every cursor has passed, but for the `keep` last ones. Answers how many were removed. Works in
    /// steps, so that it holds nobody up; for calling now and then in the background.
    ///
    /// # Errors
    /// Where the storage engine fails.
    pub fn trim(&self, keep: usize) -> Result<usize, StoreError> {
        let view = self.view();
        let mut until = Position { sequence: u64::MAX, index: u32::MAX };
        for entry in view.snapshot.scan(b"c", &prefix_end(b"c"), false) {
            until = until.min(Position::from_bytes(&entry?.1));
        }
        let mut removed = 0_usize;
        loop {
            // The snapshot does not see its own removals, and so is taken anew.
            let keys = feed::trimmable(&self.view(), until, keep, TRIM_STEP)?;
            let step = keys.len();
            if step == 0 {
                return Ok(removed);
            }
            self.shared.forget(keys)?;
            removed = removed.saturating_add(step);
            if step < TRIM_STEP {
                return Ok(removed);
            }
        }
    }
}

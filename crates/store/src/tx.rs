use crate::encoding;
use crate::feed::{Cause, Change, ChangeKind};
use crate::key::EncodesAs;
use crate::meter::Measurement;
use crate::row::ResourceIdentity;
use crate::store::Shared;
use crate::{Committed, IndexEntry, Row, StoreError, View};
use bytes::Bytes;
use names::{AccountId, Scope, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{ControlFlow, Deref};
use std::sync::Arc;

/// A transaction: reads what was at its start and its own writes, through all methods of [`View`]; writes all at [`Tx::commit`] or,
/// dropped, nothing. It commits only if nothing that it read was written meanwhile.
pub struct Tx {
    pub(crate) shared: Arc<Shared>,
    pub(crate) view: View,
    pub(crate) cause: Option<Cause>,
    /// Physical key to what happened to the resource there.
    touched: BTreeMap<Bytes, Touched>,
    /// A row was written for which somebody waits ([`Row::WAKES`]).
    pub(crate) wakes: bool,
    /// Whom to wake once it is committed.
    pub(crate) signals: Vec<String>,
    /// What it measured, which counts once it is committed.
    pub(crate) measurements: Vec<Measurement>,
    /// What it measured that counts where its run answers an error.
    pub(crate) refusals: Vec<Measurement>,
    /// The accounts that it closes.
    pub(crate) closes: Vec<AccountId>,
}

struct Touched {
    order: usize,
    table: &'static str,
    scope: Scope,
    before: Option<(ResourceIdentity, Bytes)>,
    after: Option<(ResourceIdentity, Bytes)>,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx").field("view", &self.view).field("cause", &self.cause).finish_non_exhaustive()
    }
}

impl Deref for Tx {
    type Target = View;

    fn deref(&self) -> &View {
        &self.view
    }
}

impl Tx {
    pub(crate) fn new(shared: Arc<Shared>, view: View, cause: Option<Cause>) -> Self {
        let (signals, measurements, refusals) = (Vec::new(), Vec::new(), Vec::new());
        let (touched, closes) = (BTreeMap::new(), Vec::new());
        Self { shared, view, cause, touched, wakes: false, signals, measurements, refusals, closes }
    }

    /// What the transaction sees, for functions that take a [`View`].
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    /// Whether it has written anything so far.
    #[must_use]
    pub fn has_writes(&self) -> bool {
        !self.view.overlay.is_empty()
    }

    /// The call that it is run for.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        self.cause.as_ref()
    }

    /// Writes a row whose key is new.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] where the key is taken; then nothing is written.
    pub fn insert<R: Row>(&mut self, row: R) -> Result<(), StoreError> {
        let key = physical_key(&row);
        if self.view.raw_get(&key)?.is_some() {
            return Err(StoreError::AlreadyExists { table: R::TABLE, key: encoding::readable(&key) });
        }
        self.write(key, None, &row)
    }

    /// Writes a row, whether or not its key is new. An equal row changes nothing.
    ///
    /// # Errors
    /// Where the row cannot be encoded or the storage engine fails.
    pub fn put<R: Row>(&mut self, row: R) -> Result<(), StoreError> {
        let key = physical_key(&row);
        let before = self.view.raw_get(&key)?;
        self.write(key, before, &row)
    }

    /// Writes a row whose key is there. An equal row changes nothing.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the key is not there; then nothing is written.
    pub fn update<R: Row>(&mut self, row: R) -> Result<(), StoreError> {
        let key = physical_key(&row);
        match self.view.raw_get(&key)? {
            None => Err(StoreError::NotFound { table: R::TABLE, key: encoding::readable(&key) }),
            before => self.write(key, before, &row),
        }
    }

    /// Removes the row with a key, and returns what it was.
    ///
    /// # Errors
    /// Where the row cannot be decoded or the storage engine fails.
    pub fn remove<R: Row>(
        &mut self,
        scope: Scope,
        key: impl EncodesAs<R::Key>,
    ) -> Result<Option<R>, StoreError> {
        let mut physical = encoding::scope_prefix::<R>(scope);
        key.encode(&mut physical);
        let physical = Bytes::from(physical);
        let Some(before) = self.view.raw_get(&physical)? else { return Ok(None) };
        let row: R = encoding::decode_row(&before)?;
        self.shared.touches.writes::<R>();
        for entry in row.indexes() {
            self.view.overlay.insert(encoding::index_key::<R>(scope, &entry, &physical), None);
        }
        self.touch::<R>(&physical, scope, row.resource().map(|identity| (identity, before)), None);
        self.view.overlay.insert(physical, None);
        Ok(Some(row))
    }

    /// Wakes those who [listen](crate::Store::listen) for a topic, such as `sqs/000000000000/us-east-1/orders`, once this is committed.
    pub fn signal(&mut self, topic: impl Into<String>) {
        self.signals.push(topic.into());
    }

    /// Measures something, for metrics: gathered once this is committed, even where it wrote nothing. Made only where somebody collects it.
    pub fn measure(&mut self, measurement: impl FnOnce() -> Measurement) {
        if self.shared.meter.is_on() {
            self.measurements.push(measurement());
        }
    }

    /// Measures what is about to be refused: gathered where the run of [`crate::Store::transact`] answers an error, which commits nothing else.
    pub fn measure_refusal(&mut self, measurement: impl FnOnce() -> Measurement) {
        if self.shared.meter.is_on() {
            self.refusals.push(measurement());
        }
    }

    /// Whether anybody collects what is measured.
    #[must_use]
    pub fn is_measured(&self) -> bool {
        self.shared.meter.is_on()
    }

    /// Commits. The writes are visible and survive the end of the process on return; with [`crate::Durability::Power`] they survive a loss
    /// of power once the answer's `wait` has returned. A transaction that wrote nothing always commits.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it has to be run again ([`crate::Store::transact`] does); [`StoreError::Backend`] where the storage
    /// engine fails: then it is unknown whether it was written, and the store takes no further writes.
    pub fn commit(self) -> Result<Committed, StoreError> {
        let shared = Arc::clone(&self.shared);
        shared.commit(self)
    }

    /// Replaces all index entries of a table by those that its rows have now.
    pub(crate) fn reindex<R: Row>(&mut self) -> Result<usize, StoreError> {
        for kind in [b'i', b'g'] {
            let mut prefix = encoding::table_prefix::<R>();
            if let Some(first) = prefix.first_mut() {
                *first = kind;
            }
            let mut stale = Vec::new();
            self.view.raw_scan(&prefix, &encoding::prefix_end(&prefix), false, &mut |key, _| {
                stale.push(key.clone());
                Ok(ControlFlow::Continue(()))
            })?;
            self.view.overlay.extend(stale.into_iter().map(|key| (key, None)));
        }
        let rows = self.view.list_all::<R>()?;
        for row in &rows {
            let key = physical_key(row);
            let suffix = key.slice(encoding::table_prefix::<R>().len().min(key.len())..);
            for entry in row.indexes() {
                let entry = encoding::index_key::<R>(row.scope(), &entry, &key);
                self.view.overlay.insert(entry, Some(suffix.clone()));
            }
        }
        Ok(rows.len())
    }

    fn write<R: Row>(&mut self, key: Bytes, before: Option<Bytes>, row: &R) -> Result<(), StoreError> {
        let after = encoding::encode_row(row)?;
        if before.as_ref() == Some(&after) {
            return Ok(());
        }
        self.wakes |= R::WAKES;
        self.shared.touches.writes::<R>();
        self.signals
            .extend(R::SIGNAL.filter(|topic| !self.signals.iter().any(|it| it == topic)).map(str::to_owned));
        let scope = row.scope();
        let old: Option<R> = before.as_ref().map(|bytes| encoding::decode_row(bytes)).transpose()?;
        let old_entries: BTreeSet<IndexEntry> = old.iter().flat_map(Row::indexes).collect();
        let new_entries: BTreeSet<IndexEntry> = row.indexes().into_iter().collect();
        for gone in old_entries.difference(&new_entries) {
            self.view.overlay.insert(encoding::index_key::<R>(scope, gone, &key), None);
        }
        let suffix = key.slice(encoding::table_prefix::<R>().len().min(key.len())..);
        for new in new_entries.difference(&old_entries) {
            self.view.overlay.insert(encoding::index_key::<R>(scope, new, &key), Some(suffix.clone()));
        }
        let identity_before = old.and_then(|row| row.resource()).zip(before);
        let identity_after = row.resource().map(|identity| (identity, after.clone()));
        self.touch::<R>(&key, scope, identity_before, identity_after);
        self.view.overlay.insert(key, Some(after));
        Ok(())
    }

    fn touch<R: Row>(
        &mut self,
        key: &Bytes,
        scope: Scope,
        before: Option<(ResourceIdentity, Bytes)>,
        after: Option<(ResourceIdentity, Bytes)>,
    ) {
        let order = self.touched.len();
        match self.touched.get_mut(key) {
            Some(touched) => touched.after = after,
            None if before.is_none() && after.is_none() => {}
            None => {
                self.touched.insert(key.clone(), Touched { order, table: R::TABLE, scope, before, after });
            }
        }
    }

    /// What is appended to the feed when it commits.
    pub(crate) fn changes(&mut self, sequence: u64, at: Timestamp) -> Vec<Change> {
        let mut touched: Vec<Touched> = std::mem::take(&mut self.touched).into_values().collect();
        touched.sort_by_key(|touched| touched.order);
        let mut changes = Vec::with_capacity(touched.len());
        for Touched { table, scope, before, after, .. } in touched {
            let (kind, identity) = match (&before, &after) {
                (None, None) => continue,
                (Some((_, before)), Some((_, after))) if before == after => continue,
                (None, Some((identity, _))) => (ChangeKind::Created, identity.clone()),
                (Some(_), Some((identity, _))) => (ChangeKind::Updated, identity.clone()),
                (Some((identity, _)), None) => (ChangeKind::Deleted, identity.clone()),
            };
            changes.push(Change {
                sequence,
                index: u32::try_from(changes.len()).unwrap_or(u32::MAX),
                at,
                cause: self.cause.clone(),
                scope,
                resource: identity.into(),
                kind,
                table: table.to_owned(),
                before: before.map(|(_, bytes)| bytes),
                after: after.map(|(_, bytes)| bytes),
            });
        }
        changes
    }
}

pub(crate) fn physical_key<R: Row>(row: &R) -> Bytes {
    let mut key = encoding::scope_prefix::<R>(row.scope());
    row.key().encode(&mut key);
    key.into()
}

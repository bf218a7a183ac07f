use crate::backends::Snapshot;
use crate::cache::Cache;
use crate::conflict::Reads;
use crate::encoding;
use crate::key::EncodesAs;
use crate::key_prefix::{IndexPrefix, PrefixOf};
use crate::scan::{IndexScan, Scan};
use crate::{Row, StoreError};
use bytes::Bytes;
use names::{AccountId, Scope};
use parking_lot::Mutex;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Is shown the entries of a range, a key and its value at a time, until it breaks.
pub(crate) type Visit<'a> = dyn FnMut(&Bytes, &Bytes) -> Result<ControlFlow<()>, StoreError> + 'a;

/// The store at one moment; in a transaction ([`crate::Tx`] derefs to it) with the transaction's own writes over it. Cheap to open; on disk
/// it keeps old versions from being cleaned up, so do not keep one for minutes.
pub struct View {
    pub(crate) snapshot: Box<dyn Snapshot>,
    /// What was read lately, where the snapshot is exactly of `sequence`.
    pub(crate) cache: Option<Arc<Cache>>,
    /// The last commit that it is sure to contain.
    pub(crate) sequence: u64,
    pub(crate) overlay: BTreeMap<Bytes, Option<Bytes>>,
    /// In a transaction, what was read, for finding conflicts.
    pub(crate) reads: Option<Mutex<Reads>>,
}

impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("View")
            .field("sequence", &self.sequence)
            .field("writes", &self.overlay.len())
            .finish_non_exhaustive()
    }
}

impl View {
    /// The sequence number of the last commit that this view is sure to contain.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// The row with a key.
    ///
    /// # Errors
    /// Where the storage engine fails or the row cannot be decoded; so in all methods here.
    pub fn get<R: Row>(&self, scope: Scope, key: impl EncodesAs<R::Key>) -> Result<Option<R>, StoreError> {
        let mut physical = encoding::scope_prefix::<R>(scope);
        key.encode(&mut physical);
        self.raw_get(&Bytes::from(physical))?.map(|value| encoding::decode_row(&value)).transpose()
    }

    /// Whether there is a row with a key.
    ///
    /// # Errors
    /// See [`View::get`].
    pub fn exists<R: Row>(&self, scope: Scope, key: impl EncodesAs<R::Key>) -> Result<bool, StoreError> {
        let mut physical = encoding::scope_prefix::<R>(scope);
        key.encode(&mut physical);
        Ok(self.raw_get(&Bytes::from(physical))?.is_some())
    }

    /// All rows of a scope in the order of their keys.
    ///
    /// # Errors
    /// See [`View::get`].
    pub fn list<R: Row>(&self, scope: Scope) -> Result<Vec<R>, StoreError> {
        self.scan::<R>(scope, ()).rows()
    }

    /// The rows of a scope whose keys begin so: `()` for all, `("queue",)` for a tuple's first element, [`crate::StartsWith`] for a text.
    /// The scan is refined (`reverse`, `limit`, `after` …) before it is read with `rows`, `page`, `first`, `count` or `each`.
    pub fn scan<R: Row>(&self, scope: Scope, prefix: impl PrefixOf<R::Key>) -> Scan<'_, R> {
        let base = encoding::scope_prefix::<R>(scope);
        let mut lower = base.clone();
        prefix.encode_prefix(&mut lower);
        Scan::new(self, base, lower)
    }

    /// All rows of an account, in all regions, ordered by region and key.
    ///
    /// # Errors
    /// See [`View::get`].
    pub fn list_account<R: Row>(&self, account: AccountId) -> Result<Vec<R>, StoreError> {
        let mut prefix = encoding::table_prefix::<R>();
        encoding::push_account(account, &mut prefix);
        Scan::<R>::new(self, prefix.clone(), prefix).rows()
    }

    /// The rows of an account in all its regions, or of all accounts: for reading one at a time, as [`View::scan_all`].
    pub fn scan_of<R: Row>(&self, account: Option<AccountId>) -> Scan<'_, R> {
        let mut prefix = encoding::table_prefix::<R>();
        if let Some(account) = account {
            encoding::push_account(account, &mut prefix);
        }
        Scan::new(self, prefix.clone(), prefix)
    }

    /// All rows of all accounts and regions, ordered by account, region and key.
    ///
    /// # Errors
    /// See [`View::get`].
    pub fn list_all<R: Row>(&self) -> Result<Vec<R>, StoreError> {
        self.scan_all::<R>().rows()
    }

    /// As [`View::list_all`], for reading a part or one row at a time. Bounds by key (`after` …) do not apply to it.
    pub fn scan_all<R: Row>(&self) -> Scan<'_, R> {
        let prefix = encoding::table_prefix::<R>();
        Scan::new(self, prefix.clone(), prefix)
    }

    /// The rows with an index entry that begins so, in the order of the entries: `"name"` or `("a", 1_u64)` for elements that are
    /// equal, [`crate::StartsWith`] for a text's beginning, `()` for all.
    ///
    /// # Errors
    /// See [`View::get`].
    pub fn by_index<R: Row>(
        &self,
        scope: Scope,
        index: &str,
        prefix: impl IndexPrefix,
    ) -> Result<Vec<R>, StoreError> {
        self.scan_index::<R>(scope, index, prefix).rows()
    }

    /// The first row of [`View::by_index`].
    ///
    /// # Errors
    /// See [`View::get`].
    pub fn first_by_index<R: Row>(
        &self,
        scope: Scope,
        index: &str,
        prefix: impl IndexPrefix,
    ) -> Result<Option<R>, StoreError> {
        self.scan_index::<R>(scope, index, prefix).first()
    }

    /// As [`View::by_index`], for reading a part.
    pub fn scan_index<R: Row>(
        &self,
        scope: Scope,
        index: &str,
        prefix: impl IndexPrefix,
    ) -> IndexScan<'_, R> {
        IndexScan::new(self, encoding::index_prefix::<R>(Some(scope), index), index, &prefix)
    }

    /// The rows of all accounts and regions with an entry of a global index ([`crate::IndexEntry::global`]) that begins so.
    ///
    /// # Errors
    /// See [`View::get`].
    pub fn by_global_index<R: Row>(
        &self,
        index: &str,
        prefix: impl IndexPrefix,
    ) -> Result<Vec<R>, StoreError> {
        self.scan_global_index::<R>(index, prefix).rows()
    }

    /// The first row of [`View::by_global_index`].
    ///
    /// # Errors
    /// See [`View::get`].
    pub fn first_by_global_index<R: Row>(
        &self,
        index: &str,
        prefix: impl IndexPrefix,
    ) -> Result<Option<R>, StoreError> {
        self.scan_global_index::<R>(index, prefix).first()
    }

    /// As [`View::by_global_index`], for reading a part.
    pub fn scan_global_index<R: Row>(&self, index: &str, prefix: impl IndexPrefix) -> IndexScan<'_, R> {
        IndexScan::new(self, encoding::index_prefix::<R>(None, index), index, &prefix)
    }

    pub(crate) fn raw_get(&self, key: &Bytes) -> Result<Option<Bytes>, StoreError> {
        if let Some(written) = self.overlay.get(key) {
            return Ok(written.clone());
        }
        if let Some(reads) = &self.reads {
            reads.lock().point(key.clone());
        }
        let Some(cache) = &self.cache else { return self.snapshot.get(key) };
        if let Some(value) = cache.value(self.sequence, key) {
            return Ok(value);
        }
        let value = self.snapshot.get(key)?;
        cache.put_value(self.sequence, key, value.as_ref());
        Ok(value)
    }

    /// The first entry of an index whose key begins so: its key and its value.
    pub(crate) fn raw_first(&self, prefix: &[u8]) -> Result<Option<(Bytes, Bytes)>, StoreError> {
        let cache = self.cache.as_ref().filter(|_| self.overlay.is_empty());
        if let Some(first) = cache.and_then(|cache| cache.first(self.sequence, prefix)) {
            if let Some(reads) = &self.reads {
                let end = match &first {
                    Some((key, _)) => [key.as_ref(), &[0]].concat(),
                    None => encoding::prefix_end(prefix),
                };
                reads.lock().range(Bytes::copy_from_slice(prefix), end.into());
            }
            return Ok(first);
        }
        let mut first = None;
        self.raw_scan(prefix, &encoding::prefix_end(prefix), false, &mut |key, value| {
            first = Some((key.clone(), value.clone()));
            Ok(ControlFlow::Break(()))
        })?;
        if let Some(cache) = cache {
            cache.put_first(self.sequence, prefix, first.clone());
        }
        Ok(first)
    }

    /// Calls `each` with the entries of a range until it breaks. What it was not shown does not count as read.
    pub(crate) fn raw_scan(
        &self,
        lower: &[u8],
        upper: &[u8],
        reverse: bool,
        each: &mut Visit<'_>,
    ) -> Result<(), StoreError> {
        if lower >= upper {
            return Ok(());
        }
        let mut stored = self.snapshot.scan(lower, upper, reverse).peekable();
        let bounds = Bytes::copy_from_slice(lower)..Bytes::copy_from_slice(upper);
        let mut written: Box<dyn Iterator<Item = (&Bytes, &Option<Bytes>)>> = if reverse {
            Box::new(self.overlay.range(bounds).rev())
        } else {
            Box::new(self.overlay.range(bounds))
        };
        let mut next_written = written.next();
        let mut stopped_at = None;
        while stopped_at.is_none() {
            // Where both have the key, the own write hides the stored one.
            let order = match (stored.peek(), next_written) {
                (None, None) => break,
                (Some(_), None) | (Some(Err(_)), Some(_)) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(Ok((key, _))), Some((own, _))) if reverse => own.cmp(key),
                (Some(Ok((key, _))), Some((own, _))) => key.cmp(own),
            };
            let stored_entry = if order.is_le() { stored.next() } else { None };
            if order.is_ge() {
                let current = std::mem::replace(&mut next_written, written.next());
                if let Some((key, Some(value))) = current
                    && each(key, value)?.is_break()
                {
                    stopped_at = Some(key.clone());
                }
            } else if let Some(entry) = stored_entry {
                let (key, value) = entry?;
                if each(&key, &value)?.is_break() {
                    stopped_at = Some(key);
                }
            }
        }
        if let Some(reads) = &self.reads {
            let (mut low, mut high) = (Bytes::copy_from_slice(lower), Bytes::copy_from_slice(upper));
            match stopped_at {
                Some(key) if reverse => low = key,
                Some(key) => high = [key.as_ref(), &[0]].concat().into(),
                None => {}
            }
            reads.lock().range(low, high);
        }
        Ok(())
    }
}

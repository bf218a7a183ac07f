use crate::encoding::{self, prefix_end};
use crate::key::EncodesAs;
use crate::key_prefix::IndexPrefix;
use crate::view::Visit;
use crate::{Row, StoreError, View};
use bytes::Bytes;
use std::marker::PhantomData;
use std::ops::ControlFlow;

/// A part of an answer, and whether there is more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<R> {
    /// The rows, at most as many as the limit.
    pub rows: Vec<R>,
    /// Whether rows follow. Read on with `after` the key of the last one.
    pub more: bool,
}

/// A range of rows that is about to be read, see [`View::scan`].
#[derive(Debug)]
#[must_use = "a scan reads nothing until it is asked for rows"]
pub struct Scan<'v, R> {
    range: Range<'v>,
    /// What all keys of the scope begin with.
    base: Vec<u8>,
    row: PhantomData<fn() -> R>,
}

impl<'v, R: Row> Scan<'v, R> {
    pub(crate) fn new(view: &'v View, base: Vec<u8>, prefix: Vec<u8>) -> Self {
        Self { range: Range::of_prefix(view, prefix), base, row: PhantomData }
    }

    fn physical(&self, key: &impl EncodesAs<R::Key>) -> Vec<u8> {
        let mut out = self.base.clone();
        key.encode(&mut out);
        out
    }

    /// Only keys that follow this one (the last of the page before).
    pub fn after(mut self, key: impl EncodesAs<R::Key>) -> Self {
        let mut key = self.physical(&key);
        key.push(0);
        self.range.raise(key);
        self
    }

    /// Only this key and those that follow it.
    pub fn from(mut self, key: impl EncodesAs<R::Key>) -> Self {
        let key = self.physical(&key);
        self.range.raise(key);
        self
    }

    /// Only keys before this one.
    pub fn before(mut self, key: impl EncodesAs<R::Key>) -> Self {
        let key = self.physical(&key);
        self.range.lower_end(key);
        self
    }

    /// From the last key to the first.
    pub fn reverse(mut self) -> Self {
        self.range.reverse = true;
        self
    }

    /// At most so many rows.
    pub fn limit(mut self, rows: usize) -> Self {
        self.range.limit = Some(rows);
        self
    }

    /// The rows.
    ///
    /// # Errors
    /// See [`View::get`]; so in all methods here.
    pub fn rows(self) -> Result<Vec<R>, StoreError> {
        self.range.rows(|_, value| encoding::decode_row(value))
    }

    /// The rows, and whether more follow beyond the limit.
    ///
    /// # Errors
    /// See [`View::get`].
    pub fn page(self) -> Result<Page<R>, StoreError> {
        self.range.page(|_, value| encoding::decode_row(value))
    }

    /// The first row (in reverse, the last).
    ///
    /// # Errors
    /// See [`View::get`].
    pub fn first(self) -> Result<Option<R>, StoreError> {
        Ok(self.limit(1).rows()?.pop())
    }

    /// How many rows there are; they are not decoded.
    ///
    /// # Errors
    /// See [`View::get`].
    pub fn count(self) -> Result<usize, StoreError> {
        Ok(self.range.rows(|_, _| Ok(()))?.len())
    }

    /// Calls `each` with one row after the other until it breaks.
    ///
    /// # Errors
    /// See [`View::get`].
    pub fn each(self, mut each: impl FnMut(R) -> ControlFlow<()>) -> Result<(), StoreError> {
        self.range.visit(&mut |_, value| Ok(each(encoding::decode_row(value)?)))
    }
}

/// A range of an index's entries that is about to be read, see [`View::scan_index`].
#[derive(Debug)]
#[must_use = "a scan reads nothing until it is asked for rows"]
pub struct IndexScan<'v, R> {
    range: Range<'v>,
    index: String,
    row: PhantomData<fn() -> R>,
}

impl<'v, R: Row> IndexScan<'v, R> {
    pub(crate) fn new(view: &'v View, base: Vec<u8>, index: &str, prefix: &impl IndexPrefix) -> Self {
        let mut lower = base;
        prefix.encode_prefix(&mut lower);
        Self { range: Range::of_prefix(view, lower), index: index.to_owned(), row: PhantomData }
    }

    /// Only entries that follow (in reverse: precede) those of this row, the last of the page before. Call it after `reverse`.
    pub fn after(mut self, row: &R) -> Self {
        let mut row_key = encoding::scope_prefix::<R>(row.scope());
        row.key().encode(&mut row_key);
        let entries = row.indexes().into_iter().filter(|entry| entry.index == self.index);
        let keys = entries.map(|entry| encoding::index_key::<R>(row.scope(), &entry, &row_key));
        let keys = keys.filter(|key| self.range.contains(key));
        if self.range.reverse {
            if let Some(key) = keys.min() {
                self.range.lower_end(key.to_vec());
            }
        } else if let Some(key) = keys.max() {
            self.range.raise([key.as_ref(), &[0]].concat());
        }
        self
    }

    /// From the last entry to the first.
    pub fn reverse(mut self) -> Self {
        self.range.reverse = true;
        self
    }

    /// At most so many rows.
    pub fn limit(mut self, rows: usize) -> Self {
        self.range.limit = Some(rows);
        self
    }

    /// The rows.
    ///
    /// # Errors
    /// See [`View::get`]; [`StoreError::Corrupt`] where an entry's row is missing. So in all methods here.
    pub fn rows(self) -> Result<Vec<R>, StoreError> {
        let view = self.range.view;
        self.range.rows(|entry, suffix| row_of_entry(view, entry, suffix))
    }

    /// The rows, and whether more follow beyond the limit.
    ///
    /// # Errors
    /// See [`IndexScan::rows`].
    pub fn page(self) -> Result<Page<R>, StoreError> {
        let view = self.range.view;
        self.range.page(|entry, suffix| row_of_entry(view, entry, suffix))
    }

    /// The first row (in reverse, the last).
    ///
    /// # Errors
    /// See [`IndexScan::rows`].
    pub fn first(self) -> Result<Option<R>, StoreError> {
        if self.range.is_whole_prefix() {
            let first = self.range.view.raw_first(&self.range.lower)?;
            return first.map(|(entry, suffix)| row_of_entry(self.range.view, &entry, &suffix)).transpose();
        }
        Ok(self.limit(1).rows()?.pop())
    }

    /// How many entries there are.
    ///
    /// # Errors
    /// See [`View::get`].
    pub fn count(self) -> Result<usize, StoreError> {
        Ok(self.range.rows(|_, _| Ok(()))?.len())
    }

    /// Calls `each` with one row after the other until it breaks: one row at a time is in memory.
    ///
    /// # Errors
    /// See [`IndexScan::rows`].
    pub fn each(self, mut each: impl FnMut(R) -> ControlFlow<()>) -> Result<(), StoreError> {
        let view = self.range.view;
        self.range.visit(&mut |entry, suffix| Ok(each(row_of_entry(view, entry, suffix)?)))
    }
}

fn row_of_entry<R: Row>(view: &View, entry: &[u8], suffix: &[u8]) -> Result<R, StoreError> {
    let mut key = encoding::table_prefix::<R>();
    key.extend_from_slice(suffix);
    match view.raw_get(&Bytes::from(key))? {
        Some(value) => encoding::decode_row(&value),
        None => Err(StoreError::Corrupt(format!(
            "the index entry {} of the table {} has no row",
            encoding::readable(entry),
            R::TABLE
        ))),
    }
}

#[derive(Debug)]
struct Range<'v> {
    view: &'v View,
    lower: Vec<u8>,
    upper: Vec<u8>,
    reverse: bool,
    limit: Option<usize>,
}

impl<'v> Range<'v> {
    fn of_prefix(view: &'v View, prefix: Vec<u8>) -> Self {
        let upper = prefix_end(&prefix);
        Self { view, lower: prefix, upper, reverse: false, limit: None }
    }

    /// Nothing narrows the range, and it is read forwards.
    fn is_whole_prefix(&self) -> bool {
        !self.reverse && self.limit.is_none() && self.upper == prefix_end(&self.lower)
    }

    fn raise(&mut self, lower: Vec<u8>) {
        if lower > self.lower {
            self.lower = lower;
        }
    }

    fn lower_end(&mut self, upper: Vec<u8>) {
        if upper < self.upper {
            self.upper = upper;
        }
    }

    fn contains(&self, key: &[u8]) -> bool {
        self.lower.as_slice() <= key && key < self.upper.as_slice()
    }

    fn visit(self, each: &mut Visit<'_>) -> Result<(), StoreError> {
        let mut left = self.limit.unwrap_or(usize::MAX);
        if left == 0 {
            return Ok(());
        }
        self.view.raw_scan(&self.lower, &self.upper, self.reverse, &mut |key, value| {
            left = left.saturating_sub(1);
            Ok(if each(key, value)?.is_break() || left == 0 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        })
    }

    fn rows<T>(
        self,
        mut read: impl FnMut(&Bytes, &Bytes) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut rows = Vec::new();
        self.visit(&mut |key, value| {
            rows.push(read(key, value)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(rows)
    }

    /// One entry more than the limit is looked at, to know whether there are more.
    fn page<T>(
        self,
        mut read: impl FnMut(&Bytes, &Bytes) -> Result<T, StoreError>,
    ) -> Result<Page<T>, StoreError> {
        let limit = self.limit.unwrap_or(usize::MAX);
        let mut page = Page { rows: Vec::new(), more: false };
        self.view.raw_scan(&self.lower, &self.upper, self.reverse, &mut |key, value| {
            if page.rows.len() >= limit {
                page.more = true;
                return Ok(ControlFlow::Break(()));
            }
            page.rows.push(read(key, value)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(page)
    }
}

//! What lies in one account, in all tables: found by the keys, which begin with their table and account.

use crate::backends::Snapshot;
use crate::encoding::{self, prefix_end};
use crate::{Store, StoreError, View};
use bytes::Bytes;
use names::AccountId;
use std::ops::Range;

/// How many bytes of a key name the account.
const ACCOUNT: usize = 12;
/// How many rows one commit removes.
const AT_ONCE: usize = 1000;

/// Whose an entry is, of a row or an index.
pub(crate) fn account_of(key: &[u8], value: &[u8]) -> Option<AccountId> {
    let account = match key.first()? {
        // An entry of a global index holds its row's key after the table.
        b'g' => value.get(..ACCOUNT)?,
        b'd' | b'i' => key.get(head(key)?.len()..)?.get(..ACCOUNT)?,
        _ => return None,
    };
    std::str::from_utf8(account).ok()?.parse().ok()
}

/// What stands before the account in the key of a row (its table) or of an index's entry (table and index).
fn head(key: &[u8]) -> Option<&[u8]> {
    let zeros = if key.first() == Some(&b'i') { 2 } else { 1 };
    let mut ends = key.iter().enumerate().filter(|(_, byte)| **byte == 0).map(|(at, _)| at.saturating_add(1));
    key.get(..ends.nth(zeros - 1)?)
}

/// The table that a key is of.
pub(crate) fn table(key: &[u8]) -> &[u8] {
    key.get(1..).and_then(|rest| rest.split(|byte| *byte == 0).next()).unwrap_or_default()
}

/// The next keys of one kind (`d`: rows, `i`: entries of indexes) that are an account's and lie together: those of one table or index.
pub(crate) fn next_stretch(
    snapshot: &dyn Snapshot,
    kind: u8,
    account: AccountId,
    mut from: Vec<u8>,
) -> Result<Option<Range<Vec<u8>>>, StoreError> {
    let end = prefix_end(&[kind]);
    while let Some(entry) = snapshot.scan(&from, &end, false).next() {
        let key = entry?.0;
        let Some(head) = head(&key) else { return Ok(None) };
        let mut own = head.to_vec();
        encoding::push_account(account, &mut own);
        if key.starts_with(&own) {
            return Ok(Some(key.to_vec()..prefix_end(&own)));
        }
        from = if *key < *own { own } else { prefix_end(head) };
    }
    Ok(None)
}

impl View {
    /// How many bytes an account's rows have, keys too, by table. Reads all of them, so it is for a thread of its own. It does not count as read.
    ///
    /// # Errors
    /// See [`View::get`].
    pub fn account_bytes(&self, account: AccountId) -> Result<Vec<(String, u64)>, StoreError> {
        let mut sizes = Vec::new();
        let mut at = b"d".to_vec();
        while let Some(stretch) = next_stretch(&*self.snapshot, b'd', account, at)? {
            let mut bytes = 0_usize;
            for entry in self.snapshot.scan(&stretch.start, &stretch.end, false) {
                let (key, value) = entry?;
                bytes = bytes.saturating_add(key.len()).saturating_add(value.len());
            }
            let table = String::from_utf8_lossy(table(&stretch.start)).into_owned();
            sizes.push((table, u64::try_from(bytes).unwrap_or(u64::MAX)));
            at = stretch.end;
        }
        Ok(sizes)
    }
}

impl Store {
    /// Removes the oldest of an account's rows in a table until so many bytes are left, from each region its share; answers how many bytes went. For tables whose
    /// keys begin with a time, whose rows are no resources and have no indexes: there is no change of what goes. Reads all of them, so it is for a thread of its own.
    ///
    /// # Errors
    /// Where the storage engine fails.
    pub fn thin_account(&self, account: AccountId, table: &str, keep: u64) -> Result<u64, StoreError> {
        let mut own = [b"d", table.as_bytes(), &[0]].concat();
        encoding::push_account(account, &mut own);
        let view = self.view();
        let entries = || view.snapshot.scan(&own, &prefix_end(&own), false);
        let weight = |key: &Bytes, value: &Bytes| {
            u64::try_from(key.len().saturating_add(value.len())).unwrap_or(u64::MAX)
        };
        // A region at a time, since that stands before the time in a key.
        let region = |key: &Bytes| {
            let rest = key.get(own.len()..).unwrap_or_default();
            rest.split(|byte| *byte == 0).next().map(<[u8]>::to_vec).unwrap_or_default()
        };
        let mut regions: Vec<(Vec<u8>, u64)> = Vec::new();
        for entry in entries() {
            let (key, value) = entry?;
            match regions.last_mut() {
                Some((last, bytes)) if *last == region(&key) => {
                    *bytes = bytes.saturating_add(weight(&key, &value))
                }
                _ => regions.push((region(&key), weight(&key, &value))),
            }
        }
        let all = regions.iter().map(|(_, bytes)| bytes).sum::<u64>();
        let excess = all.saturating_sub(keep);
        if excess == 0 {
            return Ok(0);
        }
        let share = |bytes: u64| u128::from(bytes) * u128::from(excess) / u128::from(all.max(1));
        let mut shares =
            regions.into_iter().map(|(region, bytes)| (region, share(bytes))).collect::<Vec<_>>().into_iter();
        let (mut of, mut left) = shares.next().unwrap_or_default();
        let (mut gone, mut removed) = (Vec::new(), 0_u64);
        for entry in entries() {
            let (key, value) = entry?;
            if of != region(&key) {
                (of, left) = shares.next().unwrap_or_default();
            }
            if left == 0 {
                continue;
            }
            left = left.saturating_sub(u128::from(weight(&key, &value)));
            removed = removed.saturating_add(weight(&key, &value));
            gone.push(key);
            if gone.len() >= AT_ONCE {
                self.shared.remove(std::mem::take(&mut gone))?;
            }
        }
        self.shared.remove(gone)?;
        Ok(removed)
    }
}

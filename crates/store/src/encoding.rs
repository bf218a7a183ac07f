//! What keys and values look like in the backend.
//!
//! A key begins with a letter for its kind, then the table: `d table 00 | account region 00 key` is a row,
//! `i table 00 index 00 | account region 00 index-key | row-key` an entry of an index, `g table 00 index 00 | index-key | account region 00 key`
//! one of a global index, `f sequence index` a change of the feed, `c name` a cursor, `m name` a number of the store's own.
//! A row's value is its version (two bytes) and MessagePack with the fields' names; an index entry's is the key of its row after the table.

use crate::row::IndexEntry;
use crate::{Row, StoreError};
use bytes::Bytes;
use names::{AccountId, Scope};
use serde::de::DeserializeOwned;

pub(crate) const SEQUENCE: &[u8] = b"msequence";

/// What all rows of a table begin with.
pub(crate) fn table_prefix<R: Row>() -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    out.push(b'd');
    out.extend_from_slice(R::TABLE.as_bytes());
    out.push(0);
    out
}

pub(crate) fn push_account(account: AccountId, out: &mut Vec<u8>) {
    out.extend_from_slice(account.as_str().as_bytes());
}

pub(crate) fn push_scope(scope: Scope, out: &mut Vec<u8>) {
    push_account(scope.account, out);
    out.extend_from_slice(scope.region.as_str().as_bytes());
    out.push(0);
}

/// What the rows of a table in a scope begin with.
pub(crate) fn scope_prefix<R: Row>(scope: Scope) -> Vec<u8> {
    let mut out = table_prefix::<R>();
    push_scope(scope, &mut out);
    out
}

/// What an index's entries begin with: of one scope, or the whole of a global index.
pub(crate) fn index_prefix<R: Row>(scope: Option<Scope>, index: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(96);
    out.push(if scope.is_some() { b'i' } else { b'g' });
    out.extend_from_slice(R::TABLE.as_bytes());
    out.push(0);
    out.extend_from_slice(index.as_bytes());
    out.push(0);
    if let Some(scope) = scope {
        push_scope(scope, &mut out);
    }
    out
}

/// The key of an entry; `row_key` is the row's whole physical key.
pub(crate) fn index_key<R: Row>(scope: Scope, entry: &IndexEntry, row_key: &[u8]) -> Bytes {
    let table = table_prefix::<R>().len();
    let mut out = if entry.global {
        index_prefix::<R>(None, entry.index)
    } else {
        index_prefix::<R>(Some(scope), entry.index)
    };
    out.extend_from_slice(&entry.key);
    let skip = if entry.global { table } else { scope_prefix::<R>(scope).len() };
    out.extend_from_slice(row_key.get(skip..).unwrap_or_default());
    out.into()
}

/// The first key after all that begin with the prefix; empty where there is none.
pub(crate) fn prefix_end(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if let Some(next) = last.checked_add(1) {
            end.push(next);
            break;
        }
    }
    end
}

pub(crate) fn encode_row<R: Row>(row: &R) -> Result<Bytes, StoreError> {
    let mut out = Vec::with_capacity(256);
    out.extend_from_slice(&R::VERSION.to_be_bytes());
    rmp_serde::encode::write_named(&mut out, row)
        .map_err(|error| StoreError::Encode { table: R::TABLE, reason: error.to_string() })?;
    Ok(out.into())
}

pub(crate) fn decode_row<R: Row>(bytes: &[u8]) -> Result<R, StoreError> {
    let Some((version, fields)) = bytes.split_first_chunk::<2>() else {
        return Err(StoreError::Decode {
            table: R::TABLE.into(),
            version: 0,
            reason: "the row is empty".into(),
        });
    };
    let version = u16::from_be_bytes(*version);
    if version == R::VERSION { decode_fields(R::TABLE, version, fields) } else { R::migrate(version, fields) }
}

pub(crate) fn decode_fields<T: DeserializeOwned>(
    table: &str,
    version: u16,
    fields: &[u8],
) -> Result<T, StoreError> {
    rmp_serde::from_slice(fields).map_err(|error| StoreError::Decode {
        table: table.into(),
        version,
        reason: without_values(&error.to_string()),
    })
}

/// serde quotes the value that it did not expect, and that may be a secret.
fn without_values(reason: &str) -> String {
    match (reason.find('"'), reason.rfind('"')) {
        (Some(first), Some(last)) if first < last => {
            [reason.get(..first), Some("(a text)"), reason.get(last.saturating_add(1)..)]
                .into_iter()
                .flatten()
                .collect()
        }
        _ => reason.to_owned(),
    }
}

/// A physical key for people: without its table, and with dots for what does not print.
pub(crate) fn readable(key: &[u8]) -> String {
    let after_table = key.iter().position(|byte| *byte == 0).map_or(0, |end| end.saturating_add(1));
    key.get(after_table..)
        .unwrap_or_default()
        .iter()
        .map(|byte| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '·' })
        .take(300)
        .collect()
}

pub(crate) fn number(bytes: &[u8]) -> u64 {
    bytes.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_do_not_quote_what_is_stored() {
        let stored = rmp_serde::to_vec("my \"secret\" value").unwrap();
        let error = decode_fields::<AccountId>("test.keys", 3, &stored).unwrap_err().to_string();
        assert_eq!(
            error,
            "a row of the table test.keys, stored as version 3, cannot be decoded: (a text) is not a twelve-digit account id"
        );
    }

    #[test]
    fn the_end_of_a_prefix_is_after_all_that_begin_so() {
        assert_eq!(prefix_end(b"ab"), b"ac");
        assert_eq!(prefix_end(&[b'a', 0xFF, 0xFF]), b"b");
        assert!(prefix_end(&[0xFF]).is_empty());
    }
}

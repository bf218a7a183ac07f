//! Items, and their copies in secondary indexes.
//!
//! A partition's items lie side by side in the order of their sort keys, so that a query reads a range. Partitions lie in the order of their
//! tokens, so that a segment of a scan is a range too.

use super::Blob;
use crate::value::{Item, KeyBytes, decode_item};
use names::Scope;
use serde::{Deserialize, Serialize};
use store::{IndexEntry, Row, StoreError, View};

/// An item of a table, or of a backup. The fields' names are short because each row holds them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredItem {
    #[serde(rename = "s")]
    pub(crate) scope: Scope,
    /// The id of the table (not its name: a table of the same name is another one), or of the backup.
    #[serde(rename = "t")]
    pub(crate) table: String,
    #[serde(rename = "k")]
    pub(crate) token: u32,
    #[serde(rename = "h")]
    pub(crate) hash: Blob,
    #[serde(rename = "r")]
    pub(crate) range: Blob,
    #[serde(rename = "b")]
    pub(crate) body: Blob,
    /// When time to live ends it, in seconds; kept only while the table has time to live.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires: Option<u64>,
}

/// A table's id, a partition's token, the partition key and the sort key.
pub(crate) type ItemKey = (String, u32, Vec<u8>, Vec<u8>);

impl Row for StoredItem {
    const TABLE: &'static str = "dynamodb.items";
    type Key = ItemKey;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> ItemKey {
        (self.table.clone(), self.token, self.hash.0.clone(), self.range.0.clone())
    }
    fn indexes(&self) -> Vec<IndexEntry> {
        let entry = |expires: u64| IndexEntry::new("expiry", (self.table.as_str(), expires));
        self.expires.map(entry).into_iter().collect()
    }
}

impl StoredItem {
    pub(crate) fn get(
        view: &View,
        scope: Scope,
        table: &str,
        key: &KeyBytes,
    ) -> Result<Option<Self>, StoreError> {
        view.get(scope, (table, key.token(), key.hash.as_slice(), key.range.as_slice()))
    }

    pub(crate) fn item(&self) -> Result<Item, StoreError> {
        decoded(&self.body)
    }

    pub(crate) fn key_bytes(&self) -> KeyBytes {
        KeyBytes { hash: self.hash.0.clone(), range: self.range.0.clone() }
    }
}

/// An item's copy in a secondary index: what the index projects.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct IndexItem {
    #[serde(rename = "s")]
    pub(crate) scope: Scope,
    /// The id of the table, `/`, and the index's name.
    #[serde(rename = "i")]
    pub(crate) index: String,
    #[serde(rename = "k")]
    pub(crate) token: u32,
    #[serde(rename = "h")]
    pub(crate) hash: Blob,
    #[serde(rename = "r")]
    pub(crate) range: Blob,
    /// The key of the item itself, see [`primary`].
    #[serde(rename = "p")]
    pub(crate) primary: Blob,
    #[serde(rename = "b")]
    pub(crate) body: Blob,
}

pub(crate) type IndexKey = (String, u32, Vec<u8>, Vec<u8>, Vec<u8>);

impl Row for IndexItem {
    const TABLE: &'static str = "dynamodb.index_items";
    type Key = IndexKey;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> IndexKey {
        (self.index.clone(), self.token, self.hash.0.clone(), self.range.0.clone(), self.primary.0.clone())
    }
}

impl IndexItem {
    pub(crate) fn item(&self) -> Result<Item, StoreError> {
        decoded(&self.body)
    }
}

/// The key of an item as one text: the partition key's length, the partition key, the sort key.
pub(crate) fn primary(key: &KeyBytes) -> Vec<u8> {
    let length = u16::try_from(key.hash.len()).unwrap_or(u16::MAX);
    [&length.to_be_bytes()[..], &key.hash, &key.range].concat()
}

pub(crate) fn decoded(body: &Blob) -> Result<Item, StoreError> {
    decode_item(&body.0)
        .ok_or_else(|| StoreError::Corrupt("an item of a DynamoDB table cannot be decoded".into()))
}

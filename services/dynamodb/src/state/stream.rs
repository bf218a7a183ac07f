//! Streams: what was changed, for 24 hours. <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html>
//!
//! Records of a shard are numbered in the order of their commits: the shard's counter is part of the transaction. Writes to a table without a
//! stream share nothing; with a stream they share the counter of their shard.

use super::{Blob, KeySchema, StreamSettings, Table};
use names::{Arn, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::{Row, StoreError, View};

/// How long records are kept.
pub(crate) const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// A stream, on or off for less than a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stream {
    pub(crate) scope: Scope,
    pub(crate) table: String,
    pub(crate) table_id: String,
    pub(crate) label: String,
    pub(crate) view_type: String,
    pub(crate) key: KeySchema,
    pub(crate) shards: u32,
    pub(crate) created: Timestamp,
    pub(crate) ended: Option<Timestamp>,
}

/// The counter of a shard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shard {
    pub(crate) scope: Scope,
    /// The stream's id.
    pub(crate) stream: String,
    pub(crate) number: u32,
    /// The next record's number.
    pub(crate) next: u64,
}

/// What a write did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Event {
    Insert,
    Modify,
    Remove,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StreamRecord {
    pub(crate) scope: Scope,
    pub(crate) stream: String,
    pub(crate) shard: u32,
    pub(crate) number: u64,
    pub(crate) id: String,
    pub(crate) at: Timestamp,
    pub(crate) event: Event,
    pub(crate) keys: Blob,
    pub(crate) old: Option<Blob>,
    pub(crate) new: Option<Blob>,
    pub(crate) size: u64,
    /// Time to live removed the item.
    pub(crate) expired: bool,
}

impl Stream {
    pub(crate) fn of(table: &Table, settings: &StreamSettings, created: Timestamp) -> Self {
        Self {
            scope: table.scope,
            table: table.name.clone(),
            table_id: table.id.clone(),
            label: settings.label.clone(),
            view_type: settings.view_type.clone(),
            key: table.key.clone(),
            shards: settings.shards,
            created,
            ended: None,
        }
    }

    pub(crate) fn get(
        view: &View,
        scope: Scope,
        table: &str,
        label: &str,
    ) -> Result<Option<Self>, StoreError> {
        view.get(scope, (table, label))
    }

    pub(crate) fn arn(&self) -> String {
        Arn::new("dynamodb", self.scope, format!("table/{}/stream/{}", self.table, self.label)).to_string()
    }

    /// What its shards and records are kept under.
    pub(crate) fn id(&self) -> String {
        stream_id(&self.table_id, &self.label)
    }

    /// The id of a shard: the stream's creation, as AWS's are, and the shard's number.
    pub(crate) fn shard_id(&self, number: u32) -> String {
        format!("shardId-{:020}-{number:08x}", self.created.millis())
    }

    pub(crate) fn shard_number(&self, shard_id: &str) -> Option<u32> {
        (0..self.shards).find(|number| self.shard_id(*number) == shard_id)
    }

    pub(crate) fn next(&self, view: &View, shard: u32) -> Result<u64, StoreError> {
        let counter: Option<Shard> = view.get(self.scope, (self.id(), shard))?;
        Ok(counter.map_or(0, |counter| counter.next))
    }
}

pub(crate) fn stream_id(table_id: &str, label: &str) -> String {
    format!("{table_id}/{label}")
}

/// A sequence number as it is answered: unique in the stream, rising in the shard.
pub(crate) fn sequence_number(shard: u32, number: u64) -> String {
    format!("1{:020}", u128::from(number) * 16 + u128::from(shard))
}

/// The number that a sequence number of a shard stands for.
pub(crate) fn number_of(shard: u32, sequence: &str) -> Option<u64> {
    let digits = sequence.strip_prefix('1').filter(|digits| digits.len() == 20)?;
    let value: u128 = digits.parse().ok()?;
    if value % 16 == u128::from(shard) { u64::try_from(value / 16).ok() } else { None }
}

impl Row for Stream {
    const TABLE: &'static str = "dynamodb.streams";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.table.clone(), self.label.clone())
    }
}

impl Row for Shard {
    const TABLE: &'static str = "dynamodb.stream_shards";
    type Key = (String, u32);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.stream.clone(), self.number)
    }
}

impl Row for StreamRecord {
    const TABLE: &'static str = "dynamodb.stream_records";
    type Key = (String, u32, u64);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.stream.clone(), self.shard, self.number)
    }
}

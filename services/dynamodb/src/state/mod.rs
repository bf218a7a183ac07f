//! What DynamoDB keeps.

mod backup;
mod bytes_field;
mod describe;
mod item;
mod stream;
mod table;

pub(crate) use backup::{Backup, TransactionToken};
pub(crate) use bytes_field::Blob;
pub(crate) use describe::{count, key_schema, on_demand, projection};
pub(crate) use item::{IndexItem, StoredItem, decoded, primary};
pub(crate) use stream::{Event, KEPT, Shard, Stream, StreamRecord, number_of, sequence_number, stream_id};
pub(crate) use table::{
    Encryption, Index, KeySchema, KeyType, OnDemand, Projected, Recovery, Restored, StoredPolicy,
    StreamSettings, Table, Throughput, Units,
};

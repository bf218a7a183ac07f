//! DynamoDB and DynamoDB Streams: tables, items and what was done to them.
//!
//! What it is: tables with local and global indexes, the whole expression language (and the parameters from before it), exact numbers of 38
//! digits, transactions, time to live, streams, backups on demand, resource policies. Items lie in the store in the order of their keys, so
//! that a query reads a range; a write changes the item, its indexes and its stream in one transaction.
//!
//! What it is not: nothing is throttled (units are counted and answered), so provisioned, on-demand and warm throughput are settings only; all
//! changes of tables are complete when they are answered, so no table is ever CREATING; reads are always consistent. A key of KMS is checked
//! when it is chosen and reported, but items are not encrypted with it. Not built, and refused or answered 501: global tables,
//! restoring to a point in time, PartiQL, export and import, Kinesis streams, contributor insights.

mod access;
mod capacity;
mod checks;
mod cloudformation;
mod definition;
mod encryption;
mod expression;
mod legacy;
mod metrics;
mod operations;
mod plan;
mod reading;
mod reference;
mod refusal;
mod state;
mod tags;
mod tasks;
mod value;
mod writing;

use api_dynamodb::{
    BatchGetItem, BatchWriteItem, CreateBackup, CreateTable, DeleteBackup, DeleteItem, DeleteResourcePolicy,
    DeleteTable, DescribeBackup, DescribeContinuousBackups, DescribeEndpoints, DescribeLimits, DescribeTable,
    DescribeTimeToLive, GetItem, GetResourcePolicy, ListBackups, ListTables, ListTagsOfResource, PutItem,
    PutResourcePolicy, Query, RestoreTableFromBackup, Scan, TagResource, TransactGetItems,
    TransactWriteItems, UntagResource, UpdateContinuousBackups, UpdateItem, UpdateTable, UpdateTimeToLive,
};
use api_dynamodbstreams::{DescribeStream, GetRecords, GetShardIterator, ListStreams};
use contract::Registration;
use std::sync::Arc;

/// The service, most of whose operations are transactions.
pub(crate) struct Dynamodb;

/// The service's streams.
pub(crate) struct Streams;

/// DynamoDB's table of contents.
#[must_use]
pub fn registration() -> Registration {
    let service = Arc::new(Dynamodb);
    Registration::new(&api_dynamodb::SERVICE)
        .orchestrate::<Dynamodb, CreateTable>(&service)
        .orchestrate::<Dynamodb, UpdateTable>(&service)
        .transact::<Dynamodb, DescribeTable>()
        .transact::<Dynamodb, DeleteTable>()
        .transact::<Dynamodb, ListTables>()
        .transact_data::<Dynamodb, GetItem>()
        .transact_data::<Dynamodb, PutItem>()
        .transact_data::<Dynamodb, UpdateItem>()
        .transact_data::<Dynamodb, DeleteItem>()
        .transact_data::<Dynamodb, Query>()
        .transact_data::<Dynamodb, Scan>()
        .transact_data::<Dynamodb, BatchGetItem>()
        .transact_data::<Dynamodb, BatchWriteItem>()
        .transact_data::<Dynamodb, TransactGetItems>()
        .transact_data::<Dynamodb, TransactWriteItems>()
        .transact::<Dynamodb, UpdateTimeToLive>()
        .transact::<Dynamodb, DescribeTimeToLive>()
        .transact::<Dynamodb, UpdateContinuousBackups>()
        .transact::<Dynamodb, DescribeContinuousBackups>()
        .transact::<Dynamodb, CreateBackup>()
        .transact::<Dynamodb, DescribeBackup>()
        .transact::<Dynamodb, ListBackups>()
        .transact::<Dynamodb, DeleteBackup>()
        .orchestrate::<Dynamodb, RestoreTableFromBackup>(&service)
        .transact::<Dynamodb, DescribeLimits>()
        .transact::<Dynamodb, DescribeEndpoints>()
        .transact::<Dynamodb, TagResource>()
        .transact::<Dynamodb, UntagResource>()
        .transact::<Dynamodb, ListTagsOfResource>()
        .transact::<Dynamodb, PutResourcePolicy>()
        .transact::<Dynamodb, GetResourcePolicy>()
        .transact::<Dynamodb, DeleteResourcePolicy>()
        .resource::<state::Table>()
        .handler(cloudformation::TableHandler)
        .task(tasks::Expire)
        .task(tasks::Forget)
        .task(tasks::Purge)
        .task(tasks::Trim)
        .task(metrics::Provisioned)
}

/// DynamoDB Streams' table of contents.
#[must_use]
pub fn streams_registration() -> Registration {
    Registration::new(&api_dynamodbstreams::SERVICE)
        .transact::<Streams, ListStreams>()
        .transact::<Streams, DescribeStream>()
        .transact_data::<Streams, GetShardIterator>()
        .transact_data::<Streams, GetRecords>()
}

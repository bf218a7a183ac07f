//! A stand-in for a DynamoDB stream: shards of numbered records, which end when a test says so.

use api_dynamodbstreams::{
    AttributeValue, DescribeStream, DescribeStreamOutput, Error, GetRecords, GetRecordsOutput,
    GetShardIterator, GetShardIteratorOutput, OperationType, Record, Shard, ShardIteratorType,
    StreamDescription, StreamRecord,
};
use contract::{Access, Call, Transact};
use names::{Scope, Timestamp};
use store::{Row, Tx, View};

/// A shard: a record's place is its sequence number.
#[derive(Clone, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct TestShard {
    pub(crate) id: String,
    pub(crate) parent: Option<String>,
    /// Keys of items, and when they were written.
    pub(crate) records: Vec<(String, Timestamp)>,
    pub(crate) ended: bool,
}

#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct TestStream {
    pub(crate) scope: Scope,
    pub(crate) arn: String,
    pub(crate) shards: Vec<TestShard>,
}

impl Row for TestStream {
    const TABLE: &'static str = "test.streams";
    type Key = String;
    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.arn.clone()
    }
}

pub(crate) struct Streams;

fn stream(view: &View, call: &Call, arn: &str) -> Result<TestStream, Error> {
    let found = view.get::<TestStream>(call.scope(), arn)?;
    found.ok_or_else(|| Error::sender("ResourceNotFoundException", "no such stream"))
}

fn on(action: &str, arn: &str) -> Access {
    Access::on(format!("dynamodb:{action}"), arn)
}

impl Transact<DescribeStream> for Streams {
    fn access(input: &DescribeStream, _: &Call, _: &View) -> Access {
        on("DescribeStream", &input.stream_arn)
    }
    fn run(input: DescribeStream, call: &Call, tx: &mut Tx) -> Result<DescribeStreamOutput, Error> {
        let stream = stream(tx, call, &input.stream_arn)?;
        let shards = stream.shards.into_iter().map(|shard| Shard {
            shard_id: Some(shard.id),
            parent_shard_id: shard.parent,
            sequence_number_range: None,
        });
        let description = StreamDescription { shards: Some(shards.collect()), ..Default::default() };
        Ok(DescribeStreamOutput { stream_description: Some(description) })
    }
}

impl Transact<GetShardIterator> for Streams {
    fn access(input: &GetShardIterator, _: &Call, _: &View) -> Access {
        on("GetShardIterator", &input.stream_arn)
    }
    fn run(input: GetShardIterator, call: &Call, tx: &mut Tx) -> Result<GetShardIteratorOutput, Error> {
        let stream = stream(tx, call, &input.stream_arn)?;
        let shard = stream.shards.into_iter().find(|shard| shard.id == input.shard_id);
        let shard = shard.ok_or_else(|| Error::sender("ResourceNotFoundException", "no such shard"))?;
        let place = match input.shard_iterator_type {
            ShardIteratorType::Latest => shard.records.len(),
            ShardIteratorType::TrimHorizon => 0,
            _ => input.sequence_number.unwrap().parse::<usize>().unwrap() + 1,
        };
        Ok(GetShardIteratorOutput { shard_iterator: Some(format!("{}|{}|{place}", stream.arn, shard.id)) })
    }
}

impl Transact<GetRecords> for Streams {
    fn access(input: &GetRecords, _: &Call, _: &View) -> Access {
        on("GetRecords", input.shard_iterator.split('|').next().unwrap())
    }
    fn run(input: GetRecords, call: &Call, tx: &mut Tx) -> Result<GetRecordsOutput, Error> {
        let parts: Vec<&str> = input.shard_iterator.split('|').collect();
        let stream = stream(tx, call, parts[0])?;
        let shard = stream.shards.into_iter().find(|shard| shard.id == parts[1]).unwrap();
        let start: usize = parts[2].parse().unwrap();
        let limit = usize::try_from(input.limit.unwrap_or(1000)).unwrap();
        let end = shard.records.len().min(start + limit);
        let record = |(place, (key, at)): (usize, &(String, Timestamp))| Record {
            event_id: Some(place.to_string()),
            event_name: Some(OperationType::Insert),
            event_version: Some("1.1".into()),
            event_source: Some("aws:dynamodb".into()),
            aws_region: Some("us-east-1".into()),
            dynamodb: Some(StreamRecord {
                approximate_creation_date_time: Some(*at),
                keys: Some(
                    [("id".to_owned(), AttributeValue { s: Some(key.clone()), ..Default::default() })].into(),
                ),
                sequence_number: Some(format!("{place:021}")),
                ..Default::default()
            }),
            user_identity: None,
        };
        let records = shard.records.iter().enumerate().take(end).skip(start).map(record).collect();
        let over = shard.ended && end == shard.records.len();
        let next = (!over).then(|| format!("{}|{}|{end}", stream.arn, shard.id));
        Ok(GetRecordsOutput { records: Some(records), next_shard_iterator: next })
    }
}

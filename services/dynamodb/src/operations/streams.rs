//! Reading streams: the API `dynamodbstreams`.

use crate::Streams;
use crate::access::{IntoAccess, attach_stream};
use crate::metrics;
use crate::reference::TableReference;
use crate::state::{Event, KEPT, Stream, StreamRecord, Table, decoded, number_of, sequence_number};
use crate::value::item_into;
use api_dynamodbstreams::{
    DescribeStream, DescribeStreamOutput, Error, ExpiredIteratorException, GetRecords, GetRecordsOutput,
    GetShardIterator, GetShardIteratorOutput, Identity, KeySchemaElement, KeyType, ListStreams,
    ListStreamsOutput, OperationType, Record, ResourceNotFoundException, SequenceNumberRange, Shard,
    ShardIteratorType, StreamDescription, StreamRecord as Images, StreamStatus, TrimmedDataAccessException,
};
use base64::Engine as _;
use contract::{Access, Call, Check, Transact};
use names::Timestamp;
use std::time::Duration;
use store::{StoreError, Tx, View};

/// How long an iterator can be used.
const ITERATOR: Duration = Duration::from_secs(15 * 60);
/// A page of records ends at so many bytes.
const PAGE: u64 = 1 << 20;

fn validation(message: impl Into<String>) -> Error {
    Error::sender("ValidationException", message)
}

fn not_found(arn: &str) -> Error {
    ResourceNotFoundException::new(format!("Requested resource not found: Stream: {arn} not found")).into()
}

/// The table and label of a stream's ARN.
fn reference(arn: &str) -> Result<(TableReference, String), Error> {
    let bad = || validation(format!("Invalid StreamArn: {arn}"));
    let (reference, rest) = TableReference::read_arn(arn).map_err(|_| bad())?;
    let label = rest.as_deref().and_then(|rest| rest.strip_prefix("stream/")).ok_or_else(bad)?;
    Ok((reference, label.to_owned()))
}

fn on_stream(action: &str, arn: &str, view: &View) -> Access {
    let Ok((table, label)) = reference(arn) else { return Access::to(format!("dynamodb:{action}")) };
    let mut check = Check::new(format!("dynamodb:{action}"), format!("{}/stream/{label}", table.arn()));
    check.resource_account = Some(table.scope.account);
    if let Ok(Some(found)) = Table::get(view, table.scope, &table.name) {
        attach_stream(&mut check, &found, &label);
    }
    check.into_access()
}

fn known(view: &View, call: &Call, arn: &str) -> Result<Stream, Error> {
    let (table, label) = reference(arn)?;
    if table.scope.region != call.region {
        return Err(not_found(arn));
    }
    let stream = Stream::get(view, table.scope, &table.name, &label)?;
    // What ended more than a day ago is gone, whether or not it is removed yet.
    let there = |stream: &Stream| stream.ended.is_none_or(|ended| ended.plus(KEPT) >= call.now);
    stream.filter(there).ok_or_else(|| not_found(arn))
}

impl Transact<ListStreams> for Streams {
    fn access(input: &ListStreams, call: &Call, _: &View) -> Access {
        let table =
            input.table_name.as_deref().and_then(|name| TableReference::read(name, call.scope()).ok());
        match table {
            None => Access::to("dynamodb:ListStreams"),
            Some(table) => Access::on("dynamodb:ListStreams", format!("{}/stream/*", table.arn())),
        }
    }

    fn run(input: ListStreams, call: &Call, tx: &mut Tx) -> Result<ListStreamsOutput, Error> {
        let scope = call.scope();
        let limit = input.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(100);
        let mut streams = match &input.table_name {
            None => tx.list::<Stream>(scope)?,
            Some(name) => {
                let table = TableReference::read(name, scope)
                    .ok()
                    .filter(|table| table.scope == scope)
                    .ok_or_else(|| validation(format!("Invalid table name: {name}")))?;
                tx.scan::<Stream>(scope, (table.name.as_str(),)).rows()?
            }
        };
        streams.retain(|stream| stream.ended.is_none_or(|ended| ended.plus(KEPT) >= call.now));
        if let Some(start) = &input.exclusive_start_stream_arn {
            let (table, label) = reference(start)?;
            streams.retain(|stream| (&stream.table, &stream.label) > (&table.name, &label));
        }
        let more = streams.len() > limit;
        streams.truncate(limit);
        let last = streams.last().filter(|_| more).map(Stream::arn);
        let streams = streams.into_iter().map(|stream| api_dynamodbstreams::Stream {
            stream_arn: Some(stream.arn()),
            table_name: Some(stream.table),
            stream_label: Some(stream.label),
        });
        Ok(ListStreamsOutput { streams: Some(streams.collect()), last_evaluated_stream_arn: last })
    }
}

impl Transact<DescribeStream> for Streams {
    fn access(input: &DescribeStream, _: &Call, view: &View) -> Access {
        on_stream("DescribeStream", &input.stream_arn, view)
    }

    fn run(input: DescribeStream, call: &Call, tx: &mut Tx) -> Result<DescribeStreamOutput, Error> {
        let stream = known(tx, call, &input.stream_arn)?;
        let limit = input.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(100);
        let first = match &input.exclusive_start_shard_id {
            None => 0,
            Some(id) => stream.shard_number(id).map_or(stream.shards, |number| number + 1),
        };
        let mut shards = Vec::new();
        // No shard is ever split: none has a child.
        let none_asked = input.shard_filter.is_some();
        for number in (first..stream.shards).filter(|_| !none_asked) {
            let next = stream.next(tx, number)?;
            let ended = stream.ended.is_some();
            shards.push(Shard {
                shard_id: Some(stream.shard_id(number)),
                sequence_number_range: Some(SequenceNumberRange {
                    starting_sequence_number: Some(sequence_number(number, 0)),
                    ending_sequence_number: ended.then(|| sequence_number(number, next)),
                }),
                parent_shard_id: None,
            });
        }
        let more = shards.len() > limit;
        shards.truncate(limit);
        let last = shards.last().filter(|_| more).and_then(|shard| shard.shard_id.clone());
        let element = |name: &String, key_type| KeySchemaElement { attribute_name: name.clone(), key_type };
        let hash = element(&stream.key.hash, KeyType::Hash);
        let range = stream.key.range.iter().map(|range| element(range, KeyType::Range));
        let status = if stream.ended.is_some() { StreamStatus::Disabled } else { StreamStatus::Enabled };
        Ok(DescribeStreamOutput {
            stream_description: Some(StreamDescription {
                stream_arn: Some(stream.arn()),
                stream_label: Some(stream.label.clone()),
                stream_status: Some(status),
                stream_view_type: stream.view_type.parse().ok(),
                creation_request_date_time: Some(stream.created),
                table_name: Some(stream.table.clone()),
                key_schema: Some(std::iter::once(hash).chain(range).collect()),
                shards: Some(shards),
                last_evaluated_shard_id: last,
            }),
        })
    }
}

/// Where reading goes on. It says nothing that its holder may not know, and gives nothing: each read is authorized on the stream.
struct Position {
    stream_arn: String,
    shard: u32,
    next: u64,
    issued: Timestamp,
}

impl Position {
    fn text(&self) -> String {
        let position = format!("{}:{}:{}", self.shard, self.next, self.issued.millis());
        let engine = base64::engine::general_purpose::STANDARD;
        format!("{}|1|{}", self.stream_arn, engine.encode(position))
    }

    fn read(text: &str) -> Option<Self> {
        let (stream_arn, position) = text.split_once("|1|")?;
        let bytes = base64::engine::general_purpose::STANDARD.decode(position).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let mut parts = text.split(':');
        let shard = parts.next()?.parse().ok()?;
        let next = parts.next()?.parse().ok()?;
        let issued = Timestamp::from_millis(parts.next()?.parse().ok()?);
        parts.next().is_none().then(|| Self { stream_arn: stream_arn.to_owned(), shard, next, issued })
    }
}

/// The first record that is not too old.
fn horizon(stream: &Stream, shard: u32, now: Timestamp, view: &View) -> Result<u64, StoreError> {
    let oldest = now.minus(KEPT);
    let mut found = None;
    view.scan::<StreamRecord>(stream.scope, (stream.id(), shard)).each(|record| {
        if record.at >= oldest {
            found = Some(record.number);
            std::ops::ControlFlow::Break(())
        } else {
            std::ops::ControlFlow::Continue(())
        }
    })?;
    match found {
        Some(number) => Ok(number),
        None => stream.next(view, shard),
    }
}

impl Transact<GetShardIterator> for Streams {
    fn access(input: &GetShardIterator, _: &Call, view: &View) -> Access {
        on_stream("GetShardIterator", &input.stream_arn, view)
    }

    fn run(input: GetShardIterator, call: &Call, tx: &mut Tx) -> Result<GetShardIteratorOutput, Error> {
        let stream = known(tx, call, &input.stream_arn)?;
        let shard = stream.shard_number(&input.shard_id).ok_or_else(|| -> Error {
            ResourceNotFoundException::new(format!(
                "Requested resource not found: Shard: {} in Stream: {} not found",
                input.shard_id, input.stream_arn
            ))
            .into()
        })?;
        let at = || -> Result<u64, Error> {
            let given = input.sequence_number.as_deref().ok_or_else(|| {
                validation(format!(
                    "SequenceNumber must be specified for ShardIteratorType {}",
                    input.shard_iterator_type
                ))
            })?;
            let number = number_of(shard, given)
                .ok_or_else(|| validation(format!("Invalid SequenceNumber: {given}")))?;
            if number < horizon(&stream, shard, call.now, tx)? {
                return Err(TrimmedDataAccessException::new(
                    "The operation attempted to read past the oldest stream record in a shard.",
                )
                .into());
            }
            Ok(number)
        };
        let next = match input.shard_iterator_type {
            ShardIteratorType::TrimHorizon => horizon(&stream, shard, call.now, tx)?,
            ShardIteratorType::Latest => stream.next(tx, shard)?,
            ShardIteratorType::AtSequenceNumber => at()?,
            ShardIteratorType::AfterSequenceNumber => at()? + 1,
        };
        let position = Position { stream_arn: input.stream_arn, shard, next, issued: call.now };
        Ok(GetShardIteratorOutput { shard_iterator: Some(position.text()) })
    }
}

impl Transact<GetRecords> for Streams {
    fn access(input: &GetRecords, _: &Call, view: &View) -> Access {
        match Position::read(&input.shard_iterator) {
            Some(position) => on_stream("GetRecords", &position.stream_arn, view),
            None => Access::to("dynamodb:GetRecords"),
        }
    }

    fn run(input: GetRecords, call: &Call, tx: &mut Tx) -> Result<GetRecordsOutput, Error> {
        let position =
            Position::read(&input.shard_iterator).ok_or_else(|| validation("Invalid ShardIterator"))?;
        let stream = known(tx, call, &position.stream_arn)?;
        if position.issued.plus(ITERATOR) < call.now || position.issued > call.now.plus(ITERATOR) {
            return Err(ExpiredIteratorException::new(
                "Iterator expired. The shard iterator is only valid for 15 minutes",
            )
            .into());
        }
        if position.shard >= stream.shards {
            return Err(validation("Invalid ShardIterator"));
        }
        let oldest = call.now.minus(KEPT);
        let limit = input.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(1000);
        let mut next = position.next;
        let mut records = Vec::new();
        let mut bytes = 0;
        let mut failure = None;
        let id = stream.id();
        tx.scan::<StreamRecord>(stream.scope, (id.as_str(), position.shard))
            .from((id.as_str(), position.shard, next))
            .each(|record| {
                next = record.number + 1;
                if record.at < oldest {
                    return std::ops::ControlFlow::Continue(());
                }
                bytes += record.size;
                match answer(record, &stream) {
                    Ok(record) => records.push(record),
                    Err(error) => failure = Some(error),
                }
                if failure.is_some() || records.len() >= limit || bytes >= PAGE {
                    return std::ops::ControlFlow::Break(());
                }
                std::ops::ControlFlow::Continue(())
            })?;
        if let Some(error) = failure {
            return Err(error.into());
        }
        // A stream that is off ends here.
        let over = stream.ended.is_some() && next >= stream.next(tx, position.shard)?;
        let position = Position { next, issued: call.now, ..position };
        metrics::returned_records(records.len(), bytes, &stream, call.now, tx);
        Ok(GetRecordsOutput { records: Some(records), next_shard_iterator: (!over).then(|| position.text()) })
    }
}

fn answer(record: StreamRecord, stream: &Stream) -> Result<Record, StoreError> {
    let event = match record.event {
        Event::Insert => OperationType::Insert,
        Event::Modify => OperationType::Modify,
        Event::Remove => OperationType::Remove,
    };
    let old = record.old.as_ref().map(decoded).transpose()?;
    let new = record.new.as_ref().map(decoded).transpose()?;
    // AWS rounds the moment to the second.
    let at = Timestamp::from_seconds(record.at.seconds());
    Ok(Record {
        event_id: Some(record.id),
        event_name: Some(event),
        event_version: Some("1.1".into()),
        event_source: Some("aws:dynamodb".into()),
        aws_region: Some(stream.scope.region.to_string()),
        dynamodb: Some(Images {
            approximate_creation_date_time: Some(at),
            keys: Some(item_into(decoded(&record.keys)?)),
            new_image: new.map(item_into),
            old_image: old.map(item_into),
            sequence_number: Some(sequence_number(record.shard, record.number)),
            size_bytes: i64::try_from(record.size).ok(),
            stream_view_type: stream.view_type.parse().ok(),
        }),
        user_identity: record.expired.then(|| Identity {
            principal_id: Some("dynamodb.amazonaws.com".into()),
            r#type: Some("Service".into()),
        }),
    })
}

//! Log streams.

use super::{after, group, identify, identify_or_own, on_group, on_stream, stream, token};
use crate::Logs;
use crate::state::group::LogGroup;
use crate::state::stream::LogStream;
use api_logs::{
    CreateLogStream, CreateLogStreamOutput, DeleteLogStream, DeleteLogStreamOutput, DescribeLogStreams,
    DescribeLogStreamsOutput, Error, InvalidParameterException, OrderBy, ResourceAlreadyExistsException,
};
use contract::{Access, Call, Transact};
use names::Arn;
use store::{StartsWith, Tx, View};

impl Transact<CreateLogStream> for Logs {
    fn access(input: &CreateLogStream, call: &Call, _: &View) -> Access {
        on_stream("CreateLogStream", call.scope(), &input.log_group_name, &input.log_stream_name)
    }

    fn run(input: CreateLogStream, call: &Call, tx: &mut Tx) -> Result<CreateLogStreamOutput, Error> {
        let scope = call.scope();
        group(tx, scope, &input.log_group_name)?;
        if tx.exists::<LogStream>(scope, (&input.log_group_name, &input.log_stream_name))? {
            return Err(ResourceAlreadyExistsException::new("The specified log stream already exists").into());
        }
        tx.insert(LogStream {
            scope,
            group: input.log_group_name,
            name: input.log_stream_name,
            created: call.now,
            first_event: None,
            last_event: None,
            last_ingestion: None,
            bytes: 0,
            next: 0,
        })?;
        Ok(CreateLogStreamOutput {})
    }
}

impl Transact<DeleteLogStream> for Logs {
    fn access(input: &DeleteLogStream, call: &Call, _: &View) -> Access {
        on_stream("DeleteLogStream", call.scope(), &input.log_group_name, &input.log_stream_name)
    }

    fn run(input: DeleteLogStream, call: &Call, tx: &mut Tx) -> Result<DeleteLogStreamOutput, Error> {
        let scope = call.scope();
        group(tx, scope, &input.log_group_name)?;
        let stream = stream(tx, scope, &input.log_group_name, &input.log_stream_name)?;
        super::groups::remove_events(tx, &stream)?;
        tx.remove::<LogStream>(scope, (&stream.group, &stream.name))?;
        Ok(DeleteLogStreamOutput {})
    }
}

impl Transact<DescribeLogStreams> for Logs {
    fn access(input: &DescribeLogStreams, call: &Call, _: &View) -> Access {
        let (scope, name) =
            identify_or_own(call, input.log_group_name.as_deref(), input.log_group_identifier.as_deref());
        on_group("DescribeLogStreams", scope, &name)
    }

    fn run(input: DescribeLogStreams, call: &Call, tx: &mut Tx) -> Result<DescribeLogStreamsOutput, Error> {
        let (scope, name) = identify(call, input.log_group_name.as_deref(), input.log_group_identifier.as_deref())?;
        let group = group(tx, scope, &name)?;
        let by_time = input.order_by == Some(OrderBy::LastEventTime);
        if by_time && input.log_stream_name_prefix.is_some() {
            return Err(InvalidParameterException::new("Cannot order by LastEventTime with a logStreamNamePrefix.").into());
        }
        let prefix = input.log_stream_name_prefix.unwrap_or_default();
        let mut streams = tx.scan::<LogStream>(scope, (name.as_str(), StartsWith(&prefix))).rows()?;
        if by_time {
            // Streams without events count by their creation.
            streams.sort_by_key(|stream| (stream.last_event.unwrap_or(stream.created.millis()), stream.name.clone()));
        }
        if input.descending == Some(true) {
            streams.reverse();
        }
        let start = match after(input.next_token.as_deref())? {
            Some(last) => streams.iter().position(|stream| stream.name == last).map_or(streams.len(), |index| index + 1),
            None => 0,
        };
        let limit = usize::try_from(input.limit.unwrap_or(50)).unwrap_or(50);
        let mut page: Vec<LogStream> = streams.into_iter().skip(start).take(limit + 1).collect();
        let more = page.len() > limit;
        page.truncate(limit);
        let next_token = more.then(|| page.last().map(|stream| token(&stream.name))).flatten();
        let log_streams = page.into_iter().map(|stream| described(&group, stream)).collect();
        Ok(DescribeLogStreamsOutput { log_streams: Some(log_streams), next_token })
    }
}

fn described(group: &LogGroup, stream: LogStream) -> api_logs::LogStream {
    let arn = Arn::new("logs", group.scope, format!("log-group:{}:log-stream:{}", stream.group, stream.name));
    api_logs::LogStream {
        creation_time: Some(stream.created.millis()),
        first_event_timestamp: stream.first_event,
        last_event_timestamp: stream.last_event,
        last_ingestion_time: stream.last_ingestion,
        // Sequence tokens are accepted and ignored since 2023; AWS still answers one.
        upload_sequence_token: stream.last_event.map(|_| format!("{:056}", stream.next)),
        arn: Some(arn.to_string()),
        // AWS answers zero for streams since 2019.
        stored_bytes: Some(0),
        log_stream_name: Some(stream.name),
    }
}

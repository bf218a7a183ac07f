//! Log streams.

use super::{
    group, identify, identify_or_own, limit, on_group, on_stream, on_written, protection, stream, tokens,
};
use crate::Logs;
use crate::state::group::LogGroup;
use crate::state::stream::LogStream;
use api_logs::{
    CreateLogStream, CreateLogStreamOutput, DeleteLogStream, DeleteLogStreamOutput, DescribeLogStreams,
    DescribeLogStreamsOutput, Error, InvalidParameterException, OrderBy, ResourceAlreadyExistsException,
};
use contract::{Access, Call, Transact};
use names::Arn;
use store::{Page, StartsWith, Tx, View};
use tokens::Listing;

impl Transact<CreateLogStream> for Logs {
    fn access(input: &CreateLogStream, call: &Call, view: &View) -> Access {
        on_written("CreateLogStream", view, call.scope(), &input.log_group_name, &input.log_stream_name)
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
        let group = group(tx, scope, &input.log_group_name)?;
        let stream = stream(tx, scope, &group.name, &input.log_stream_name)?;
        protection::check(&group)?;
        super::groups::remove_stream(tx, &stream)?;
        Ok(DeleteLogStreamOutput {})
    }
}

impl Transact<DescribeLogStreams> for Logs {
    fn access(input: &DescribeLogStreams, call: &Call, view: &View) -> Access {
        let (name, identifier) = (input.log_group_name.as_deref(), input.log_group_identifier.as_deref());
        let (scope, name) = identify_or_own(call, name, identifier);
        on_group("DescribeLogStreams", view, scope, &name)
    }

    fn run(input: DescribeLogStreams, call: &Call, tx: &mut Tx) -> Result<DescribeLogStreamsOutput, Error> {
        let (scope, name) =
            identify(call, input.log_group_name.as_deref(), input.log_group_identifier.as_deref())?;
        let by_time = input.order_by == Some(OrderBy::LastEventTime);
        if by_time && input.log_stream_name_prefix.is_some() {
            return Err(InvalidParameterException::new(
                "Cannot order by LastEventTime with a logStreamNamePrefix.",
            )
            .into());
        }
        let group = group(tx, scope, &name)?;
        let order = Order { descending: input.descending == Some(true), most: limit(input.limit, 50) };
        let last = tokens::read(Listing::Streams, input.next_token.as_deref(), call.now)?;
        let prefix = input.log_stream_name_prefix.unwrap_or_default();
        let page = if by_time {
            order.by_time(tx, &group, last.as_deref())?
        } else {
            order.by_name(tx, &group, &prefix, last.as_deref())?
        };
        let next_token = page.rows.last().filter(|_| page.more).map(|last| {
            let position = if by_time { format!("{}:{}", last.time(), last.name) } else { last.name.clone() };
            tokens::issue(Listing::Streams, &position, call.now)
        });
        let log_streams = page.rows.into_iter().map(|stream| described(&group, stream)).collect();
        Ok(DescribeLogStreamsOutput { log_streams: Some(log_streams), next_token })
    }
}

/// How streams are listed.
struct Order {
    descending: bool,
    most: usize,
}

impl Order {
    fn by_name(
        &self,
        view: &View,
        group: &LogGroup,
        prefix: &str,
        last: Option<&str>,
    ) -> Result<Page<LogStream>, Error> {
        let mut scan = view.scan::<LogStream>(group.scope, (group.name.as_str(), StartsWith(prefix)));
        if self.descending {
            scan = scan.reverse();
        }
        scan = match last.map(|last| (group.name.as_str(), last)) {
            None => scan,
            Some(last) if self.descending => scan.before(last),
            Some(last) => scan.after(last),
        };
        Ok(scan.limit(self.most).page()?)
    }

    /// The order is not one of keys: all streams of the group are looked at.
    fn by_time(&self, view: &View, group: &LogGroup, last: Option<&str>) -> Result<Page<LogStream>, Error> {
        let last = match last {
            None => None,
            Some(last) => {
                let (time, name) = last.split_once(':').ok_or_else(tokens::invalid)?;
                Some((time.parse::<i64>().map_err(|_| tokens::invalid())?, name.to_owned()))
            }
        };
        let mut streams = view.scan::<LogStream>(group.scope, (group.name.as_str(),)).rows()?;
        streams.sort_by_cached_key(|stream| (stream.time(), stream.name.clone()));
        if self.descending {
            streams.reverse();
        }
        if let Some((time, name)) = last {
            streams.retain(|stream| {
                let order = (stream.time(), stream.name.as_str()).cmp(&(time, name.as_str()));
                if self.descending { order.is_lt() } else { order.is_gt() }
            });
        }
        let more = streams.len() > self.most;
        streams.truncate(self.most);
        Ok(Page { rows: streams, more })
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
        upload_sequence_token: stream.last_event.map(|_| stream.sequence_token()),
        arn: Some(arn.to_string()),
        // AWS answers zero for streams since 2019.
        stored_bytes: Some(0),
        log_stream_name: Some(stream.name),
    }
}

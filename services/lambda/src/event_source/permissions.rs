//! Whether a function's role may read a source: asked by calling it, in ways that change nothing.

use crate::error::{invalid, service_failure};
use api_dynamodbstreams::{DescribeStream, GetShardIterator, ShardIteratorType};
use api_lambda::Error;
use api_sqs::{DeleteMessage, GetQueueAttributes, ReceiveMessage};
use contract::{Caller, Context};
use names::Arn;
use std::collections::BTreeMap;
use wire::ErrorResponse;

/// What Lambda has to know of a queue.
pub(crate) struct QueueFacts {
    /// Seconds.
    pub(crate) visibility: i32,
}

/// Where a queue is called.
pub(crate) fn queue_url(context: &Context, queue: &Arn) -> String {
    let account = queue.account.map(|account| account.to_string()).unwrap_or_default();
    format!("{}/{account}/{}", context.endpoint, queue.resource)
}

fn is_denied(error: &ErrorResponse) -> bool {
    error.status == 403 || error.code.contains("AccessDenied")
}

fn is_missing(error: &ErrorResponse) -> bool {
    error.code.contains("NonExistentQueue") || error.code.contains("QueueDoesNotExist")
}

/// ReceiveMessage and DeleteMessage are sent in a form that SQS refuses once it has authorized them.
pub(crate) async fn check_queue(role: &Caller, queue: &Arn, context: &Context) -> Result<QueueFacts, Error> {
    let url = queue_url(context, queue);
    let receive = ReceiveMessage {
        queue_url: url.clone(),
        max_number_of_messages: Some(0),
        ..ReceiveMessage::default()
    };
    judge("ReceiveMessage", role.call(receive).await.map(drop))?;
    let delete = DeleteMessage { queue_url: url.clone(), receipt_handle: "none".into() };
    judge("DeleteMessage", role.call(delete).await.map(drop))?;
    let facts =
        GetQueueAttributes { queue_url: url, attribute_names: Some(vec!["VisibilityTimeout".into()]) };
    match role.call(facts).await {
        Ok(facts) => Ok(QueueFacts { visibility: visibility(facts.attributes) }),
        Err(error) => {
            judge("GetQueueAttributes", Err(error.clone()))?;
            Err(refused("GetQueueAttributes", &error))
        }
    }
}

/// From a queue's attributes; 30 seconds where they do not say.
pub(super) fn visibility(attributes: Option<BTreeMap<String, String>>) -> i32 {
    let value = attributes.and_then(|mut attributes| attributes.remove("VisibilityTimeout"));
    value.and_then(|value| value.parse().ok()).unwrap_or(30)
}

fn refused(operation: &str, error: &ErrorResponse) -> Error {
    let code =
        if is_missing(error) { "AWS.SimpleQueueService.NonExistentQueue" } else { error.code.as_str() };
    invalid(format!(
        "Error occurred while {operation}. SQS Error Code: {code}. SQS Error Message: {}",
        error.message
    ))
}

fn judge(operation: &str, answer: Result<(), ErrorResponse>) -> Result<(), Error> {
    match answer {
        Err(error) if is_denied(&error) => {
            tracing::debug!(%error, operation, "the role may not read a queue");
            Err(invalid(format!(
                "The provided execution role does not have permissions to call {operation} on SQS"
            )))
        }
        Err(error) if is_missing(&error) => Err(refused("ReceiveMessage", &error)),
        Err(error) if error.status >= 500 => Err(service_failure(error.message)),
        // It was allowed; what was asked could not be done.
        _ => Ok(()),
    }
}

/// DescribeStream, and GetShardIterator for a shard that there is not.
pub(crate) async fn check_stream(role: &Caller, stream: &str) -> Result<(), Error> {
    let describe = DescribeStream { stream_arn: stream.to_owned(), ..DescribeStream::default() };
    let described = role.call(describe).await;
    let iterator = GetShardIterator {
        stream_arn: stream.to_owned(),
        shard_id: "shardId-00000000000000000000-none".into(),
        shard_iterator_type: ShardIteratorType::Latest,
        sequence_number: None,
    };
    let results = [described.map(drop), role.call(iterator).await.map(drop)];
    for (index, error) in results.into_iter().enumerate().filter_map(|(index, it)| Some((index, it.err()?))) {
        if is_denied(&error) {
            tracing::debug!(%error, stream, "the role may not read a stream");
            return Err(invalid(format!(
                "Cannot access stream {stream}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and \
                 ListStreams Actions on your stream in IAM."
            )));
        }
        if index == 0 && error.status >= 500 {
            return Err(service_failure(error.message));
        }
        if index == 0 {
            return Err(invalid(format!("Stream not found: {stream}")));
        }
    }
    Ok(())
}

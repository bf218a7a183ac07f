//! Event source mappings of DynamoDB streams.

use crate::metrics::each;
use crate::stream_stand_in::{TestShard, TestStream};
use crate::support::*;
use api_lambda::*;
use api_sqs::{CreateQueue, ReceiveMessage};
use sandbox::InvocationResult;
use std::time::Duration;
use wire::Document;

const S1: &str = "shardId-00000000000000000001-aaaa";
const S2: &str = "shardId-00000000000000000002-bbbb";
const READ: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Resource":"*",
    "Action":["dynamodb:DescribeStream","dynamodb:GetShardIterator","dynamodb:GetRecords","dynamodb:ListStreams","sqs:SendMessage"]}}"#;

fn stream_arn() -> String {
    format!("arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/t/stream/2026-11-21T09:30:00.000")
}

fn mapping(start: EventSourcePosition) -> CreateEventSourceMapping {
    CreateEventSourceMapping {
        event_source_arn: Some(stream_arn()),
        function_name: "f".into(),
        starting_position: Some(start),
        ..Default::default()
    }
}

impl Lab {
    fn shards(&self, change: impl Fn(&mut Vec<TestShard>)) {
        let scope = self.cloud.scope();
        let change = |tx: &mut store::Tx| -> Result<(), store::StoreError> {
            let found: Option<TestStream> = tx.get(scope, stream_arn().as_str())?;
            let mut stream =
                found.unwrap_or_else(|| TestStream { scope, arn: stream_arn(), shards: Vec::new() });
            change(&mut stream.shards);
            tx.signal(format!("dynamodb-stream/{ACCOUNT}/us-east-1/t"));
            tx.put(stream)
        };
        self.cloud.context().store.transact(None, change).unwrap();
    }

    fn shard(&self, id: &str, parent: Option<&str>) {
        let shard = TestShard { id: id.into(), parent: parent.map(str::to_owned), ..TestShard::default() };
        self.shards(|shards| shards.push(shard.clone()));
    }

    fn write(&self, shard: &str, keys: &[&str]) {
        let now = self.cloud.now();
        self.shards(|shards| {
            let shard = shards.iter_mut().find(|one| one.id == shard).unwrap();
            shard.records.extend(keys.iter().map(|key| ((*key).to_owned(), now)));
        });
    }

    /// The keys of each event, in order.
    fn batches(&self) -> Vec<Vec<String>> {
        let invoked = self.seen.invoked.lock().unwrap();
        let keys = |payload: &[u8]| {
            let event = Document::parse_bytes(payload).unwrap();
            let records = event.get("Records").unwrap().as_array().unwrap().to_vec();
            let key = |record: Document| {
                record.at(&["dynamodb", "Keys", "id", "S"]).unwrap().as_str().unwrap().to_owned()
            };
            records.into_iter().map(key).collect()
        };
        invoked.iter().map(|one| keys(&one.payload)).collect()
    }

    async fn given(&self, expected: &[&[&str]]) {
        let all = async || (self.batches().len() >= expected.len()).then_some(());
        self.cloud.until(&format!("{expected:?}"), all).await;
        assert_eq!(self.batches(), expected);
    }

    async fn stream_mapping(&self, input: CreateEventSourceMapping) -> String {
        let uuid = self.root().call(input).await.unwrap().uuid.unwrap();
        let enabled = async || (self.shown(&uuid).await.state.as_deref() == Some("Enabled")).then_some(());
        self.cloud.until("it is enabled", enabled).await;
        uuid
    }

    async fn shown(&self, uuid: &str) -> EventSourceMappingConfiguration {
        self.root().call(GetEventSourceMapping { uuid: uuid.into() }).await.unwrap()
    }

    async fn result(&self, uuid: &str, expected: &str) {
        let same = async || {
            (self.shown(uuid).await.last_processing_result.as_deref() == Some(expected)).then_some(())
        };
        self.cloud.until(expected, same).await;
    }
}

async fn prepared(lab: Lab) -> Lab {
    lab.role("worker", "lambda.amazonaws.com", &[BASIC, READ]);
    lab.function("f").await;
    lab.shard(S1, None);
    lab
}

/// Fails while a batch has a record of this key.
async fn failing_on(key: &'static str) -> Lab {
    let script = move |invocation: &sandbox::Invocation| {
        let text = String::from_utf8(invocation.payload.to_vec()).unwrap();
        if text.contains(&format!("\"{key}\"")) {
            failure("bad")
        } else {
            InvocationResult::Response("null".into())
        }
    };
    prepared(scripted(move |_, invocation| script(invocation)).await).await
}

#[tokio::test]
async fn records_come_in_order_and_once_also_after_a_restart() {
    let lab = prepared(lab().await).await;
    lab.write(S1, &["a", "b"]);
    let work = lab.cloud.start_work();
    let uuid = lab.stream_mapping(mapping(EventSourcePosition::TrimHorizon)).await;
    lab.given(&[&["a", "b"]]).await;
    lab.write(S1, &["c"]);
    lab.given(&[&["a", "b"], &["c"]]).await;
    lab.result(&uuid, "OK").await;
    lab.cloud.settle().await;
    drop(work);
    lab.cloud.settle().await;
    lab.write(S1, &["d"]);
    let _work = lab.cloud.start_work();
    lab.given(&[&["a", "b"], &["c"], &["d"]]).await;
    let shown = lab.shown(&uuid).await;
    assert_eq!(shown.state_transition_reason.as_deref(), Some("User action"));
    assert_eq!(
        (shown.batch_size, shown.starting_position),
        (Some(100), Some(EventSourcePosition::TrimHorizon))
    );
    assert_eq!((shown.maximum_retry_attempts, shown.maximum_record_age_in_seconds), (Some(-1), Some(-1)));
}

#[tokio::test]
async fn latest_begins_with_what_comes_and_children_follow_their_parents() {
    let lab = prepared(lab().await).await;
    lab.write(S1, &["old"]);
    let _work = lab.cloud.start_work();
    let uuid = lab.stream_mapping(mapping(EventSourcePosition::Latest)).await;
    assert_eq!(lab.shown(&uuid).await.last_processing_result.as_deref(), Some("No records processed"));
    // It has asked for its place once nothing moves any more.
    lab.cloud.advance(Duration::from_secs(61)).await;
    lab.write(S1, &["new"]);
    lab.given(&[&["new"]]).await;
    lab.shard(S2, Some(S1));
    lab.write(S2, &["child"]);
    lab.cloud.advance(Duration::from_secs(61)).await;
    assert_eq!(lab.batches().len(), 1);
    lab.shards(|shards| shards[0].ended = true);
    lab.cloud.advance(Duration::from_secs(61)).await;
    lab.given(&[&["new"], &["child"]]).await;
}

#[tokio::test]
async fn what_fails_too_often_is_told_and_left_behind() {
    let lab = failing_on("bad").await;
    let queue = CreateQueue { queue_name: "told".into(), ..Default::default() };
    lab.root().call(queue).await.unwrap();
    lab.write(S1, &["a", "bad", "c", "d"]);
    let _work = lab.cloud.start_work();
    let destination = OnFailure { destination: Some(format!("arn:aws:sqs:us-east-1:{ACCOUNT}:told")) };
    let input = CreateEventSourceMapping {
        maximum_retry_attempts: Some(1),
        bisect_batch_on_function_error: Some(true),
        destination_config: Some(DestinationConfig { on_success: None, on_failure: Some(destination) }),
        ..mapping(EventSourcePosition::TrimHorizon)
    };
    let uuid = lab.stream_mapping(input).await;
    let tried: &[&[&str]] =
        &[&["a", "bad", "c", "d"], &["a", "bad"], &["a"], &["bad"], &["bad"], &["c", "d"]];
    let all = async || {
        lab.cloud.advance(Duration::from_secs(1)).await;
        (lab.batches().len() >= tried.len()).then_some(())
    };
    lab.cloud.until("all is tried", all).await;
    assert_eq!(lab.batches(), tried);
    lab.result(&uuid, "OK").await;
    let receive = || ReceiveMessage {
        queue_url: format!("http://127.0.0.1:4566/{ACCOUNT}/told"),
        ..Default::default()
    };
    let come =
        async || lab.root().call(receive()).await.unwrap().messages.and_then(|all| all.into_iter().next());
    let message = lab.cloud.until("it is told", come).await;
    let record = Document::parse(&message.body.unwrap()).unwrap();
    let text = |path: &[&str]| record.at(path).unwrap().to_string();
    assert_eq!(text(&["requestContext", "condition"]), "\"RetryAttemptsExhausted\"");
    assert_eq!(text(&["requestContext", "approximateInvokeCount"]), "2");
    assert_eq!(text(&["DDBStreamBatchInfo", "startSequenceNumber"]), format!("\"{:021}\"", 1));
    assert_eq!(text(&["DDBStreamBatchInfo", "batchSize"]), "1");
    assert_eq!(text(&["DDBStreamBatchInfo", "shardId"]), format!("\"{S1}\""));
}

#[tokio::test]
async fn a_batch_that_fails_holds_up_its_shard_until_it_succeeds() {
    let lab = failing_on("bad").await;
    lab.write(S1, &["bad"]);
    let _work = lab.cloud.start_work();
    let uuid = lab.stream_mapping(mapping(EventSourcePosition::TrimHorizon)).await;
    lab.result(&uuid, "PROBLEM: Function call failed").await;
    lab.write(S1, &["after"]);
    let tried = async || {
        lab.cloud.advance(Duration::from_secs(5)).await;
        (lab.batches().len() >= 4).then_some(())
    };
    lab.cloud.until("it is tried again and again", tried).await;
    assert!(lab.batches().iter().all(|batch| *batch == ["bad"]), "{:?}", lab.batches());
}

#[tokio::test]
async fn the_age_of_a_batch_is_that_of_its_last_record() {
    let lab = prepared(lab().await).await;
    lab.write(S1, &["a"]);
    lab.cloud.advance(Duration::from_secs(5)).await;
    lab.write(S1, &["b"]);
    lab.cloud.advance(Duration::from_secs(2)).await;
    assert!(lab.measured().is_empty());
    let _work = lab.cloud.start_work();
    let uuid = lab.stream_mapping(mapping(EventSourcePosition::TrimHorizon)).await;
    lab.given(&[&["a", "b"]]).await;
    lab.result(&uuid, "OK").await;
    let mut ages = lab.measured();
    ages.retain(|line| line.starts_with("IteratorAge"));
    let mut expected = each("f", "f", &["IteratorAge Milliseconds 2000"]);
    expected.sort();
    assert_eq!(ages, expected);
}

#[tokio::test]
async fn the_first_reported_failure_is_where_it_goes_on() {
    let lab = scripted(|_, invocation| {
        let event = Document::parse_bytes(&invocation.payload).unwrap();
        let records = event.get("Records").unwrap().as_array().unwrap();
        let sequence = records[0].at(&["dynamodb", "SequenceNumber"]).unwrap().as_str().unwrap();
        InvocationResult::Response(match sequence {
            "000000000000000000000" => r#"{"batchItemFailures":[{"itemIdentifier":"000000000000000000002"},{"itemIdentifier":"000000000000000000001"}]}"#.into(),
            _ => "{}".into(),
        })
    });
    let lab = prepared(lab.await).await;
    lab.write(S1, &["a", "b", "c"]);
    let _work = lab.cloud.start_work();
    let input = CreateEventSourceMapping {
        function_response_types: Some(vec![FunctionResponseType::ReportBatchItemFailures]),
        filter_criteria: None,
        ..mapping(EventSourcePosition::TrimHorizon)
    };
    lab.stream_mapping(input).await;
    let all = async || {
        lab.cloud.advance(Duration::from_secs(1)).await;
        (lab.batches().len() >= 2).then_some(())
    };
    lab.cloud.until("the rest is tried", all).await;
    lab.given(&[&["a", "b", "c"], &["b", "c"]]).await;
}

#[tokio::test]
async fn streams_are_checked_when_a_mapping_is_made() {
    let lab = prepared(lab().await).await;
    let make = async |input: CreateEventSourceMapping| refusal(lab.root().call(input).await);
    let none = CreateEventSourceMapping { starting_position: None, ..mapping(EventSourcePosition::Latest) };
    assert!(make(none).await.1.contains("Value null at 'startingPosition'"));
    assert_eq!(
        make(mapping(EventSourcePosition::AtTimestamp)).await.1,
        "Unsupported starting position for arn type: dynamodb"
    );
    lab.role("worker", "lambda.amazonaws.com", &[BASIC]);
    assert_eq!(
        make(mapping(EventSourcePosition::Latest)).await.1,
        format!(
            "Cannot access stream {}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams \
             Actions on your stream in IAM.",
            stream_arn()
        )
    );
}

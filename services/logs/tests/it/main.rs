//! CloudWatch Logs, called as clients call it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed; clippy's own exception does not reach shared functions"
)]

mod cloudformation;
mod deliveries;
mod denials;
mod events;
mod groups;
mod metric_filters;
mod policies;
mod queries;
mod query_definitions;
mod query_denials;
mod retention;
mod search;
mod streams;
mod subscription_filters;
mod tags;

use api_logs::{
    CreateLogGroup, CreateLogStream, FilterLogEvents, FilterLogEventsOutput, GetLogEvents,
    GetLogEventsOutput, InputLogEvent, PutLogEvents, PutLogEventsOutput,
};
use contract::Caller;
use testkit::TestCloud;
use wire::ErrorResponse;

const GROUP: &str = "/aws/lambda/fn";
const SECOND: i64 = 1000;
const DAY: i64 = 24 * 60 * 60 * SECOND;

fn cloud() -> TestCloud {
    TestCloud::new(vec![logs::registration()])
}

/// A cloud with a group and some streams.
async fn cloud_with(streams: &[&str]) -> (TestCloud, Caller) {
    let cloud = cloud();
    let root = cloud.root();
    create_group(&root, GROUP).await;
    for stream in streams {
        create_stream(&root, GROUP, stream).await;
    }
    (cloud, root)
}

async fn create_group(caller: &Caller, name: &str) {
    caller.call(CreateLogGroup { log_group_name: name.into(), ..Default::default() }).await.unwrap();
}

async fn create_stream(caller: &Caller, group: &str, name: &str) {
    let create = CreateLogStream { log_group_name: group.into(), log_stream_name: name.into() };
    caller.call(create).await.unwrap();
}

fn batch(stream: &str, events: impl IntoIterator<Item = (i64, impl Into<String>)>) -> PutLogEvents {
    PutLogEvents {
        log_group_name: GROUP.into(),
        log_stream_name: stream.into(),
        log_events: events
            .into_iter()
            .map(|(timestamp, message)| InputLogEvent { timestamp, message: message.into() })
            .collect(),
        ..Default::default()
    }
}

async fn put(caller: &Caller, stream: &str, events: &[(i64, &str)]) -> PutLogEventsOutput {
    caller.call(batch(stream, events.iter().copied())).await.unwrap()
}

fn get(stream: &str) -> GetLogEvents {
    GetLogEvents { log_group_name: Some(GROUP.into()), log_stream_name: stream.into(), ..Default::default() }
}

fn read(output: &GetLogEventsOutput) -> Vec<&str> {
    output.events.iter().flatten().map(|event| event.message.as_deref().unwrap()).collect()
}

fn filter(pattern: &str) -> FilterLogEvents {
    FilterLogEvents {
        log_group_name: Some(GROUP.into()),
        filter_pattern: Some(pattern.into()),
        ..Default::default()
    }
}

fn found(output: &FilterLogEventsOutput) -> Vec<&str> {
    output.events.iter().flatten().map(|event| event.message.as_deref().unwrap()).collect()
}

/// A failure's code and sentence.
fn said<T>(answer: Result<T, ErrorResponse>) -> (String, String) {
    let error = answer.err().expect("the call fails");
    (error.code, error.message)
}

/// The model's constraints refuse it; their code is wire's to give.
fn violates<T>(answer: Result<T, ErrorResponse>, member: &str) {
    let (_, message) = said(answer);
    assert!(message.starts_with("1 validation error detected: Value '"), "{message}");
    assert!(message.contains(&format!("' at '{member}' failed to satisfy constraint")), "{message}");
}

fn refused<T>(answer: Result<T, ErrorResponse>, code: &str, message: &str) {
    assert_eq!(said(answer), (code.to_owned(), message.to_owned()));
}

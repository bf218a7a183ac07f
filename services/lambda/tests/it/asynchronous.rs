//! Events: taken, retried, recorded.

use crate::support::*;
use api_lambda::*;
use sandbox::InvocationResult;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

fn event(name: &str) -> Invoke {
    Invoke { invocation_type: Some(InvocationType::Event), ..invoke(name, r#"{"n":1}"#) }
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

impl Lab {
    fn count(&self) -> usize {
        self.seen.invoked.lock().unwrap().len()
    }

    async fn reached(&self, count: usize) {
        self.cloud
            .until(&format!("{count} invocations"), async || (self.count() == count).then_some(()))
            .await;
        // And the task has ended, which follows the invocation.
        let tasks = async || {
            let tasks = self.cloud.context().store.view().list_all::<contract::Task>().unwrap();
            tasks.iter().all(|task| task.due > self.cloud.now()).then_some(())
        };
        self.cloud.until("nothing is due", tasks).await;
        assert_eq!(self.count(), count);
    }

    fn topic(&self, name: &str) -> String {
        format!("arn:aws:sns:us-east-1:{ACCOUNT}:{name}")
    }
}

const PUBLISH: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["sns:Publish","lambda:InvokeFunction"],"Resource":"*"}}"#;

fn configure(
    retries: Option<i32>,
    age: Option<i32>,
    success: Option<String>,
    failure: Option<String>,
) -> PutFunctionEventInvokeConfig {
    PutFunctionEventInvokeConfig {
        function_name: "f".into(),
        qualifier: None,
        maximum_retry_attempts: retries,
        maximum_event_age_in_seconds: age,
        destination_config: (success.is_some() || failure.is_some()).then(|| DestinationConfig {
            on_success: success.map(|destination| OnSuccess { destination: Some(destination) }),
            on_failure: failure.map(|destination| OnFailure { destination: Some(destination) }),
        }),
    }
}

#[tokio::test]
async fn an_event_is_taken_and_carried_out_once() {
    let lab = lab().await;
    let _work = lab.cloud.start_work();
    lab.function("f").await;
    let answer = lab.root().call(event("f")).await.unwrap();
    assert_eq!((answer.status_code, answer.payload), (Some(202), None));
    lab.reached(1).await;
    assert_eq!(lab.seen.invoked.lock().unwrap()[0].payload, r#"{"n":1}"#);
    lab.cloud.advance(minutes(600)).await;
    lab.reached(1).await;
    let old =
        InvokeAsync { function_name: "f".into(), invoke_args: bytes::Bytes::from_static(b"[2]").into() };
    assert_eq!(lab.root().call(old).await.unwrap().status, Some(202));
    lab.reached(2).await;
}

#[tokio::test]
async fn a_failing_event_is_tried_after_one_and_two_minutes_more() {
    let lab = scripted(|_, _| failure("bad")).await;
    let _work = lab.cloud.start_work();
    lab.function("f").await;
    lab.root().call(event("f")).await.unwrap();
    lab.reached(1).await;
    lab.cloud.advance(Duration::from_secs(59)).await;
    lab.reached(1).await;
    lab.cloud.advance(Duration::from_secs(1)).await;
    lab.reached(2).await;
    lab.cloud.advance(Duration::from_secs(119)).await;
    lab.reached(2).await;
    lab.cloud.advance(Duration::from_secs(1)).await;
    lab.reached(3).await;
    lab.cloud.advance(minutes(600)).await;
    lab.reached(3).await;
    let ids: std::collections::BTreeSet<String> =
        lab.seen.invoked.lock().unwrap().iter().map(|one| one.request_id.clone()).collect();
    assert_eq!(ids.len(), 1, "a retry has the same request id");
}

#[tokio::test]
async fn retries_and_age_are_as_configured() {
    let lab = scripted(|_, _| failure("bad")).await;
    let _work = lab.cloud.start_work();
    lab.function("f").await;
    lab.root().call(configure(Some(0), None, None, None)).await.unwrap();
    lab.root().call(event("f")).await.unwrap();
    lab.reached(1).await;
    lab.cloud.advance(minutes(600)).await;
    lab.reached(1).await;
    lab.root().call(configure(Some(2), Some(60), None, None)).await.unwrap();
    lab.root().call(event("f")).await.unwrap();
    lab.reached(2).await;
    // At a minute it is just as old as it may be; two minutes later it is not tried any more.
    lab.cloud.advance(minutes(1)).await;
    lab.reached(3).await;
    lab.cloud.advance(minutes(600)).await;
    lab.reached(3).await;
}

#[tokio::test]
async fn a_throttled_event_waits_longer_each_time_and_does_not_count_as_tried() {
    let lab = lab().await;
    let _work = lab.cloud.start_work();
    lab.function("f").await;
    lab.root().call(event("f")).await.unwrap();
    lab.reached(1).await;
    let reserve = |executions| PutFunctionConcurrency {
        function_name: "f".into(),
        reserved_concurrent_executions: executions,
    };
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    *lab.seen.gate.lock().unwrap() = Some(Arc::clone(&gate));
    lab.root().call(reserve(1)).await.unwrap();
    lab.root().call(event("f")).await.unwrap();
    lab.cloud
        .until("the first runs", async || (lab.seen.inside.load(Ordering::SeqCst) == 1).then_some(()))
        .await;
    lab.root().call(event("f")).await.unwrap();
    lab.cloud.settle().await;
    for wait in [1, 2, 4, 8] {
        lab.cloud.advance(Duration::from_secs(wait)).await;
        assert_eq!(lab.count(), 1);
    }
    gate.add_permits(2);
    lab.cloud.until("the first ends", async || (lab.count() == 2).then_some(())).await;
    lab.cloud.advance(minutes(5)).await;
    lab.reached(3).await;
    lab.root().call(reserve(0)).await.unwrap();
    assert_eq!(refusal(lab.root().call(event("f")).await).0, "TooManyRequestsException");
}

#[tokio::test]
async fn destinations_get_the_record_as_the_function_s_role() {
    let bad = Arc::new(AtomicBool::new(false));
    let script = Arc::clone(&bad);
    let lab = scripted(move |_, _| {
        if script.load(Ordering::SeqCst) {
            failure("bad")
        } else {
            InvocationResult::Response(r#"{"ok":true}"#.into())
        }
    })
    .await;
    let _work = lab.cloud.start_work();
    lab.role("worker", "lambda.amazonaws.com", &[BASIC, PUBLISH]);
    lab.function("f").await;
    lab.root().call(configure(Some(1), None, Some(lab.topic("good")), Some(lab.topic("bad")))).await.unwrap();
    lab.root().call(event("f")).await.unwrap();
    lab.cloud.until("the record arrives", async || (lab.told("message").len() == 1).then_some(())).await;
    let told = lab.told("message").remove(0);
    assert_eq!(
        (told.to, told.who),
        (lab.topic("good"), format!("arn:aws:sts::{ACCOUNT}:assumed-role/worker/f_"))
    );
    let id = lab.seen.invoked.lock().unwrap()[0].request_id.clone();
    assert_eq!(
        told.texts[0],
        format!(
            r#"{{"version":"1.0","timestamp":"2026-11-21T09:30:00.000Z","requestContext":{{"requestId":"{id}","functionArn":"{}:$LATEST","condition":"Success","approximateInvokeCount":1}},"requestPayload":{{"n":1}},"responseContext":{{"statusCode":200,"executedVersion":"$LATEST"}},"responsePayload":{{"ok":true}}}}"#,
            arn("f")
        )
    );
    bad.store(true, Ordering::SeqCst);
    lab.root().call(event("f")).await.unwrap();
    lab.reached(2).await;
    lab.cloud.advance(minutes(1)).await;
    lab.cloud.until("the record arrives", async || (lab.told("message").len() == 2).then_some(())).await;
    let told = lab.told("message").remove(1);
    assert_eq!(told.to, lab.topic("bad"));
    let record = wire::Document::parse(&told.texts[0]).unwrap();
    assert_eq!(record.at(&["requestContext", "condition"]).unwrap().as_str(), Some("RetriesExhausted"));
    assert_eq!(record.at(&["requestContext", "approximateInvokeCount"]).unwrap().as_i64(), Some(2));
    assert_eq!(record.at(&["responseContext", "functionError"]).unwrap().as_str(), Some("Unhandled"));
    assert_eq!(record.at(&["responsePayload", "errorMessage"]).unwrap().as_str(), Some("bad"));
}

#[tokio::test]
async fn a_destination_that_the_role_may_not_use_gets_nothing() {
    let lab = lab().await;
    let _work = lab.cloud.start_work();
    lab.function("f").await;
    lab.root().call(configure(None, None, Some(lab.topic("good")), None)).await.unwrap();
    lab.root().call(event("f")).await.unwrap();
    lab.reached(1).await;
    lab.cloud.advance(minutes(600)).await;
    lab.reached(1).await;
    assert!(lab.told("message").is_empty());
    let denied = |record: &pipeline::CallRecord| {
        record.operation == "Publish" && matches!(record.outcome, pipeline::CallOutcome::Denied(..))
    };
    assert_eq!(lab.cloud.records().iter().filter(|record| denied(record)).count(), 1);
}

#[tokio::test]
async fn a_dead_letter_is_the_event_itself() {
    let lab = scripted(|_, _| failure("bad")).await;
    let _work = lab.cloud.start_work();
    lab.role("worker", "lambda.amazonaws.com", &[BASIC, PUBLISH]);
    let dead_letter_config = Some(DeadLetterConfig { target_arn: Some(lab.topic("dead")) });
    lab.root().call(CreateFunction { dead_letter_config, ..create("f") }).await.unwrap();
    lab.root().call(configure(Some(0), None, None, None)).await.unwrap();
    lab.root().call(event("f")).await.unwrap();
    lab.cloud.until("the letter arrives", async || (lab.told("message").len() == 1).then_some(())).await;
    let told = lab.told("message").remove(0);
    let id = lab.seen.invoked.lock().unwrap()[0].request_id.clone();
    assert_eq!(told.to, lab.topic("dead"));
    assert_eq!(
        told.texts,
        [
            r#"{"n":1}"#.to_owned(),
            "ErrorCode=200".into(),
            "ErrorMessage=bad".into(),
            format!("RequestID={id}")
        ]
    );
}

#[tokio::test]
async fn a_function_can_be_a_destination() {
    let lab = lab().await;
    let _work = lab.cloud.start_work();
    lab.role("worker", "lambda.amazonaws.com", &[BASIC, PUBLISH]);
    lab.function("f").await;
    lab.function("g").await;
    lab.root().call(configure(None, None, Some(arn("g")), None)).await.unwrap();
    lab.root().call(event("f")).await.unwrap();
    lab.reached(2).await;
    let payload = lab.seen.invoked.lock().unwrap()[1].payload.clone();
    let record = wire::Document::parse_bytes(&payload).unwrap();
    assert_eq!(record.at(&["requestContext", "condition"]).unwrap().as_str(), Some("Success"));
}

#[tokio::test]
async fn a_deleted_function_s_events_go_with_it() {
    let lab = scripted(|_, _| failure("bad")).await;
    let _work = lab.cloud.start_work();
    lab.function("f").await;
    lab.root().call(event("f")).await.unwrap();
    lab.reached(1).await;
    lab.root().call(DeleteFunction { function_name: "f".into(), qualifier: None }).await.unwrap();
    lab.function("f").await;
    lab.cloud.advance(minutes(1)).await;
    lab.reached(1).await;
    assert!(lab.cloud.context().store.view().list_all::<contract::Task>().unwrap().is_empty());
}

#[tokio::test]
async fn configurations_are_put_updated_listed_and_deleted() {
    let lab = lab().await;
    lab.function("f").await;
    let get = GetFunctionEventInvokeConfig { function_name: "f".into(), qualifier: None };
    assert_eq!(
        refusal(lab.root().call(get.clone()).await).1,
        format!("The function {}:$LATEST doesn't have an EventInvokeConfig", arn("f"))
    );
    assert_eq!(
        refusal(lab.root().call(configure(None, None, None, None)).await).1,
        "You must specify at least one of error handling or destination setting."
    );
    assert_eq!(refusal(lab.root().call(configure(Some(3), None, None, None)).await).0, "ValidationException");
    assert_eq!(
        refusal(lab.root().call(configure(None, Some(59), None, None)).await).0,
        "ValidationException"
    );
    let bus = format!("arn:aws:events:us-east-1:{ACCOUNT}:event-bus/b");
    assert!(refusal(lab.root().call(configure(None, None, Some(bus), None)).await).1.contains("not built"));
    lab.root().call(configure(Some(1), Some(21_600), None, None)).await.unwrap();
    let update = UpdateFunctionEventInvokeConfig {
        function_name: "f".into(),
        maximum_event_age_in_seconds: Some(60),
        ..Default::default()
    };
    let updated = lab.root().call(update).await.unwrap();
    assert_eq!((updated.maximum_retry_attempts, updated.maximum_event_age_in_seconds), (Some(1), Some(60)));
    assert_eq!(updated.function_arn, Some(format!("{}:$LATEST", arn("f"))));
    let listed = lab
        .root()
        .call(ListFunctionEventInvokeConfigs { function_name: "f".into(), ..Default::default() })
        .await
        .unwrap();
    assert_eq!(listed.function_event_invoke_configs.unwrap().len(), 1);
    lab.root()
        .call(DeleteFunctionEventInvokeConfig { function_name: "f".into(), qualifier: None })
        .await
        .unwrap();
    assert_eq!(refusal(lab.root().call(get).await).0, "ResourceNotFoundException");
}

//! What functions measure.

use crate::support::*;
use api_lambda::*;
use sandbox::InvocationResult;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

impl Lab {
    pub(crate) fn measured(&self) -> Vec<String> {
        self.cloud.measured("AWS/Lambda")
    }

    async fn idle(&self) {
        let idle = async || {
            let tasks = self.cloud.context().store.view().list_all::<contract::Task>().unwrap();
            tasks.iter().all(|task| task.due > self.cloud.now()).then_some(())
        };
        self.cloud.until("nothing is due", idle).await;
    }
}

/// Each metric of all functions, of a function, and by the name that it was asked for.
pub(crate) fn each(function: &str, resource: &str, metrics: &[&str]) -> Vec<String> {
    let of = |metric: &&str| {
        let (name, rest) = metric.split_once(' ').unwrap();
        let own = format!("FunctionName={function}");
        let asked = format!("{own},Resource={resource}");
        [String::new(), own, asked].map(|by| format!("{name}{{{by}}} {rest}"))
    };
    metrics.iter().flat_map(of).collect()
}

fn sorted(lines: &[Vec<String>]) -> Vec<String> {
    let mut lines = lines.concat();
    lines.sort();
    lines
}

fn running(function: &str, values: &str) -> Vec<String> {
    vec![
        format!("ConcurrentExecutions{{FunctionName={function}}} Count {values}"),
        format!("ConcurrentExecutions{{}} Count {values}"),
        format!("UnreservedConcurrentExecutions{{}} Count {values}"),
    ]
}

fn event(name: &str) -> Invoke {
    Invoke { invocation_type: Some(InvocationType::Event), ..invoke(name, "{}") }
}

#[tokio::test]
async fn an_invocation_is_counted_with_its_errors_and_its_duration() {
    let lab = scripted(|_, invocation| {
        if invocation.payload.as_ref() == b"1" {
            return failure("bad");
        }
        InvocationResult::Response(invocation.payload.clone())
    })
    .await;
    lab.function("f").await;
    lab.invoke("f", "2").await.unwrap();
    assert!(lab.measured().is_empty(), "nobody collected yet");
    lab.invoke("f", "1").await.unwrap();
    lab.invoke("f", "2").await.unwrap();
    let counted =
        ["Invocations Count 1x2", "Errors Count 0 1", "Throttles Count 0x2", "Duration Milliseconds 1.23x2"];
    assert_eq!(lab.measured(), sorted(&[each("f", "f", &counted), running("f", "1x2")]));

    let nobody = lab.cloud.user("ann", &[]);
    assert_eq!(nobody.call(invoke("f", "2")).await.unwrap_err().status, 403);
    let dry = Invoke { invocation_type: Some(InvocationType::DryRun), ..invoke("f", "2") };
    lab.root().call(dry).await.unwrap();
    lab.invoke("gone", "2").await.unwrap_err();
    assert!(lab.measured().is_empty());
}

#[tokio::test]
async fn an_alias_is_measured_with_the_version_that_it_chose() {
    let lab = lab().await;
    lab.function("f").await;
    let publish = PublishVersion { function_name: "f".into(), ..Default::default() };
    lab.root().call(publish).await.unwrap();
    let alias = CreateAlias {
        function_name: "f".into(),
        name: "live".into(),
        function_version: "1".into(),
        ..Default::default()
    };
    lab.root().call(alias).await.unwrap();
    assert!(lab.measured().is_empty());
    lab.invoke("f:live", "1").await.unwrap();
    lab.invoke("f:1", "1").await.unwrap();
    let lines = lab.measured();
    let of = |name: &str| -> Vec<&str> {
        lines.iter().filter_map(|line| line.strip_prefix(name)).filter(|line| line.starts_with('{')).collect()
    };
    assert_eq!(
        of("Invocations"),
        [
            "{ExecutedVersion=1,FunctionName=f,Resource=f:live} Count 1",
            "{FunctionName=f,Resource=f:1} Count 1",
            "{FunctionName=f,Resource=f:live} Count 1",
            "{FunctionName=f} Count 1x2",
            "{} Count 1x2",
        ]
    );
}

#[tokio::test]
async fn what_concurrency_does_not_let_in_is_throttled_and_no_invocation() {
    let lab = Arc::new(lab().await);
    lab.function("f").await;
    let reserve = |executions| PutFunctionConcurrency {
        function_name: "f".into(),
        reserved_concurrent_executions: executions,
    };
    lab.root().call(reserve(1)).await.unwrap();
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    *lab.seen.gate.lock().unwrap() = Some(Arc::clone(&gate));
    assert!(lab.measured().is_empty());
    let first = tokio::spawn({
        let lab = Arc::clone(&lab);
        async move { lab.invoke("f", "1").await }
    });
    let inside = async || (lab.seen.inside.load(Ordering::SeqCst) == 1).then_some(());
    lab.cloud.until("the first runs", inside).await;
    assert_eq!(lab.invoke("f", "2").await.unwrap_err().status, 429);
    let reserved =
        ["ConcurrentExecutions{FunctionName=f} Count 1", "ConcurrentExecutions{} Count 1"].map(str::to_owned);
    assert_eq!(lab.measured(), sorted(&[reserved.to_vec(), each("f", "f", &["Throttles Count 1"])]));
    gate.add_permits(1);
    first.await.unwrap().unwrap();
    let _ = lab.measured();
    lab.root().call(reserve(0)).await.unwrap();
    assert_eq!(lab.root().call(event("f")).await.unwrap_err().status, 429);
    assert_eq!(lab.measured(), sorted(&[each("f", "f", &["Throttles Count 1"])]));
}

#[tokio::test]
async fn an_event_is_counted_from_its_receipt_to_its_end() {
    let lab = scripted(|_, _| failure("bad")).await;
    let _work = lab.cloud.start_work();
    let topic = |name: &str| format!("arn:aws:sns:us-east-1:{ACCOUNT}:{name}");
    // The role may publish to neither.
    let dead_letter_config = Some(DeadLetterConfig { target_arn: Some(topic("dead")) });
    lab.root().call(CreateFunction { dead_letter_config, ..create("f") }).await.unwrap();
    let failed = OnFailure { destination: Some(topic("bad")) };
    let configure = PutFunctionEventInvokeConfig {
        function_name: "f".into(),
        maximum_retry_attempts: Some(1),
        destination_config: Some(DestinationConfig { on_success: None, on_failure: Some(failed) }),
        ..Default::default()
    };
    lab.root().call(configure).await.unwrap();
    assert!(lab.measured().is_empty());
    lab.root().call(event("f")).await.unwrap();
    lab.idle().await;
    let tried = ["Invocations Count 1", "Errors Count 1", "Throttles Count 0", "Duration Milliseconds 1.23"];
    let received = ["AsyncEventsReceived Count 1", "AsyncEventAge Milliseconds 0"];
    assert_eq!(
        lab.measured(),
        sorted(&[each("f", "f", &tried), each("f", "f", &received), running("f", "1")])
    );

    lab.cloud.advance(Duration::from_secs(60)).await;
    lab.idle().await;
    let dropped = ["AsyncEventAge Milliseconds 60000", "AsyncEventsDropped Count 1"];
    let untold = ["DeadLetterErrors", "DestinationDeliveryFailures"];
    let untold =
        untold.iter().flat_map(|name| ["", "FunctionName=f"].map(|by| format!("{name}{{{by}}} Count 1")));
    assert_eq!(
        lab.measured(),
        sorted(&[each("f", "f", &tried), each("f", "f", &dropped), untold.collect(), running("f", "1")])
    );
}

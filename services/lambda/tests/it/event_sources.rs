//! Event source mappings of queues, with the real SQS.

use crate::support::*;
use api_lambda::*;
use api_sqs::{
    CreateQueue, GetQueueAttributes, Message, MessageAttributeValue, ReceiveMessage, SendMessage,
    SendMessageBatch, SendMessageBatchRequestEntry,
};
use contract::{Caller, Principal};
use sandbox::InvocationResult;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use wire::Document;

const URL: &str = "http://127.0.0.1:4566/111122223333/";
pub(crate) const QUEUE_POLICY: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Resource":"*",
    "Action":["sqs:ReceiveMessage","sqs:DeleteMessage","sqs:GetQueueAttributes","sqs:SendMessage","sns:Publish"]}}"#;

pub(crate) fn queue_arn(name: &str) -> String {
    format!("arn:aws:sqs:us-east-1:{ACCOUNT}:{name}")
}

pub(crate) fn mapping(queue: &str) -> CreateEventSourceMapping {
    CreateEventSourceMapping {
        event_source_arn: Some(queue_arn(queue)),
        function_name: "f".into(),
        ..Default::default()
    }
}

impl Lab {
    /// Policies of the role that functions have.
    pub(crate) fn policies(&self, policies: &[&str]) {
        self.role("worker", "lambda.amazonaws.com", policies);
    }

    pub(crate) async fn queue(&self, name: &str, attributes: &[(&str, &str)]) {
        let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let input = CreateQueue {
            queue_name: name.into(),
            attributes: Some(attributes.collect()),
            ..Default::default()
        };
        self.root().call(input).await.unwrap();
    }

    pub(crate) async fn send(&self, queue: &str, body: &str) {
        let input = SendMessage {
            queue_url: format!("{URL}{queue}"),
            message_body: body.into(),
            message_group_id: queue.ends_with(".fifo").then(|| "g".into()),
            message_deduplication_id: queue.ends_with(".fifo").then(|| body.into()),
            ..Default::default()
        };
        self.root().call(input).await.unwrap();
    }

    pub(crate) async fn left(&self, queue: &str) -> (usize, usize) {
        let input = GetQueueAttributes {
            queue_url: format!("{URL}{queue}"),
            attribute_names: Some(vec!["All".into()]),
        };
        let attributes = self.root().call(input).await.unwrap().attributes.unwrap();
        let number = |name: &str| attributes[name].parse().unwrap();
        (number("ApproximateNumberOfMessages"), number("ApproximateNumberOfMessagesNotVisible"))
    }

    pub(crate) async fn gone(&self, queue: &str) {
        self.cloud
            .until("the queue is empty", async || (self.left(queue).await == (0, 0)).then_some(()))
            .await;
    }

    async fn state(&self, uuid: &str) -> EventSourceMappingConfiguration {
        self.root().call(GetEventSourceMapping { uuid: uuid.into() }).await.unwrap()
    }

    pub(crate) async fn reaches(&self, uuid: &str, state: &str) -> EventSourceMappingConfiguration {
        self.cloud
            .until(state, async || {
                let found = self.state(uuid).await;
                (found.state.as_deref() == Some(state)).then_some(found)
            })
            .await
    }

    /// A function, its queue, and the mapping, enabled.
    pub(crate) async fn mapped(&self, input: CreateEventSourceMapping) -> String {
        let made = self.root().call(input).await.unwrap();
        assert_eq!(made.state.as_deref(), Some("Creating"));
        let uuid = made.uuid.unwrap();
        self.reaches(&uuid, "Enabled").await;
        uuid
    }

    fn events(&self) -> Vec<Document> {
        let invoked = self.seen.invoked.lock().unwrap();
        invoked.iter().map(|one| Document::parse_bytes(&one.payload).unwrap()).collect()
    }

    pub(crate) fn bodies(&self) -> Vec<String> {
        let records = self
            .events()
            .into_iter()
            .flat_map(|event| event.get("Records").unwrap().as_array().unwrap().to_vec());
        records.map(|record| record.get("body").unwrap().as_str().unwrap().to_owned()).collect()
    }

    async fn invocations(&self, count: usize) {
        self.cloud
            .until(&format!("{count} invocations"), async || (self.events().len() >= count).then_some(()))
            .await;
    }
}

pub(crate) async fn ready() -> Lab {
    prepared(lab().await).await
}

async fn prepared(lab: Lab) -> Lab {
    lab.policies(&[BASIC, QUEUE_POLICY]);
    lab.function("f").await;
    lab.queue("q", &[("VisibilityTimeout", "30")]).await;
    lab
}

#[tokio::test]
async fn a_message_is_given_to_the_function_and_deleted() {
    let lab = ready().await;
    let _work = lab.cloud.start_work();
    let uuid = lab.mapped(mapping("q")).await;
    let attribute = MessageAttributeValue {
        data_type: "String".into(),
        string_value: Some("v".into()),
        ..Default::default()
    };
    let send = SendMessage {
        queue_url: format!("{URL}q"),
        message_body: r#"{"key":"it's a+file.txt"}"#.into(),
        message_attributes: Some([("a".to_owned(), attribute)].into()),
        ..Default::default()
    };
    let sent = lab.root().call(send).await.unwrap();
    lab.invocations(1).await;
    let event = lab.events().remove(0);
    let record = event.get("Records").unwrap().as_array().unwrap()[0].clone();
    let text = |name: &str| record.get(name).unwrap().as_str().unwrap().to_owned();
    assert_eq!(text("body"), r#"{"key":"it's a+file.txt"}"#);
    assert_eq!(Some(text("messageId")), sent.message_id);
    assert_eq!(Some(text("md5OfBody")), sent.md5_of_message_body);
    assert_eq!((text("eventSource"), text("eventSourceARN")), ("aws:sqs".into(), queue_arn("q")));
    assert_eq!(text("awsRegion"), "us-east-1");
    assert_eq!(record.at(&["attributes", "ApproximateReceiveCount"]).unwrap().as_str(), Some("1"));
    assert_eq!(record.at(&["messageAttributes", "a", "stringValue"]).unwrap().as_str(), Some("v"));
    assert_eq!(lab.seen.invoked.lock().unwrap()[0].function_arn, arn("f"));
    lab.gone("q").await;
    let shown = lab.state(&uuid).await;
    assert_eq!(shown.state_transition_reason.as_deref(), Some("USER_INITIATED"));
    assert_eq!((shown.batch_size, shown.maximum_batching_window_in_seconds), (Some(10), Some(0)));
    assert_eq!(shown.function_arn, Some(arn("f")));
    assert_eq!(shown.last_processing_result, None);
}

/// Whoever is an administrator in an account of their own makes no mapping in another one, whose function and role it would use.
#[tokio::test]
async fn a_mapping_is_made_only_in_the_functions_own_account() {
    let lab = ready().await;
    lab.queue("r", &[("VisibilityTimeout", "30")]).await;
    let stranger = lab.cloud.caller(Principal::Root("444455556666".parse().unwrap()));
    for function in [arn("f"), format!("{ACCOUNT}:function:f")] {
        let input = CreateEventSourceMapping { function_name: function, ..mapping("q") };
        let (code, _) = refusal(stranger.call(input).await);
        assert_eq!(code, "AccessDeniedException");
    }
    let made = lab.root().call(ListEventSourceMappings::default()).await.unwrap();
    assert_eq!(made.event_source_mappings, Some(Vec::new()));
    // Nor is one moved to a function of another account, even of the same name.
    let _work = lab.cloud.start_work();
    let uuid = lab.mapped(mapping("q")).await;
    let elsewhere = Some("arn:aws:lambda:us-east-1:444455556666:function:f".to_owned());
    let update = UpdateEventSourceMapping { uuid, function_name: elsewhere, ..Default::default() };
    assert_eq!(refusal(lab.root().call(update).await).0, "AccessDeniedException");
}

/// Who may map one function may not move a mapping to another one.
#[tokio::test]
async fn a_mapping_is_moved_only_to_a_function_that_the_caller_may_map() {
    let lab = ready().await;
    lab.function("g").await;
    let _work = lab.cloud.start_work();
    let uuid = lab.mapped(mapping("q")).await;
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"lambda:UpdateEventSourceMapping","Resource":"*",
            "Condition":{{"ArnEquals":{{"lambda:FunctionArn":"{}"}}}}}}}}"#,
        arn("f")
    );
    let user = lab.cloud.user("mapper", &[&policy]);
    let to = |name: &str| UpdateEventSourceMapping {
        uuid: uuid.clone(),
        function_name: Some(name.into()),
        ..Default::default()
    };
    user.call(to("f")).await.unwrap();
    lab.reaches(&uuid, "Enabled").await;
    assert_eq!(refusal(user.call(to("g")).await).0, "AccessDeniedException");
}

#[tokio::test]
async fn a_backlog_is_drained_in_batches_that_run_beside_each_other() {
    let lab = ready().await;
    for start in (0..400).step_by(10) {
        let entries = (start..start + 10).map(|number| SendMessageBatchRequestEntry {
            id: number.to_string(),
            message_body: number.to_string(),
            ..Default::default()
        });
        let input = SendMessageBatch { queue_url: format!("{URL}q"), entries: entries.collect() };
        lab.root().call(input).await.unwrap();
    }
    let _work = lab.cloud.start_work();
    lab.mapped(mapping("q")).await;
    lab.gone("q").await;
    let mut bodies: Vec<u32> = lab.bodies().iter().map(|body| body.parse().unwrap()).collect();
    bodies.sort_unstable();
    assert_eq!(bodies, (0..400).collect::<Vec<_>>());
    assert!(lab.events().len() >= 40, "{}", lab.events().len());
}

#[tokio::test]
async fn a_failed_batch_comes_back_when_its_time_is_over() {
    let fail = Arc::new(AtomicBool::new(true));
    let script = Arc::clone(&fail);
    let lab = scripted(move |_, _| match script.load(Ordering::SeqCst) {
        true => failure("bad"),
        false => InvocationResult::Response("null".into()),
    });
    let lab = prepared(lab.await).await;
    let _work = lab.cloud.start_work();
    let uuid = lab.mapped(mapping("q")).await;
    lab.send("q", "one").await;
    lab.invocations(1).await;
    let failed = async || {
        let shown = lab.state(&uuid).await.last_processing_result;
        (shown.as_deref() == Some("PROBLEM: Function call failed")).then_some(())
    };
    lab.cloud.until("the failure is shown", failed).await;
    assert_eq!(lab.left("q").await, (0, 1));
    fail.store(false, Ordering::SeqCst);
    lab.cloud.advance(Duration::from_secs(31)).await;
    lab.invocations(2).await;
    lab.gone("q").await;
    let record = lab.events()[1].get("Records").unwrap().as_array().unwrap()[0].clone();
    assert_eq!(record.at(&["attributes", "ApproximateReceiveCount"]).unwrap().as_str(), Some("2"));
}

#[tokio::test]
async fn only_reported_failures_stay_in_the_queue() {
    let lab = scripted(|_, invocation| {
        let event = Document::parse_bytes(&invocation.payload).unwrap();
        let records = event.get("Records").unwrap().as_array().unwrap();
        let bad = records.iter().filter(|one| one.get("body").unwrap().as_str() == Some("bad"));
        let failures: Vec<Document> = bad
            .map(|one| Document::object().with("itemIdentifier", one.get("messageId").unwrap().clone()))
            .collect();
        InvocationResult::Response(
            Document::object().with("batchItemFailures", Document::Array(failures)).to_string().into(),
        )
    });
    let lab = prepared(lab.await).await;
    for body in ["good", "bad", "fine"] {
        lab.send("q", body).await;
    }
    let _work = lab.cloud.start_work();
    let input = CreateEventSourceMapping {
        function_response_types: Some(vec![FunctionResponseType::ReportBatchItemFailures]),
        ..mapping("q")
    };
    lab.mapped(input).await;
    lab.cloud.until("one is left", async || (lab.left("q").await == (0, 1)).then_some(())).await;
    assert_eq!(lab.bodies().len(), 3);
}

#[tokio::test]
async fn what_no_filter_takes_is_deleted_unseen() {
    let lab = ready().await;
    for body in [r#"{"type":"order","n":5}"#, r#"{"type":"other"}"#, "plain", r#"{"type":"order","n":50}"#] {
        lab.send("q", body).await;
    }
    let _work = lab.cloud.start_work();
    let pattern = r#"{"body":{"type":["order"],"n":[{"numeric":[">",10]}]}}"#;
    let filters = vec![Filter { pattern: Some(pattern.into()) }];
    let input = CreateEventSourceMapping {
        filter_criteria: Some(FilterCriteria { filters: Some(filters) }),
        ..mapping("q")
    };
    let uuid = lab.mapped(input).await;
    lab.gone("q").await;
    assert_eq!(lab.bodies(), [r#"{"type":"order","n":50}"#]);
    let shown = lab.state(&uuid).await.filter_criteria.unwrap().filters.unwrap();
    assert_eq!(shown[0].pattern.as_deref(), Some(pattern));
}

#[tokio::test]
async fn a_window_gathers_messages() {
    let lab = ready().await;
    let _work = lab.cloud.start_work();
    let input = CreateEventSourceMapping {
        batch_size: Some(100),
        maximum_batching_window_in_seconds: Some(5),
        ..mapping("q")
    };
    lab.mapped(input).await;
    for number in 0..3 {
        lab.send("q", &number.to_string()).await;
        lab.cloud.until("it is received", async || (lab.left("q").await.0 == 0).then_some(())).await;
        lab.cloud.advance(Duration::from_secs(1)).await;
    }
    assert!(lab.events().is_empty());
    lab.cloud.advance(Duration::from_secs(5)).await;
    lab.gone("q").await;
    assert_eq!(lab.events().len(), 1);
    assert_eq!(lab.bodies(), ["0", "1", "2"]);
}

#[tokio::test]
async fn a_group_of_a_fifo_queue_stays_in_order() {
    let lab = ready().await;
    lab.queue("o.fifo", &[("FifoQueue", "true")]).await;
    let _work = lab.cloud.start_work();
    let input = CreateEventSourceMapping { batch_size: Some(2), ..mapping("o.fifo") };
    lab.mapped(input).await;
    for number in 0..7 {
        lab.send("o.fifo", &number.to_string()).await;
    }
    lab.gone("o.fifo").await;
    assert_eq!(lab.bodies(), ["0", "1", "2", "3", "4", "5", "6"]);
    let refused = CreateEventSourceMapping {
        maximum_batching_window_in_seconds: Some(1),
        event_source_arn: Some(queue_arn("p.fifo")),
        ..mapping("p.fifo")
    };
    assert_eq!(refusal(lab.root().call(refused).await).1, "Batching window is not supported for FIFO queues");
}

#[tokio::test]
async fn throttled_batches_wait_and_none_is_lost() {
    let lab = ready().await;
    let _work = lab.cloud.start_work();
    let put = PutFunctionConcurrency { function_name: "f".into(), reserved_concurrent_executions: 1 };
    lab.root().call(put).await.unwrap();
    *lab.seen.gate.lock().unwrap() = Some(Arc::new(tokio::sync::Semaphore::new(0)));
    for number in 0..3 {
        lab.send("q", &number.to_string()).await;
    }
    let input = CreateEventSourceMapping { batch_size: Some(1), ..mapping("q") };
    lab.mapped(input).await;
    let inside = async || (lab.seen.inside.load(Ordering::SeqCst) == 1).then_some(());
    lab.cloud.until("one runs", inside).await;
    lab.cloud.until("all are received", async || (lab.left("q").await.0 == 0).then_some(())).await;
    lab.cloud.advance(Duration::from_secs(1)).await;
    assert_eq!(lab.seen.inside.load(Ordering::SeqCst), 1);
    lab.seen.gate.lock().unwrap().take().unwrap().add_permits(10);
    let done = async || {
        lab.cloud.advance(Duration::from_millis(500)).await;
        (lab.left("q").await == (0, 0)).then_some(())
    };
    lab.cloud.until("all are done", done).await;
    let mut bodies = lab.bodies();
    bodies.sort();
    assert_eq!(bodies, ["0", "1", "2"]);
}

#[tokio::test]
async fn what_the_policy_forbids_is_shown_and_goes_on_when_it_is_repaired() {
    let lab = ready().await;
    let _work = lab.cloud.start_work();
    let uuid = lab.mapped(mapping("q")).await;
    lab.send("q", "before").await;
    lab.invocations(1).await;
    lab.gone("q").await;
    lab.policies(&[BASIC]);
    let shown = async || {
        lab.cloud.advance(Duration::from_secs(25)).await;
        let shown = lab.state(&uuid).await;
        shown.last_processing_result.as_deref().is_some_and(|it| it.starts_with("PROBLEM")).then_some(shown)
    };
    let shown = lab.cloud.until("the denial is shown", shown).await;
    let reason = shown.state_transition_reason.unwrap();
    assert!(reason.contains("sqs:ReceiveMessage") || reason.contains("sqs:receivemessage"), "{reason}");
    assert_eq!(shown.state.as_deref(), Some("Enabled"));
    lab.send("q", "meanwhile").await;
    lab.cloud.advance(Duration::from_secs(5)).await;
    assert_eq!(lab.bodies(), ["before"]);
    lab.policies(&[BASIC, QUEUE_POLICY]);
    let done = async || {
        lab.cloud.advance(Duration::from_secs(5)).await;
        (lab.left("q").await == (0, 0)).then_some(())
    };
    lab.cloud.until("the message is done", done).await;
    assert_eq!(lab.bodies(), ["before", "meanwhile"]);
    let shown = lab.state(&uuid).await;
    assert_eq!(shown.state_transition_reason.as_deref(), Some("USER_INITIATED"));
}

/// A function that sends each message on to its own queue, as the SDK does: with the trace header that it was run with.
async fn send_on(role: Caller, event: Document, trace: String) {
    let body = event.get("Records").unwrap().as_array().unwrap()[0].get("body").unwrap().clone();
    let header = api_sqs::MessageSystemAttributeValue {
        data_type: "String".into(),
        string_value: Some(trace),
        ..Default::default()
    };
    let send = SendMessage {
        queue_url: format!("{URL}q"),
        message_body: body.as_str().unwrap().into(),
        message_system_attributes: Some([("AWSTraceHeader".to_owned(), header)].into()),
        ..Default::default()
    };
    role.call(send).await.unwrap();
}

#[tokio::test]
async fn a_loop_through_a_queue_is_stopped_unless_it_is_allowed() {
    let lab = ready().await;
    let _work = lab.cloud.start_work();
    let uuid = lab.mapped(mapping("q")).await;
    lab.send("q", "round").await;
    let seen = AtomicUsize::new(0);
    let around = async |rounds: usize| {
        while seen.load(Ordering::SeqCst) < rounds {
            let index = seen.fetch_add(1, Ordering::SeqCst);
            lab.invocations(index + 1).await;
            let trace = lab.seen.invoked.lock().unwrap()[index].trace_id.clone().unwrap();
            send_on(lab.root(), lab.events()[index].clone(), trace).await;
        }
    };
    around(16).await;
    // The seventeenth is not given to the function, and stays in the queue.
    lab.cloud.until("it is received", async || (lab.left("q").await == (0, 1)).then_some(())).await;
    assert_eq!(lab.events().len(), 16);
    let allow =
        PutFunctionRecursionConfig { function_name: "f".into(), recursive_loop: RecursiveLoop::Allow };
    lab.root().call(allow).await.unwrap();
    lab.cloud.advance(Duration::from_secs(31)).await;
    around(18).await;
    lab.root().call(DeleteEventSourceMapping { uuid }).await.unwrap();
}

#[tokio::test]
async fn the_end_of_an_event_is_told_to_queues() {
    let lab = scripted(|_, _| failure("bad"));
    let lab = prepared(lab.await).await;
    let _work = lab.cloud.start_work();
    lab.queue("dead", &[]).await;
    lab.queue("told", &[]).await;
    let configure = UpdateFunctionConfiguration {
        function_name: "f".into(),
        dead_letter_config: Some(DeadLetterConfig { target_arn: Some(queue_arn("dead")) }),
        ..Default::default()
    };
    lab.root().call(configure).await.unwrap();
    let put = PutFunctionEventInvokeConfig {
        function_name: "f".into(),
        maximum_retry_attempts: Some(0),
        destination_config: Some(DestinationConfig {
            on_success: None,
            on_failure: Some(OnFailure { destination: Some(queue_arn("told")) }),
        }),
        ..Default::default()
    };
    lab.root().call(put).await.unwrap();
    let event = Invoke { invocation_type: Some(InvocationType::Event), ..invoke("f", r#"{"n":1}"#) };
    lab.root().call(event).await.unwrap();
    let receive = async |queue: &str| -> Message {
        let receive = || ReceiveMessage {
            queue_url: format!("{URL}{queue}"),
            message_attribute_names: Some(vec!["All".into()]),
            ..Default::default()
        };
        let come = async || {
            lab.root().call(receive()).await.unwrap().messages.and_then(|all| all.into_iter().next())
        };
        lab.cloud.until("it is told", come).await
    };
    let dead = receive("dead").await;
    assert_eq!(dead.body.as_deref(), Some(r#"{"n":1}"#));
    assert_eq!(dead.message_attributes.unwrap()["ErrorMessage"].string_value.as_deref(), Some("bad"));
    let record = Document::parse(&receive("told").await.body.unwrap()).unwrap();
    assert_eq!(record.at(&["requestContext", "condition"]).unwrap().as_str(), Some("RetriesExhausted"));
}

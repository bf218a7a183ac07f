use crate::{GROUP, create_group, create_stream, put, refused, said};
use api_lambda::{InvocationType, Invoke, InvokeOutput, TooManyRequestsException};
use api_logs::{
    DeleteLogGroup, DeleteSubscriptionFilter, DescribeSubscriptionFilters, Distribution,
    PutSubscriptionFilter, SubscriptionFilter,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contract::{Access, Call, Caller, Principal, Registration, Task, Transact};
use flate2::read::GzDecoder;
use policy::{Flavour, Kind, ResourcePolicy};
use std::io::Read;
use std::sync::Mutex;
use store::{Tx, View};
use testkit::TestCloud;
use wire::Document;

/// Stands in for Lambda. `function:regional` lets in the region's CloudWatch Logs, `function:closed…` nobody, others CloudWatch Logs.
struct Functions;

/// Who was let in with what, by function.
pub(crate) static INVOKED: Mutex<Vec<(String, Principal, usize, Document)>> = Mutex::new(Vec::new());
/// Functions that are throttled.
pub(crate) static BUSY: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn policy_of(function: &str) -> Option<String> {
    let service = match function.rsplit(':').next().unwrap() {
        "regional" => "logs.us-east-1.amazonaws.com",
        closed if closed.starts_with("closed") => return None,
        _ => "logs.amazonaws.com",
    };
    Some(format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"s","Effect":"Allow","Principal":{{"Service":"{service}"}},"Action":"lambda:InvokeFunction","Resource":"{function}",
        "Condition":{{"StringEquals":{{"AWS:SourceAccount":"111122223333"}},"ArnLike":{{"AWS:SourceArn":"arn:aws:logs:us-east-1:111122223333:log-group:{GROUP}:*"}}}}}}]}}"#
    ))
}

impl Transact<Invoke> for Functions {
    fn access(input: &Invoke, call: &Call, _: &View) -> Access {
        let arn = input.function_name.as_str();
        let document =
            policy_of(arn).map(|text| policy::parse(&text, Kind::Resource(Flavour::Lambda)).unwrap());
        let policy = document.map(|document| ResourcePolicy::new(arn, document));
        Access::on("lambda:InvokeFunction", arn).with_policy(call.account, policy)
    }

    fn run(input: Invoke, call: &Call, _: &mut Tx) -> Result<InvokeOutput, api_lambda::Error> {
        if input.invocation_type == Some(InvocationType::DryRun) {
            return Ok(InvokeOutput { status_code: Some(204), ..Default::default() });
        }
        assert_eq!(input.invocation_type, Some(InvocationType::Event));
        if BUSY.lock().unwrap().contains(&input.function_name) {
            return Err(TooManyRequestsException::new("Rate Exceeded.").into());
        }
        let document = Document::parse_bytes(&input.payload.unwrap()).unwrap();
        let data = STANDARD.decode(document.at(&["awslogs", "data"]).unwrap().as_str().unwrap()).unwrap();
        let mut text = String::new();
        GzDecoder::new(data.as_slice()).read_to_string(&mut text).unwrap();
        let message = Document::parse(&text).unwrap();
        let principal = call.principal.clone();
        INVOKED.lock().unwrap().push((input.function_name, principal, call.chain.depth(), message));
        Ok(InvokeOutput { status_code: Some(202), ..Default::default() })
    }
}

pub(crate) fn function(name: &str) -> String {
    format!("arn:aws:lambda:us-east-1:111122223333:function:{name}")
}

pub(crate) async fn cloud() -> (TestCloud, Caller) {
    let lambda = Registration::new(&api_lambda::SERVICE).transact::<Functions, Invoke>();
    let cloud = TestCloud::new(vec![logs::registration(), lambda]);
    let root = cloud.root();
    create_group(&root, GROUP).await;
    for stream in ["s", "t"] {
        create_stream(&root, GROUP, stream).await;
    }
    (cloud, root)
}

pub(crate) fn filter(name: &str, pattern: &str, to: &str) -> PutSubscriptionFilter {
    PutSubscriptionFilter {
        log_group_name: GROUP.into(),
        filter_name: name.into(),
        filter_pattern: pattern.into(),
        destination_arn: function(to),
        ..Default::default()
    }
}

pub(crate) fn delete(name: &str) -> DeleteSubscriptionFilter {
    DeleteSubscriptionFilter { log_group_name: GROUP.into(), filter_name: name.into() }
}

async fn described(caller: &Caller) -> Vec<SubscriptionFilter> {
    let describe = DescribeSubscriptionFilters { log_group_name: GROUP.into(), ..Default::default() };
    caller.call(describe).await.unwrap().subscription_filters.unwrap()
}

/// What a function was given.
pub(crate) fn given(name: &str) -> Vec<Document> {
    let function = function(name);
    INVOKED
        .lock()
        .unwrap()
        .iter()
        .filter(|(it, ..)| *it == function)
        .map(|(.., message)| message.clone())
        .collect()
}

pub(crate) fn messages(of: &Document) -> Vec<String> {
    let events = of.get("logEvents").unwrap().as_array().unwrap();
    events.iter().map(|event| event.get("message").unwrap().as_str().unwrap().to_owned()).collect()
}

pub(crate) async fn idle(cloud: &TestCloud) {
    let tasks = async || cloud.context().store.view().list_all::<Task>().unwrap().is_empty().then_some(());
    cloud.until("nothing is on its way", tasks).await;
}

#[tokio::test]
async fn the_function_must_let_logs_in() {
    let (cloud, root) = cloud().await;
    let sentence = "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.";
    refused(root.call(filter("f", "", "closed")).await, "InvalidParameterException", sentence);
    create_group(&root, "other").await;
    // Its policy is for another group.
    let other = PutSubscriptionFilter { log_group_name: "other".into(), ..filter("f", "", "plain") };
    refused(root.call(other).await, "InvalidParameterException", sentence);
    assert!(described(&root).await.is_empty());
    root.call(filter("f", "", "regional")).await.unwrap();
    let _work = cloud.start_work();
    put(&root, "s", &[(cloud.now().millis(), "x")]).await;
    idle(&cloud).await;
    assert_eq!(given("regional").len(), 1);
}

#[tokio::test]
async fn filters_are_put_described_replaced_and_deleted() {
    let (cloud, root) = cloud().await;
    root.call(filter("b", "x", "plain")).await.unwrap();
    root.call(filter("a", "", "plain")).await.unwrap();
    refused(root.call(filter("c", "", "plain")).await, "LimitExceededException", "Resource limit exceeded.");
    let found = described(&root).await;
    let names: Vec<_> = found.iter().map(|filter| filter.filter_name.as_deref().unwrap()).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(found[1].filter_pattern.as_deref(), Some("x"));
    assert_eq!(found[1].destination_arn, Some(function("plain")));
    assert_eq!(
        (found[1].distribution, found[1].creation_time),
        (Some(Distribution::ByLogStream), Some(cloud.now().millis()))
    );
    root.call(filter("b", "y", "regional")).await.unwrap();
    let prefixed = DescribeSubscriptionFilters {
        log_group_name: GROUP.into(),
        filter_name_prefix: Some("b".into()),
        limit: Some(1),
        ..Default::default()
    };
    let found = root.call(prefixed).await.unwrap();
    assert_eq!(found.next_token, None);
    let found = found.subscription_filters.unwrap();
    assert_eq!((found.len(), found[0].filter_pattern.as_deref()), (1, Some("y")));
    root.call(delete("b")).await.unwrap();
    let sentence = "The specified subscription filter does not exist.";
    refused(root.call(delete("b")).await, "ResourceNotFoundException", sentence);
    root.call(DeleteLogGroup { log_group_name: GROUP.into() }).await.unwrap();
    create_group(&root, GROUP).await;
    assert!(described(&root).await.is_empty(), "they go with their group");
}

#[tokio::test]
async fn wrong_filters_are_refused() {
    let (cloud, root) = cloud().await;
    let code = "InvalidParameterException";
    let to = |arn: &str| PutSubscriptionFilter { destination_arn: arn.into(), ..filter("f", "", "plain") };
    for vendor in [
        "kinesis:us-east-1:111122223333:stream/s",
        "firehose:us-east-1:111122223333:deliverystream/s",
        "logs:us-east-1:111122223333:destination:d",
    ] {
        let (found, message) = said(root.call(to(&format!("arn:aws:{vendor}"))).await);
        assert_eq!(found, code);
        assert!(
            message.ends_with("is not built in Cloudchamber; the destination must be a Lambda function."),
            "{message}"
        );
    }
    let sentence = "PutSubscriptionFilter operation cannot work with destinationArn for vendor sqs";
    refused(root.call(to("arn:aws:sqs:us-east-1:111122223333:q")).await, code, sentence);
    assert_eq!(said(root.call(to("plain")).await).0, code);
    assert_eq!(said(root.call(to("arn:aws:lambda:us-east-1:999988887777:function:plain")).await).0, code);
    assert_eq!(said(root.call(to("arn:aws:lambda:eu-west-1:111122223333:function:plain")).await).0, code);
    let role = PutSubscriptionFilter {
        role_arn: Some("arn:aws:iam::111122223333:role/r".into()),
        ..filter("f", "", "plain")
    };
    refused(root.call(role).await, code, "destinationArn for vendor lambda cannot be used with roleArn");
    let random =
        PutSubscriptionFilter { distribution: Some(Distribution::Random), ..filter("f", "", "plain") };
    assert_eq!(said(root.call(random).await).0, code);
    refused(root.call(filter("f", "{ $.a = ", "plain")).await, code, "Invalid filter pattern");
    let emitted = PutSubscriptionFilter {
        emit_system_fields: Some(vec!["@aws.account".into()]),
        ..filter("f", "", "plain")
    };
    assert_eq!(said(root.call(emitted).await).0, code);
    let gone = PutSubscriptionFilter { log_group_name: "gone".into(), ..filter("f", "", "plain") };
    refused(root.call(gone).await, "ResourceNotFoundException", "The specified log group does not exist.");
    assert!(described(&root).await.is_empty());
    let ann = cloud.user("ann", &[]);
    let denied = |action: &str| {
        format!(
            "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: logs:{action} on resource: arn:aws:logs:us-east-1:111122223333:log-group:{GROUP}:log-stream: because no identity-based policy allows the logs:{action} action"
        )
    };
    let code = "AccessDeniedException";
    refused(ann.call(filter("f", "", "plain")).await, code, &denied("PutSubscriptionFilter"));
    refused(ann.call(delete("f")).await, code, &denied("DeleteSubscriptionFilter"));
    let describe = DescribeSubscriptionFilters { log_group_name: GROUP.into(), ..Default::default() };
    refused(ann.call(describe).await, code, &denied("DescribeSubscriptionFilters"));
}
